"""Channels of a room: their names, and which room a name belongs to."""

from __future__ import annotations

_PRIVATE = "private-room-"
_ENCRYPTED = "private-encrypted-room-"
_PRESENCE = "presence-room-"


def private_room(room_id: str) -> str:
    """Return the channel of a room's messages, reads and typing."""
    return _PRIVATE + room_id


def encrypted_room(room_id: str) -> str:
    """Return the channel for what the application encrypts; Kabar publishes nothing on it."""
    return _ENCRYPTED + room_id


def presence_room(room_id: str) -> str:
    """Return the channel on which participants see which of them have the room open."""
    return _PRESENCE + room_id


def room_of_channel(channel: str) -> str | None:
    """Return the id of the room whose channel it is, or None for a channel of another kind."""
    for beginning in (_PRIVATE, _ENCRYPTED, _PRESENCE):
        if channel.startswith(beginning):
            return channel.removeprefix(beginning)
    return None
