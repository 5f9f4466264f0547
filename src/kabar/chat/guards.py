"""Who may subscribe to the channels of a room."""

from __future__ import annotations

from kabar.chat.channels import PRESENCE_ROOM, PRIVATE_ROOM
from kabar.chat.queries import find_place
from kabar.db import Transaction


def may_hear_room(tx: Transaction, *, user_id: str, channel: str) -> bool:
    """Tell whether `private-room-…` or `presence-room-…` is of a room that the user is in."""
    kind = PRIVATE_ROOM if channel.startswith(PRIVATE_ROOM) else PRESENCE_ROOM
    return find_place(tx, channel.removeprefix(kind), user_id) is not None
