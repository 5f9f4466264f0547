"""Hiding: deleting a message for oneself. Nobody else hears of it, and nothing of it is counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import aliased

from kabar.core.errors import Conflict
from kabar.features.chat.deleting.counts import deleted_after
from kabar.features.chat.lifetimes.judging import JUDGED_AT, is_over
from kabar.features.chat.marks import Hidden
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.db.rows import Rows, as_rows

#: after one's position in a room: they are counted one by one whenever something is said there
MOST_UNREAD = 500


class ReadFirst(Conflict):
    """You deleted very many unread messages of this room for yourself. Mark it as read first."""


def gone_after(seq: Any) -> ColumnElement[int]:
    """Count what is not unread to a participant after a position: deleted for all, or by them, or
    said by them.

    Where they hid nothing after it, which is nearly always, nothing more is looked at. Their own
    messages are after it only where they have marked older ones as unread (`receipts/unreading`).
    """
    hidden = aliased(Hidden)
    counted: ColumnElement[int] = (
        select(func.count())
        .where(
            hidden.user_id == ChatParticipant.user_id,
            hidden.room_id == ChatParticipant.room_id,
            hidden.seq > seq,
            hidden.is_counted,
        )
        .correlate_except(hidden)
        .scalar_subquery()
    )
    return (
        deleted_after(seq)
        + case((ChatParticipant.last_hidden_seq > seq, counted), else_=literal_column("0"))
        + case(
            (ChatParticipant.was_read_seq > seq, ChatParticipant.own_unread),
            else_=literal_column("0"),
        )
    )


def gone_by_now_after(seq: Any) -> ColumnElement[int]:
    """The same, with what has disappeared and was not swept up yet: that is so for a moment."""
    message = aliased(Message)
    over = select(func.count()).where(
        message.room_id == ChatRoom.id,
        message.seq > seq,
        message.deleted_at.is_(None),
        message.happening.is_(None),
        message.thread_id.is_(None),
        is_over(message),
        # These are counted there.
        message.sender_id != ChatParticipant.user_id,
        not_hidden(ChatParticipant.user_id, message.room_id, message.seq),
    )
    return gone_after(seq) + case(
        (ChatRoom.next_expiry_at <= JUDGED_AT, over.correlate_except(message).scalar_subquery()),
        else_=literal_column("0"),
    )


def is_hidden(seq: Any) -> ColumnElement[bool]:
    """Say whether a participant hid the message with this number."""
    hidden = aliased(Hidden)
    return and_(
        ChatParticipant.last_hidden_seq >= seq,
        exists()
        .where(
            hidden.user_id == ChatParticipant.user_id,
            hidden.room_id == ChatParticipant.room_id,
            hidden.seq == seq,
        )
        .correlate_except(hidden),
    )


def not_hidden(user_id: Any, room_id: Any, seq: Any) -> ColumnElement[bool]:
    """The condition of what a user did not hide, in whatever reads messages."""
    hidden = aliased(Hidden)
    return ~(
        exists()
        .where(hidden.user_id == user_id, hidden.room_id == room_id, hidden.seq == seq)
        .correlate_except(hidden)
    )


def hide(tx: Transaction, *, user_id: str, room_id: str, seq: int, is_counted: bool) -> bool:
    """Hide a message from a participant; say whether it was not hidden yet. The room is locked."""
    of_room = (Hidden.user_id == user_id, Hidden.room_id == room_id)
    if tx.execute(select(Hidden.seq).where(*of_room, Hidden.seq == seq)).one_or_none():
        return False
    mine = (ChatParticipant.user_id == user_id, ChatParticipant.room_id == room_id)
    unread = tx.execute(
        select(func.count())
        .select_from(Hidden)
        .join(ChatParticipant, and_(*mine))
        .where(*of_room, Hidden.seq > ChatParticipant.last_read_seq)
    ).scalar_one()
    if unread >= MOST_UNREAD:
        raise ReadFirst

    tx.execute(
        insert(Hidden).values(user_id=user_id, room_id=room_id, seq=seq, is_counted=is_counted)
    )
    tx.execute(
        update(ChatParticipant)
        .where(*mine)
        .values(
            hidden_count=ChatParticipant.hidden_count + 1,
            last_hidden_seq=greatest(ChatParticipant.last_hidden_seq, seq),
            own_unread=ChatParticipant.own_unread - (_own_unread(seq) if is_counted else 0),
        )
    )
    return True


def _own_unread(seq: int) -> ColumnElement[int]:
    """1 if the message is one of the participant's own among what they have marked as unread."""
    is_own = exists().where(
        Message.room_id == ChatParticipant.room_id,
        Message.seq == seq,
        Message.sender_id == ChatParticipant.user_id,
    )
    is_among_them = and_(ChatParticipant.last_read_seq < seq, ChatParticipant.was_read_seq >= seq)
    return case((and_(is_among_them, is_own), 1), else_=0)


def hide_again(tx: Transaction, room_id: str, user_ids: Sequence[str]) -> None:
    """Who comes back into a room does not find what they deleted there for themselves."""
    theirs = (Hidden.room_id == room_id, Hidden.user_id == ChatParticipant.user_id)
    tx.execute(
        update(ChatParticipant)
        .where(
            ChatParticipant.room_id == room_id,
            ChatParticipant.user_id.in_(_THESE),
            exists().where(*theirs),
        )
        .values(
            hidden_count=select(func.count()).where(*theirs).scalar_subquery(),
            last_hidden_seq=select(func.max(Hidden.seq)).where(*theirs).scalar_subquery(),
        ),
        {"users": as_rows((user_id,) for user_id in user_ids)},
    )


_USERS = Rows("users")
_THESE = select(_USERS.text(0)).select_from(_USERS.table)


def count_elsewhere(tx: Transaction, room_id: str, seqs: Collection[int]) -> None:
    """Messages are deleted for all: for whom they were hidden, or who said them and marked them as
    unread, they count among the deleted now."""
    numbers = {"seqs": as_rows((seq,) for seq in seqs)}
    tx.execute(_NOT_THEIRS.where(ChatParticipant.room_id == room_id), numbers)
    tx.execute(
        update(Hidden)
        .where(Hidden.room_id == room_id, Hidden.seq.in_(_NUMBERS))
        .values(is_counted=False),
        numbers,
    )


_SEQS = Rows("seqs")
_NUMBERS = select(_SEQS.integer(0)).select_from(_SEQS.table)
_IN_ROOM = (Message.room_id == ChatParticipant.room_id, Message.seq.in_(_NUMBERS))
_NOT_THEIRS = (
    update(ChatParticipant)
    .where(
        ChatParticipant.own_unread > 0,
        ChatParticipant.user_id.in_(select(Message.sender_id).where(*_IN_ROOM)),
    )
    .values(
        own_unread=ChatParticipant.own_unread
        - select(func.count())
        .where(
            *_IN_ROOM,
            Message.sender_id == ChatParticipant.user_id,
            Message.seq > ChatParticipant.last_read_seq,
            Message.seq <= ChatParticipant.was_read_seq,
            not_hidden(ChatParticipant.user_id, Message.room_id, Message.seq),
        )
        .correlate(ChatParticipant)
        .scalar_subquery()
    )
)
