"""The clock ran ahead: what was said then is not the newest for ever."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from kabar.core.times import CLOCK_TOLERANCE
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.infra.db import Transaction, Units
from kabar.infra.db.base import UtcTime
from kabar.infra.db.rows import Rows, as_rows

_SOON = bindparam("soon", type_=UtcTime())
_NOW = bindparam("now", type_=UtcTime())
_ROOMS = Rows("rooms")
_THESE = select(_ROOMS.text(0)).select_from(_ROOMS.table)

_AHEAD = select(ChatRoom.id).where(ChatRoom.last_message_at > _SOON)
_BRING_ROOMS_BACK = (
    update(ChatRoom)
    .where(ChatRoom.id.in_(_THESE), ChatRoom.last_message_at > _SOON)
    .values(last_message_at=_NOW)
)
_BRING_ENTRIES_BACK = (
    update(ChatParticipant)
    .where(ChatParticipant.room_id.in_(_THESE), ChatParticipant.told_at > _SOON)
    .values(told_at=_NOW)
)


async def bring_rooms_back(db: Units) -> None:
    """Let rooms of the future, and what lists of notifications show of them, be of now."""
    if ahead := await db.read(_rooms_ahead):
        await db.write(_bring_back, room_ids=ahead)


def _rooms_ahead(tx: Transaction) -> list[str]:
    # It reads every room, which is done once in a while; an index would cost at every message.
    return list(tx.execute(_AHEAD, {"soon": tx.now + CLOCK_TOLERANCE}).scalars())


def _bring_back(tx: Transaction, *, room_ids: list[str]) -> None:
    those = {
        "rooms": as_rows((room_id,) for room_id in room_ids),
        "soon": tx.now + CLOCK_TOLERANCE,
        "now": tx.now,
    }
    tx.execute(_BRING_ROOMS_BACK, those)
    tx.execute(_BRING_ENTRIES_BACK, those)
