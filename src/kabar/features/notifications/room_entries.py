"""Entries of rooms: what they say follows from the room and from what its participant has done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select, tuple_
from sqlalchemy.orm import aliased

from kabar.core.text import beginning
from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.hiding import gone_after, is_hidden
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.recipients import DEALT_WITH
from kabar.features.chat.text import WITHOUT_WORDS
from kabar.features.notifications.models import Filter, NotificationType
from kabar.features.notifications.schemas import ActorView, NotificationView
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import TimeCursor

#: of a message, in an entry
BODY_CHARACTERS = 100
DELETED = "This message was deleted."

# ── what is so ───────────────────────────────────────────────────────────────────────────────

#: what somebody said: system messages are no news
_HAS_NEW = ChatRoom.last_said_seq > ChatParticipant.last_read_seq
#: the message that the entry shows
SHOWN_SEQ: ColumnElement[int] = case(
    (_HAS_NEW, ChatRoom.last_said_seq), else_=ChatParticipant.told_seq
)
SHOWN_AT: ColumnElement[datetime] = case(
    (_HAS_NEW, ChatRoom.last_message_at), else_=ChatParticipant.told_at
)
_READ_SEQ = greatest(ChatParticipant.last_read_seq, ChatParticipant.bell_read_seq)
_IS_SHOWN = and_(
    ChatParticipant.is_muted.is_(False), SHOWN_SEQ > 0, ChatParticipant.bell_hidden_seq < SHOWN_SEQ
)


def _something_after(seq: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether anything that counts came after a position."""
    return and_(ChatRoom.last_seq > seq, ChatRoom.last_seq - seq - gone_after(seq) > 0)


#: wherever it is shown: what is archived is not counted
TO_READ = or_(ChatParticipant.bell_is_unread, _something_after(_READ_SEQ))
_TO_SEE = _something_after(DEALT_WITH)
IS_UNREAD = and_(_IS_SHOWN, TO_READ)
IS_UNSEEN = and_(_IS_SHOWN, _TO_SEE)
_FILTERS: dict[Filter | None, ColumnElement[bool]] = {
    None: _IS_SHOWN,
    "unread": IS_UNREAD,
    "archived": and_(
        ChatParticipant.is_muted.is_(False),
        SHOWN_SEQ > 0,
        ChatParticipant.bell_hidden_seq >= SHOWN_SEQ,
        ChatParticipant.bell_archived_at.is_not(None),
    ),
}

# ── how it is read ───────────────────────────────────────────────────────────────────────────

#: of each room of a user; SQLite goes from theirs to the rooms, whatever statistics it has
OF_USER = in_this_order(ChatParticipant, ChatRoom)
SAME_ROOM = ChatRoom.id == ChatParticipant.room_id

#: where it began: with the first message that has not been dealt with
_FIRST_SEQ = case(
    (ChatRoom.last_said_seq > _READ_SEQ, _READ_SEQ + 1),
    (_HAS_NEW, ChatParticipant.last_read_seq + 1),
    else_=ChatParticipant.told_seq,
)
_FOUND = (
    ChatParticipant.id,
    ChatParticipant.user_id,
    ChatParticipant.room_id,
    ChatParticipant.last_read_at,
    ChatParticipant.bell_seen_seq,
    ChatParticipant.bell_seen_at,
    ChatParticipant.bell_read_seq,
    ChatParticipant.bell_read_at,
    ChatParticipant.bell_hidden_seq,
    ChatParticipant.bell_archived_at,
    SHOWN_SEQ.label("shown_seq"),
    SHOWN_AT.label("shown_at"),
    _HAS_NEW.label("has_new"),
    _FIRST_SEQ.label("first_seq"),
    is_hidden(SHOWN_SEQ).label("is_hidden"),
    TO_READ.label("is_unread"),
    _TO_SEE.label("is_unseen"),
    (
        ChatRoom.last_seq
        - ChatParticipant.last_read_seq
        - gone_after(ChatParticipant.last_read_seq)
    ).label("unread"),
)


def page_of_room_entries(
    tx: Transaction, *, user_id: str, only: Filter | None, limit: int, after: TimeCursor | None
) -> list[NotificationView]:
    """Return the first of a user's entries of rooms, what changed last first."""
    found = (
        select(*_FOUND)
        .select_from(OF_USER)
        .where(SAME_ROOM, ChatParticipant.user_id == user_id, _FILTERS[only])
        .order_by(SHOWN_AT.desc(), ChatParticipant.id.desc())
        .limit(limit)
    )
    if after is not None:
        place = tuple_(literal(after.time, ChatParticipant.told_at.type), literal(after.id))
        found = found.where(tuple_(SHOWN_AT, ChatParticipant.id) < place)
    return [_view(row) for row in tx.execute(_with_words(found))]


_PAIRS = Rows("pairs")
_OF_PAIRS: Select[Any] = (
    select(*_FOUND)
    .select_from(in_this_order(_PAIRS.table, ChatParticipant, ChatRoom))
    .where(
        ChatParticipant.room_id == _PAIRS.text(0),
        ChatParticipant.user_id == _PAIRS.text(1),
        SAME_ROOM,
        IS_UNREAD,
    )
)


def unread_entries(
    tx: Transaction, pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], NotificationView]:
    """Return the entries of these (room, user) that are unread."""
    rows = as_rows(pairs)
    found = tx.execute(_with_words(_OF_PAIRS), {"pairs": rows})
    return {(row.room_id, row.user_id): _view(row) for row in found}


def _with_words(found: Select[Any]) -> Select[Any]:
    """Add to those that were found the message they show, and when the first of them was said."""
    entry = found.subquery("entry")
    message, first = aliased(Message), aliased(Message)
    is_there = and_(message.deleted_at.is_(None), not_(entry.c.is_hidden))
    return (
        select(
            *entry.c,
            message.id.label("message_id"),
            case(
                (
                    is_there & (message.content == ""),
                    case(WITHOUT_WORDS, value=message.type, else_=""),
                ),
                (
                    is_there,
                    func.substr(message.content, 1, BODY_CHARACTERS + 1),
                ),
                else_=DELETED,
            ).label("body"),
            message.deleted_at,
            first.created_at.label("first_at"),
            User.id.label("actor_id"),
            User.username,
            User.name,
            User.avatar,
        )
        .join_from(
            entry,
            message,
            and_(message.room_id == entry.c.room_id, message.seq == entry.c.shown_seq),
        )
        .join(User, User.id == message.sender_id)
        .outerjoin(first, and_(first.room_id == entry.c.room_id, first.seq == entry.c.first_seq))
        .order_by(entry.c.shown_at.desc(), entry.c.id.desc())
    )


def _view(row: Any) -> NotificationView:
    read_at = seen_at = None
    if not row.is_unread:
        read_at = _read_at(row)
    if not row.is_unseen:
        seen_at = row.bell_seen_at if row.bell_seen_seq >= row.shown_seq else read_at
        seen_at = seen_at or _read_at(row)
    is_archived = row.shown_seq <= row.bell_hidden_seq
    return NotificationView(
        id=row.id,
        type=NotificationType.NEW_MESSAGE,
        title=row.name,
        body=beginning(row.body, characters=BODY_CHARACTERS),
        link=f"/chat/{row.room_id}",
        actor=ActorView(row.actor_id, row.username, row.name, row.avatar),
        count=row.unread,
        data={"roomId": row.room_id, "messageId": row.message_id, "seq": row.shown_seq},
        created_at=rfc3339(row.first_at or row.shown_at),
        updated_at=rfc3339(row.shown_at),
        seen_at=rfc3339_or_none(seen_at),
        read_at=rfc3339_or_none(read_at),
        archived_at=rfc3339_or_none(row.bell_archived_at if is_archived else None),
    )


def _read_at(row: Any) -> datetime:
    """Return when it was acted on, or the room read, or what was unread deleted."""
    if row.bell_read_seq >= row.shown_seq and row.bell_read_at:
        when: datetime = row.bell_read_at
    else:
        when = (row.deleted_at if row.has_new else row.last_read_at) or row.shown_at
    return when
