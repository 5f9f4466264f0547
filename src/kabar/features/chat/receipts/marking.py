"""Receipts: how far somebody has read a room, or has it on a device. Neither moves back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select, update

from kabar.core.times import rfc3339
from kabar.features.accounts.models import User
from kabar.features.chat.blocking.folding import folded_after
from kabar.features.chat.deleting.hiding import gone_by_now_after, not_hidden
from kabar.features.chat.events import MessageDelivered, MessageRead
from kabar.features.chat.mentions.counting import NONE, mentions_after
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, RoomType
from kabar.features.chat.queries import Place, lock_room, require_place, require_seq
from kabar.features.chat.schemas import ReadState
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.functions import greatest
from kabar.infra.db.rows import Rows, as_rows

#: how far somebody has ever read: what they have marked as unread is read to others
EVER_READ_SEQ = greatest(ChatParticipant.last_read_seq, ChatParticipant.was_read_seq)
#: in a larger room nobody hears how far each of the others is: that would be told to all, by all
MOST_TOLD = 256
#: what is said in a thread is read there
_IN_ROOM = Message.thread_id.is_(None)


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
    seq, said = place.last_seq, (place.last_said_seq, place.last_message_at)
    if message_id is not None:
        seq = require_seq(tx, room_id, message_id)
    if seq <= place.last_read_seq:
        return state_of(tx, room_id, user_id)
    if seq < place.last_said_seq or place.was_read_seq >= place.last_said_seq:
        said = newest_said(tx, place, place.last_read_seq, seq)

    tx.execute(
        update(ChatParticipant)
        .where(ChatParticipant.id == place.participant_id)
        .values(
            last_read_seq=seq,
            last_read_at=tx.now,
            own_unread=said_by_reader(place, seq),
            **(_told(place, *said) if seq > place.was_read_seq else {}),
            # Who reads the room has read what the bell says of it.
            bell_read_seq=greatest(ChatParticipant.bell_read_seq, seq),
            bell_read_at=case(
                (ChatParticipant.bell_read_seq < seq, literal(tx.now, UtcTime())),
                else_=ChatParticipant.bell_read_at,
            ),
            bell_is_unread=False,
        )
    )
    is_told = tells_others(tx, place) and seq > place.ever_read_seq
    if place.room_type == RoomType.DIRECT:
        now = literal(tx.now, UtcTime())
        told = {
            "is_read": or_(_IN_ROOM, Message.is_read),
            "read_at": case((_IN_ROOM, now), else_=Message.read_at),
        }
        tx.execute(
            update(Message)
            .where(
                Message.room_id == room_id,
                Message.seq > place.ever_read_seq,
                Message.seq <= seq,
                Message.sender_id != user_id,
            )
            .values(
                is_delivered=Message.is_delivered if place.is_closed else True,
                **(told if is_told else {}),
            )
        )
    state = state_of(tx, room_id, user_id)
    tx.emit(
        MessageRead(
            room_id=room_id,
            user_id=user_id,
            last_read_seq=seq,
            **state.counts,
            read_at=rfc3339(tx.now),
            is_told=is_told,
            socket_id=socket_id,
        )
    )
    return state


def newest_said(tx: Transaction, place: Place, after: int, seq: int) -> tuple[int, datetime | None]:
    """Return the newest message of others between two positions, if there is one."""
    row = tx.execute(
        select(Message.seq, Message.created_at)
        .where(
            Message.room_id == place.room_id,
            Message.seq > after,
            Message.seq <= seq,
            Message.sender_id != place.user_id,
            Message.happening.is_(None),
            Message.thread_id.is_(None),
        )
        .order_by(Message.seq.desc())
        .limit(1)
    ).one_or_none()
    return (0, None) if row is None else (row.seq, row.created_at)


def said_by_reader(place: Place, after: int) -> ColumnElement[int] | int:
    """Count what they said themselves between a position and how far they had ever read."""
    if after >= place.ever_read_seq:
        return 0
    return (
        select(func.count())
        .where(
            Message.room_id == place.room_id,
            Message.seq > after,
            Message.seq <= place.ever_read_seq,
            Message.sender_id == place.user_id,
            Message.deleted_at.is_(None),
            Message.happening.is_(None),
            Message.thread_id.is_(None),
            not_hidden(place.user_id, Message.room_id, Message.seq),
        )
        .correlate(None)
        .scalar_subquery()
    )


def _told(place: Place, seq: int, at: datetime | None) -> dict[str, Any]:
    """Return what the reader's entry shows from now on; as before if only the room spoke."""
    return {"told_seq": seq, "told_at": at} if seq > place.last_read_seq else {}


def state_of(tx: Transaction, room_id: str, user_id: str) -> ReadState:
    """Return how far somebody has read a room, and what they have not."""
    place = require_place(tx, room_id, user_id)
    uncounted = tx.execute(
        select(gone_by_now_after(ChatParticipant.last_read_seq))
        .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
        .where(ChatParticipant.id == place.participant_id)
    ).scalar_one()
    if place.folds_some:
        uncounted += sum(folded_after(tx, [(room_id, user_id, place.last_read_seq)]).values())
    mentions = NONE
    if place.last_mention_seq > place.last_read_seq:
        (mentions,) = mentions_after(tx, [(room_id, user_id, place.last_read_seq)]).values()
    return ReadState(
        room_id=room_id,
        last_read_seq=place.last_read_seq,
        unread_count=place.last_seq - place.last_read_seq - uncounted,
        version=place.version,
        mentions_count=mentions.total,
        first_mention_id=mentions.first_id,
    )


def tells_others(tx: Transaction, place: Place) -> bool:
    """Say whether others hear how far somebody has read now."""
    if place.is_closed:
        # Of two of whom one blocks the other, neither hears what the other does.
        return False
    readers = {place.user_id}
    if place.room_type == RoomType.DIRECT:
        readers |= {place.other_id or ""}
    return is_told(readers, silent_readers(tx, readers), place.participants_count)


def is_told(readers: Collection[str], silent: Collection[str], participants_count: int) -> bool:
    """Say whether others hear how far somebody has read: of two people if both tell each other."""
    return participants_count <= MOST_TOLD and not any(reader in silent for reader in readers)


_USERS = Rows("users")
_SILENT = select(User.id).where(
    User.id.in_(select(_USERS.text(0)).select_from(_USERS.table)), User.read_receipts.is_(False)
)


def silent_readers(tx: Transaction, user_ids: Iterable[str]) -> set[str]:
    """Return those of the users who do not tell what they have read."""
    rows = as_rows((user_id,) for user_id in user_ids)
    return set(tx.execute(_SILENT, {"users": rows}).scalars()) if rows else set()


def mark_as_delivered(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str,
    message_id: str | None,
    socket_id: str | None,
) -> None:
    """Remember that a device of the user has a message and all before it, or all there is."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, user_id)
    seq = place.last_seq if message_id is None else require_seq(tx, room_id, message_id)
    before = max(place.ever_read_seq, place.delivered_seq)
    if seq <= before or place.participants_count > MOST_TOLD or place.is_closed:
        return
    tx.execute(
        update(ChatParticipant)
        .where(ChatParticipant.id == place.participant_id)
        .values(delivered_seq=seq, delivered_at=tx.now)
    )
    if place.room_type == RoomType.DIRECT:
        tx.execute(
            update(Message)
            .where(
                Message.room_id == room_id,
                Message.seq > before,
                Message.seq <= seq,
                Message.sender_id != user_id,
            )
            .values(is_delivered=True)
        )
    tx.emit(
        MessageDelivered(
            room_id=room_id, user_id=user_id, last_delivered_seq=seq, socket_id=socket_id
        )
    )
