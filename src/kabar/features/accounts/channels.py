"""Channels of a user: the private one, and the public name that the report uses."""

from __future__ import annotations

_ALIAS = "user-"
_PRIVATE = "private-user-"
#: for what the application encrypts for the user; Kabar publishes nothing on it
_ENCRYPTED = "private-encrypted-user-"


def user_channels(user_id: str) -> tuple[str, str]:
    """Return both channels on which a user hears what concerns them."""
    return (f"{_PRIVATE}{user_id}", f"{_ALIAS}{user_id}")


def private_user_channel(user_id: str) -> str:
    """Return the private channel, for events that only clients written for Kabar need."""
    return f"{_PRIVATE}{user_id}"


def user_of_channel(channel: str) -> str | None:
    """Return the id of the user whose channel it is, or None for a channel of another kind."""
    for beginning in (_PRIVATE, _ENCRYPTED, _ALIAS):
        if channel.startswith(beginning):
            return channel.removeprefix(beginning)
    return None
