"""Reading notifications: a page of a user's list, one of them, and the counts of the bell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, bindparam, exists, func, literal, or_, select

from kabar.core.times import read_rfc3339, rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.mine.quiet import IS_QUIETED, NOW
from kabar.features.chat.models import ChatParticipant
from kabar.features.notifications.entry_kinds import KINDS, PLAIN
from kabar.features.notifications.follower_entries import follower_words
from kabar.features.notifications.models import (
    IS_UNREAD,
    IS_UNSEEN,
    Filter,
    Notification,
    NotificationType,
)
from kabar.features.notifications.room_entries import (
    OF_USER,
    SAME_ROOM,
    page_of_room_entries,
)
from kabar.features.notifications.schemas import (
    ActorView,
    Counts,
    NotificationView,
    PageOfNotifications,
)
from kabar.features.notifications.thread_entries import ThreadWords, thread_words
from kabar.infra.db import Transaction, clock
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor


class NotificationCursor(TimeCursor, frozen=True, tag="notifications"):
    """A place in the list of notifications."""


def page_of_notifications(
    tx: Transaction,
    *,
    user_id: str,
    only: Filter | None,
    limit: int,
    after: NotificationCursor | None,
) -> PageOfNotifications:
    """Return a page of the user's list, what changed last first."""
    of_rooms = page_of_room_entries(tx, user_id=user_id, only=only, limit=limit + 1, after=after)
    stored = _stored(tx, user_id=user_id, only=only, limit=limit + 1, after=after)
    newest_first = sorted(
        [*of_rooms, *stored], key=lambda entry: (entry.updated_at, entry.id), reverse=True
    )
    next_cursor = None
    if len(newest_first) > limit:
        last = newest_first[limit - 1]
        next_cursor = write_cursor(NotificationCursor.at(read_rfc3339(last.updated_at), last.id))
    counts = counts_of(tx, [user_id])[user_id]
    return PageOfNotifications(
        notifications=newest_first[:limit],
        unread_count=counts.unread_count,
        unseen_count=counts.unseen_count,
        version=counts.version,
        next_cursor=next_cursor,
    )


def _stored(
    tx: Transaction,
    *,
    user_id: str,
    only: Filter | None,
    limit: int,
    after: NotificationCursor | None,
) -> list[NotificationView]:
    statement = _NOTIFICATIONS.where(Notification.user_id == user_id, _FILTERS[only])
    if after is not None:
        statement = statement.where(older_than(Notification.updated_at, Notification.id, after))
    rows = tx.execute(
        statement.order_by(Notification.updated_at.desc(), Notification.id.desc()).limit(limit)
    )
    return _views(tx, [_EntryRow(*row) for row in rows])


_FILTERS = {
    None: Notification.archived_at.is_(None),
    "unread": IS_UNREAD,
    "archived": Notification.archived_at.is_not(None),
}


class _EntryRow(NamedRow, frozen=True):
    """An entry with who caused it."""

    id: str
    user_id: str
    type: str
    title: str
    body: str
    link: str
    subject_id: str
    #: None, as all of the actor's, where that is nobody
    actor_id: str | None
    actor_username: str
    actor_name: str
    actor_avatar: str | None
    count: int
    #: JSON
    data: str
    created_at: datetime
    updated_at: datetime
    seen_at: datetime | None
    read_at: datetime | None
    archived_at: datetime | None


_NOTIFICATIONS = select(
    *columns_of(
        _EntryRow,
        id=Notification.id,
        user_id=Notification.user_id,
        type=Notification.type,
        title=Notification.title,
        body=Notification.body,
        link=Notification.link,
        subject_id=Notification.subject_id,
        actor_id=User.id,
        actor_username=User.username,
        actor_name=User.name,
        actor_avatar=User.avatar,
        count=Notification.count,
        data=Notification.data,
        created_at=Notification.created_at,
        updated_at=Notification.updated_at,
        seen_at=Notification.seen_at,
        read_at=Notification.read_at,
        archived_at=Notification.archived_at,
    )
).outerjoin_from(Notification, User, User.id == Notification.actor_id)


def _views(tx: Transaction, entries: Sequence[_EntryRow]) -> list[NotificationView]:
    threads = [
        (entry.subject_id, entry.user_id)
        for entry in entries
        if entry.type == NotificationType.NEW_REPLY
    ]
    words = thread_words(tx, threads)
    return [_view(entry, words.get((entry.subject_id, entry.user_id))) for entry in entries]


def _view(entry: _EntryRow, of_thread: ThreadWords | None) -> NotificationView:
    actor = None
    if entry.actor_id is not None:
        actor = ActorView(
            id=entry.actor_id,
            username=entry.actor_username,
            name=entry.actor_name,
            avatar=entry.actor_avatar,
        )
    words: dict[str, Any] = {
        "title": entry.title,
        "body": entry.body,
        "link": entry.link,
        "actor": actor,
        "count": entry.count,
        "data": msgspec.json.decode(entry.data),
    }
    if of_thread is not None:
        words |= of_thread.shown
    if entry.type == NotificationType.NEW_FOLLOWER and actor is not None:
        words |= follower_words(user_id=actor.id, username=actor.username, name=actor.name)
    return NotificationView(
        id=entry.id,
        type=entry.type,
        created_at=rfc3339(entry.created_at),
        updated_at=rfc3339(entry.updated_at),
        seen_at=rfc3339_or_none(entry.seen_at),
        read_at=rfc3339_or_none(entry.read_at),
        archived_at=rfc3339_or_none(entry.archived_at),
        **words,
    )


class State(NamedTuple):
    """What has been done with a notification."""

    is_seen: bool
    is_read: bool
    is_archived: bool


_STATE = select(
    Notification.seen_at.is_not(None),
    Notification.read_at.is_not(None),
    Notification.archived_at.is_not(None),
).where(Notification.id == bindparam("id"), Notification.user_id == bindparam("user_id"))


def find_state(tx: Transaction, notification_id: str, user_id: str) -> State | None:
    """Return what the user did with one of theirs that is stored; others' do not exist."""
    row = tx.execute(_STATE, {"id": notification_id, "user_id": user_id}).first()
    return None if row is None else State(*row)


def stored_entries(tx: Transaction, ids: Iterable[str]) -> dict[str, NotificationView]:
    """Return those of these entries that are still there."""
    rows = tx.execute(_THESE, {"ids": as_rows((entry_id,) for entry_id in ids)})
    return {view.id: view for view in _views(tx, [_EntryRow(*row) for row in rows])}


_IDS = Rows("ids")
_THESE = _NOTIFICATIONS.where(Notification.id.in_(select(_IDS.text(0)).select_from(_IDS.table)))

_USERS = Rows("users")
_USER = _USERS.text(0)


def _rooms_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(OF_USER)
        .where(SAME_ROOM, ChatParticipant.user_id == _USER, condition)
        .correlate(_USERS.table)
        .scalar_subquery()
    )


_COUNTS = select(
    _USER,
    select(func.count()).where(Notification.user_id == _USER, IS_UNREAD).scalar_subquery(),
    select(func.count()).where(Notification.user_id == _USER, IS_UNSEEN).scalar_subquery(),
    _rooms_where(PLAIN.are_unread),
    _rooms_where(PLAIN.are_unseen),
    or_(
        # Apart: each has an index of the few who do.
        exists().where(ChatParticipant.user_id == _USER, ChatParticipant.folds_some),
        exists().where(ChatParticipant.user_id == _USER, ChatParticipant.mutes_some),
        exists().where(ChatParticipant.user_id == _USER, IS_QUIETED),
    ),
).select_from(_USERS.table)
#: the rooms of who blocks or mutes somebody, or is not told of everything, somewhere
_ROOM_COUNTS = select(
    _USER,
    sum((_rooms_where(entries.are_unread) for entries in KINDS), literal(0)),
    sum((_rooms_where(entries.are_unseen) for entries in KINDS), literal(0)),
).select_from(_USERS.table)


def counts_of(tx: Transaction, user_ids: Iterable[str]) -> dict[str, Counts]:
    """Count, for each of these users, what is unread and what is unseen.

    In a transaction that reads: see `clock.version`.
    """
    users = as_rows((user_id,) for user_id in user_ids)
    rows = tx.execute(_COUNTS, {"users": users, NOW.key: tx.now}).all()
    of_rooms = {user_id: of_theirs for user_id, _, _, *of_theirs, _ in rows}
    marked = as_rows((row[0],) for row in rows if row[-1])
    if marked:
        for user_id, *of_theirs in tx.execute(_ROOM_COUNTS, {"users": marked, NOW.key: tx.now}):
            of_rooms[user_id] = of_theirs
    version = clock.version(tx)
    return {
        user_id: Counts(unread + of_rooms[user_id][0], unseen + of_rooms[user_id][1], version)
        for user_id, unread, unseen, *_ in rows
    }


def bell_of(tx: Transaction, user_id: str) -> Counts:
    """Count for one user."""
    return counts_of(tx, [user_id])[user_id]
