"""The names of chat's channels."""

from __future__ import annotations

PRIVATE_ROOM = "private-room-"
PRESENCE_ROOM = "presence-room-"


def private_room(room_id: str) -> str:
    """Where a room's messages, reads and typing are heard."""
    return PRIVATE_ROOM + room_id


def presence_room(room_id: str) -> str:
    """Where participants see which of them have the room open."""
    return PRESENCE_ROOM + room_id
