"""Deletions: how much after a position of a room does not count, without counting one by one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from kabar.features.chat.deleting.tables import DeletedBlock
from kabar.features.chat.models import ChatRoom, Message
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest

#: a block has 64 messages; one of the next level 64 blocks
_BITS = 6
_LEVELS = 2


def note_deleted(tx: Transaction, room_id: str, *seqs: int) -> None:
    """Count messages that have just been deleted, or that do not count from the beginning: of the
    system, or said in threads. The room is locked."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    blocks = Counter(
        (level, seq >> _BITS * level) for level in range(1, _LEVELS + 1) for seq in seqs
    )
    rows = [
        {"room_id": room_id, "level": level, "block": block, "count": count}
        for (level, block), count in blocks.items()
    ]
    statement = insert(DeletedBlock).values(rows)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[DeletedBlock.room_id, DeletedBlock.level, DeletedBlock.block],
            set_={"count": DeletedBlock.count + statement.excluded.count},
        )
    )
    tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(
            deleted_count=ChatRoom.deleted_count + len(seqs),
            last_deleted_seq=greatest(ChatRoom.last_deleted_seq, max(seqs)),
        )
    )


def deleted_after(seq: Any, room: Any = ChatRoom) -> ColumnElement[int]:
    """Count what is not unread after a position of a room: it was deleted, nobody said it, or it
    was said in a thread.

    What lies in the position's own block is counted there, the rest by blocks. Where there is no
    such thing after the position, which is nearly always, nothing is looked at.
    """
    message = aliased(Message)
    counted: Select[Any] = select(func.count()).where(
        message.room_id == room.id,
        message.seq > seq,
        message.seq < _end_of_block(seq, 1),
        or_(
            message.deleted_at.is_not(None),
            message.happening.is_not(None),
            message.thread_id.is_not(None),
        ),
    )
    total: ColumnElement[int] = counted.correlate_except(message).scalar_subquery()
    for level in range(1, _LEVELS + 1):
        block = aliased(DeletedBlock)
        blocks = select(func.coalesce(func.sum(block.count), 0)).where(
            block.room_id == room.id,
            block.level == literal_column(str(level)),
            block.block > _shifted(seq, level),
        )
        if level < _LEVELS:
            blocks = blocks.where(block.block < _shifted(_end_of_block(seq, level + 1), level))
        total = total + blocks.correlate_except(block).scalar_subquery()
    return case((room.last_deleted_seq > seq, total), else_=literal_column("0"))


def _shifted(seq: Any, level: int) -> ColumnElement[int]:
    bits = literal_column(str(_BITS * level), Integer())
    return _number(seq).op(">>", return_type=Integer())(bits)


def _end_of_block(seq: Any, level: int) -> ColumnElement[int]:
    """Return the first position after the block that a position is in."""
    size = literal_column(str(1 << _BITS * level), Integer())
    return (_shifted(seq, level) + literal_column("1", Integer())) * size


def _number(value: Any) -> ColumnElement[int]:
    return literal_column(str(value), Integer()) if isinstance(value, int) else value
