"""Channels of a room: their names, and which room a name belongs to."""

from __future__ import annotations

_PRIVATE = "private-room-"
_ENCRYPTED = "private-encrypted-room-"
_PRESENCE = "presence-room-"
#: looks public, and is guarded: how the report calls the channel of a group
_ALIAS = "group-"


def private_room(room_id: str) -> str:
    """Return the channel of a room's messages, reads and typing."""
    return _PRIVATE + room_id


def encrypted_room(room_id: str) -> str:
    """Return the channel for what the application encrypts; Kabar publishes nothing on it."""
    return _ENCRYPTED + room_id


def presence_room(room_id: str) -> str:
    """Return the channel on which participants see which of them have the room open."""
    return _PRESENCE + room_id


def room_alias(room_id: str) -> str:
    """Where participants hear what the application says to a group, in the report's words."""
    return _ALIAS + room_id


def room_channels(room_id: str) -> tuple[str, ...]:
    """Return all channels of a room."""
    return (
        private_room(room_id),
        encrypted_room(room_id),
        presence_room(room_id),
        room_alias(room_id),
    )


def room_of_channel(channel: str) -> str | None:
    """Return whose channel it is, or None for one of another kind."""
    for beginning in (_PRIVATE, _ENCRYPTED, _PRESENCE, _ALIAS):
        if channel.startswith(beginning):
            return channel.removeprefix(beginning)
    return None
