"""Imports: messages that were said elsewhere, and what their room shows when they are there."""

from __future__ import annotations

from sqlalchemy import case, func, select, update

from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.queries import lock_room
from kabar.features.chat.text import preview
from kabar.infra.db import Transaction


def settle_room(tx: Transaction, room_id: str) -> None:
    """Let a room show what was written into it. Who had read all that was there has read all of
    this: it was said before they came here."""
    lock_room(tx, room_id)
    last = tx.execute(
        select(Message.seq, Message.content, Message.created_at)
        .where(Message.room_id == room_id)
        .order_by(Message.seq.desc())
        .limit(1)
    ).first()
    before = tx.execute(select(ChatRoom.last_seq).where(ChatRoom.id == room_id)).scalar_one()
    seq = last.seq if last is not None else 0
    participants = select(func.count()).where(ChatParticipant.room_id == room_id)
    tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(
            last_seq=seq,
            last_message=None if last is None else preview(last.content),
            last_message_at=None if last is None else last.created_at,
            participants_count=participants.scalar_subquery(),
            participants_version=ChatRoom.participants_version + 1,
        )
    )
    if seq > before:
        tx.execute(
            update(ChatParticipant)
            .where(ChatParticipant.room_id == room_id)
            .values(
                last_read_seq=case(
                    (ChatParticipant.last_read_seq == before, seq),
                    else_=ChatParticipant.last_read_seq,
                )
            )
        )
