"""Receipts: how far somebody has read a room. It never moves back."""

from __future__ import annotations

from sqlalchemy import case, literal, select, update

from kabar.core.times import rfc3339
from kabar.features.chat.deletions import deleted_after
from kabar.features.chat.events import MessageRead
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, RoomType
from kabar.features.chat.queries import lock_room, require_moment, require_place
from kabar.features.chat.schemas import ReadState
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.functions import greatest


def mark_as_read(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str,
    message_id: str | None,
    socket_id: str | None,
) -> ReadState:
    """Remember that the user has read up to a message, or all there is."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, user_id)
    seq, said_at = place.last_seq, place.last_message_at
    if message_id is not None:
        seq, said_at = require_moment(tx, room_id, message_id)
    if seq <= place.last_read_seq:
        return _state(tx, room_id, user_id)

    tx.execute(
        update(ChatParticipant)
        .where(ChatParticipant.id == place.participant_id)
        .values(
            last_read_seq=seq,
            last_read_at=tx.now,
            # All that was not read is by others: one's own messages move one's position.
            told_seq=seq,
            told_at=said_at,
            # Who reads the room has read what the bell says of it.
            bell_read_seq=greatest(ChatParticipant.bell_read_seq, seq),
            bell_read_at=case(
                (ChatParticipant.bell_read_seq < seq, literal(tx.now, UtcTime())),
                else_=ChatParticipant.bell_read_at,
            ),
            bell_is_unread=False,
        )
    )
    if place.room_type == RoomType.DIRECT:
        tx.execute(
            update(Message)
            .where(
                Message.room_id == room_id,
                Message.seq > place.last_read_seq,
                Message.seq <= seq,
                Message.sender_id != user_id,
            )
            .values(is_read=True, is_delivered=True, read_at=tx.now)
        )
    state = _state(tx, room_id, user_id)
    tx.emit(
        MessageRead(
            room_id=room_id,
            user_id=user_id,
            last_read_seq=seq,
            unread_count=state.unread_count,
            version=state.version,
            read_at=rfc3339(tx.now),
            socket_id=socket_id,
        )
    )
    return state


def _state(tx: Transaction, room_id: str, user_id: str) -> ReadState:
    place = require_place(tx, room_id, user_id)
    deleted = tx.execute(
        select(deleted_after(ChatParticipant.last_read_seq))
        .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
        .where(ChatParticipant.id == place.participant_id)
    ).scalar_one()
    return ReadState(
        room_id=room_id,
        last_read_seq=place.last_read_seq,
        unread_count=place.last_seq - place.last_read_seq - deleted,
        version=place.version,
    )
