"""Entries of rooms: what they say follows from the room and from what its participant has done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from kabar.core.text import beginning
from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.deleting.hiding import is_hidden
from kabar.features.chat.lifetimes.judging import is_over
from kabar.features.chat.mine.quiet import NOW
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.muting.quiet import quiets_somewhere
from kabar.features.chat.text import POLL, WITHOUT_WORDS
from kabar.features.notifications.entry_kinds import KINDS, PLAIN, Entries, of_all
from kabar.features.notifications.models import Filter
from kabar.features.notifications.schemas import ActorView, NotificationView
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import TimeCursor

#: of a message, in an entry
BODY_CHARACTERS = 100
DELETED = "This message was deleted."

#: of each room of a user; SQLite goes from theirs to the rooms, whatever statistics it has
OF_USER = in_this_order(ChatParticipant, ChatRoom)
SAME_ROOM = ChatRoom.id == ChatParticipant.room_id

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
)


def _found(entries: Entries) -> tuple[Any, ...]:
    return (
        *_FOUND,
        literal(entries.type, Text()).label("type"),
        entries.shown_seq.label("shown_seq"),
        entries.shown_at.label("shown_at"),
        entries.has_new.label("has_new"),
        entries.first_seq.label("first_seq"),
        entries.told_seq.label("told_seq"),
        is_hidden(entries.told_seq).label("is_hidden"),
        entries.to_read.label("is_unread"),
        entries.to_see.label("is_unseen"),
        entries.unread.label("unread"),
    )


def page_of_room_entries(
    tx: Transaction, *, user_id: str, only: Filter | None, limit: int, after: TimeCursor | None
) -> list[NotificationView]:
    """Return the first of a user's entries of rooms, what changed last first."""

    found = [
        _view(row)
        for entries in (KINDS if quiets_somewhere(tx, user_id) else (PLAIN,))
        for row in tx.execute(
            _with_words(_page(entries, user_id, only, limit, after)), {NOW.key: tx.now}
        )
    ]
    return sorted(found, key=lambda one: (one.updated_at, one.id), reverse=True)[:limit]


def _page(
    entries: Entries, user_id: str, only: Filter | None, limit: int, after: TimeCursor | None
) -> Select[Any]:
    found = (
        select(*_found(entries))
        .select_from(OF_USER)
        .where(SAME_ROOM, ChatParticipant.user_id == user_id, entries.filtered(only))
        .order_by(entries.shown_at.desc(), ChatParticipant.id.desc())
        .limit(limit)
    )
    if after is not None:
        place = tuple_(literal(after.time, ChatParticipant.told_at.type), literal(after.id))
        found = found.where(tuple_(entries.shown_at, ChatParticipant.id) < place)
    return found


_PAIRS = Rows("pairs")


def _of_pairs(entries: Entries) -> Select[Any]:
    return (
        select(*_found(entries))
        .select_from(in_this_order(_PAIRS.table, ChatParticipant, ChatRoom))
        .where(
            ChatParticipant.room_id == _PAIRS.text(0),
            ChatParticipant.user_id == _PAIRS.text(1),
            SAME_ROOM,
            entries.are_unread,
        )
    )


_OF_PAIRS = of_all(_of_pairs)


def unread_entries(
    tx: Transaction, pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], NotificationView]:
    """Return the entries of these (room, user) that are unread."""
    rows = as_rows(pairs)
    found = tx.execute(_with_words(_OF_PAIRS), {"pairs": rows, NOW.key: tx.now})
    return {(row.room_id, row.user_id): _view(row) for row in found}


def _with_words(found: Select[Any] | CompoundSelect[Any]) -> Select[Any]:
    """Add to those that were found the message they show, and when the first of them was said."""
    entry = found.subquery("entry")
    message, first = aliased(Message), aliased(Message)
    is_gone = or_(message.deleted_at.is_not(None), is_over(message), entry.c.is_hidden)
    words = func.substr(message.content, 1, BODY_CHARACTERS + 1)
    body = case(
        (is_gone, DELETED),
        (message.type == "poll", POLL + words),
        (message.content == "", case(WITHOUT_WORDS, value=message.type, else_="")),
        else_=words,
    )
    return (
        select(
            *entry.c,
            message.id.label("message_id"),
            body.label("body"),
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
            and_(message.room_id == entry.c.room_id, message.seq == entry.c.told_seq),
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
        type=row.type,
        title=row.name,
        body=beginning(row.body, characters=BODY_CHARACTERS),
        link=f"/chat/{row.room_id}",
        actor=ActorView(row.actor_id, row.username, row.name, row.avatar),
        count=row.unread,
        data={"roomId": row.room_id, "messageId": row.message_id, "seq": row.told_seq},
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
