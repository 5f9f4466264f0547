"""Guards: which channels of rooms may a user subscribe to?"""

from __future__ import annotations

from collections.abc import Sequence

from kabar.features.chat.channels import room_of_channel
from kabar.features.chat.queries import rooms_heard_by
from kabar.infra.db import Transaction


def allowed_room_channels(tx: Transaction, *, user_id: str, channels: Sequence[str]) -> set[str]:
    """Return those of the channels that belong to a room of the user's."""
    rooms = {channel: room_of_channel(channel) for channel in channels}
    theirs = rooms_heard_by(tx, user_id, [room_id for room_id in rooms.values() if room_id])
    return {channel for channel, room_id in rooms.items() if room_id in theirs}
