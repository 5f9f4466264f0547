"""The channels of a user: the private one, and the public name that the report uses."""

from __future__ import annotations

_ALIAS = "user-"
_PRIVATE = "private-user-"
#: what the application encrypts for the user; Kabar says nothing there
_ENCRYPTED = "private-encrypted-user-"


def user_channels(user_id: str) -> tuple[str, str]:
    """Return both channels on which a user hears what concerns them."""
    return (f"{_PRIVATE}{user_id}", f"{_ALIAS}{user_id}")


def private_user_channel(user_id: str) -> str:
    """Return the channel of what only clients written for Kabar ask for."""
    return f"{_PRIVATE}{user_id}"


def user_of_channel(channel: str) -> str | None:
    """Return whose channel it is, or None for one of another kind."""
    for beginning in (_PRIVATE, _ENCRYPTED, _ALIAS):
        if channel.startswith(beginning):
            return channel.removeprefix(beginning)
    return None
