"""The channels of a user: the private one, and the public name that the report uses."""

from __future__ import annotations

_ALIAS = "user-"
_PRIVATE = "private-user-"


def user_channels(user_id: str) -> tuple[str, str]:
    """Return both channels on which a user hears what concerns them."""
    return (f"{_PRIVATE}{user_id}", f"{_ALIAS}{user_id}")


def private_user_channel(user_id: str) -> str:
    """Return the channel of what only clients written for Kabar ask for."""
    return f"{_PRIVATE}{user_id}"


def user_of_channel(channel: str) -> str | None:
    """Return whose channel it is, or None for one of another kind."""
    if channel.startswith(_PRIVATE):
        return channel.removeprefix(_PRIVATE)
    if channel.startswith(_ALIAS):
        return channel.removeprefix(_ALIAS)
    return None
