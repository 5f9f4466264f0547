"""Who may subscribe to the channels of a room."""

from __future__ import annotations

from collections.abc import Sequence

from kabar.chat.channels import PRESENCE_ROOM, PRIVATE_ROOM
from kabar.chat.queries import rooms_of
from kabar.db import Transaction


def heard_of_rooms(tx: Transaction, *, user_id: str, channels: Sequence[str]) -> set[str]:
    """Return those `private-room-…` and `presence-room-…` whose rooms the user is in."""
    rooms = {channel: _room_id(channel) for channel in channels}
    theirs = rooms_of(tx, user_id, rooms.values())
    return {channel for channel, room_id in rooms.items() if room_id in theirs}


def _room_id(channel: str) -> str:
    kind = PRIVATE_ROOM if channel.startswith(PRIVATE_ROOM) else PRESENCE_ROOM
    return channel.removeprefix(kind)
