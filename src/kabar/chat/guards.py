"""Who may subscribe to the channels of a room."""

from __future__ import annotations

from kabar.chat.channels import room_of_channel
from kabar.chat.queries import find_place
from kabar.db import Transaction


def may_hear_room(tx: Transaction, *, user_id: str, channel: str) -> bool:
    """Tell whether a channel is one of a room that the user is in."""
    room_id = room_of_channel(channel)
    return room_id is not None and find_place(tx, room_id, user_id) is not None
