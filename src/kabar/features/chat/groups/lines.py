"""System messages: a group tells what happened in it. They take a number, and are no news."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, update

from kabar.core.ids import new_id
from kabar.features.chat.deleting.counts import note_deleted
from kabar.features.chat.groups.events import SystemMessageWritten
from kabar.features.chat.happenings import Happening
from kabar.features.chat.lifetimes.noting import note_next
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import ChatRoom, Message
from kabar.infra.db import Transaction

#: in a larger group coming and going is not written down: nothing else would be read there
MOST_TOLD_OF = 1_000


def write_line(
    tx: Transaction,
    room_id: str,
    happening: Happening,
    *,
    by: str,
    subject_id: str | None = None,
    count: int | None = None,
    value: str = "",
) -> int:
    """Write a system message of somebody's act into a room that is locked; return its number.

    Of the room's last message and its time it changes nothing: those are of what people said.
    """
    seq, lives = tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(last_seq=ChatRoom.last_seq + 1, updated_at=tx.now)
        .returning(ChatRoom.last_seq, ChatRoom.message_ttl_seconds)
    ).one()
    expires_at = tx.now + timedelta(seconds=lives) if lives else None
    message_id = new_id()
    tx.execute(
        insert(Message).values(
            id=message_id,
            room_id=room_id,
            seq=seq,
            sender_id=by,
            content=value,
            type="system",
            happening=happening,
            subject_id=subject_id,
            subjects_count=count,
            is_read=False,
            is_delivered=False,
            created_at=tx.now,
            expires_at=expires_at,
        )
    )
    if expires_at is not None:
        note_next(tx, room_id, expires_at)
    note_deleted(tx, room_id, seq)
    row = tx.execute(MESSAGES.where(Message.id == message_id)).one()
    tx.emit(SystemMessageWritten(message=message_view(row)))
    return int(seq)
