"""Time that passes for messages, without anybody waiting for it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, literal, update

from kabar.features.chat.models import ChatRoom, Message
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime


def let_expire(tx: Transaction, room_id: str, message_id: str | None = None) -> None:
    """Let the time of a message be over, or of all of a room that have one; nobody sweeps yet."""
    over = tx.now - timedelta(milliseconds=1)
    which = Message.expires_at.is_not(None) if message_id is None else Message.id == message_id
    seqs = tx.execute(
        update(Message)
        .where(Message.room_id == room_id, which)
        .values(expires_at=over)
        .returning(Message.seq)
    ).scalars()
    tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(
            next_expiry_at=over,
            last_expires_at=case(
                (ChatRoom.last_said_seq.in_([*seqs]), literal(over, UtcTime())),
                else_=ChatRoom.last_expires_at,
            ),
        )
    )
