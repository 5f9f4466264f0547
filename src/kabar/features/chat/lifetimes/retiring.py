"""Retiring: what is older than a room, or the server, keeps messages disappears now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, literal, select, update

from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.lifetimes.noting import note_next
from kabar.features.chat.models import ChatRoom, Message
from kabar.features.chat.queries import lock_room
from kabar.infra.db import Transaction, Units
from kabar.infra.db.base import UtcTime

#: rooms that are looked at with one read, and messages that are marked in one transaction
_ROOMS_AT_ONCE = 500
_AT_ONCE = 500


async def retire_messages(db: Units, *, days: int) -> None:
    """Let all that is too old disappear; the sweep takes it from there. `days`: where a room says
    nothing; 0: for ever."""
    after = ""
    while rooms := await db.read(_rooms, after, is_everywhere=days > 0):
        for room_id, of_room, _ in rooms:
            keeps = days if of_room is None else of_room
            while keeps and await db.write(retire_some, room_id, timedelta(days=keeps)):
                pass
        after = rooms[-1][0]


def _rooms(tx: Transaction, after: str, *, is_everywhere: bool) -> Sequence[Any]:
    """Return the next rooms of which the oldest message may be too old, and when it was said."""
    found = (
        select(ChatRoom.id, ChatRoom.retention_days, Message.created_at)
        .join(
            Message,
            (Message.room_id == ChatRoom.id) & (Message.seq == ChatRoom.retired_seq + 1),
        )
        .where(ChatRoom.id > after)
    )
    if not is_everywhere:
        found = found.where(ChatRoom.retention_days.is_not(None))
    return tx.execute(found.order_by(ChatRoom.id).limit(_ROOMS_AT_ONCE)).all()


def retire_some(tx: Transaction, room_id: str, keeps: timedelta) -> bool:
    """Let some of what is too old in a room disappear; say whether there may be more."""
    lock_room(tx, room_id)
    known = select(ChatRoom.retired_seq, ChatRoom.last_said_seq).where(ChatRoom.id == room_id)
    room = tx.execute(known).one()
    next_ones = select(Message.seq, Message.created_at).where(
        Message.room_id == room_id,
        Message.seq > room.retired_seq,
        Message.seq <= room.retired_seq + _AT_ONCE,
    )
    last = _last_before(tx.execute(next_ones.order_by(Message.seq)).all(), tx.now - keeps)
    if not last:
        return False
    now = literal(tx.now, UtcTime())
    tx.execute(
        update(Message)
        .where(
            Message.room_id == room_id,
            Message.seq > room.retired_seq,
            Message.seq <= last,
            is_live(),
        )
        .values(expires_at=tx.now)
    )
    is_last = ChatRoom.last_said_seq <= last
    tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(
            retired_seq=last,
            last_expires_at=case((is_last, now), else_=ChatRoom.last_expires_at),
        )
    )
    note_next(tx, room_id, tx.now)
    return bool(last == room.retired_seq + _AT_ONCE)


def _last_before(rows: Sequence[Any], time: datetime) -> int:
    """Return up to which number all were said before a time."""
    last = 0
    for row in rows:
        if row.created_at >= time:
            break
        last = row.seq
    return last
