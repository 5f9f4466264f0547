"""What notifications do because of what happens in threads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, literal, select, update
from sqlalchemy.orm import aliased

from kabar.core.ids import new_id
from kabar.features.chat.mine.notify import Notify
from kabar.features.chat.mine.quiet import IS_MUTED
from kabar.features.chat.models import ChatParticipant, Message
from kabar.features.chat.threads.events import ThreadChanged, ThreadRead, ThreadsLeft
from kabar.features.chat.threads.models import ThreadFollower
from kabar.features.chat.threads.standings import Pair, thread_standings
from kabar.features.follows.events import UserBlocked
from kabar.features.follows.quiet import muters_among
from kabar.features.follows.walls import blockers_among
from kabar.features.notifications.entries import (
    NOW,
    NewEntry,
    renewal,
    tell_renewed,
    tell_updated,
)
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import (
    IS_UNREAD,
    IS_UNSEEN,
    Notification,
    NotificationType,
)
from kabar.features.notifications.thread_entries import group_of_thread
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows


def ring_followers(tx: Transaction, events: Sequence[ThreadChanged]) -> None:
    """Who follows a thread has an entry about it, from the first reply that is new to them on.

    Only that one writes it; what it says is read with it.
    """
    repliers: dict[str, set[str]] = {}
    mentioned: set[Pair] = set()
    for event in events:
        if event.repliers:
            repliers.setdefault(event.thread_id, set()).update(event.repliers)
            mentioned |= {(event.thread_id, user_id) for user_id in event.mentioned}
    _ring(tx, repliers, mentioned)
    _settle(tx, {event.thread_id for event in events if not event.repliers})


def put_away_read(tx: Transaction, events: Sequence[ThreadRead]) -> None:
    """Who has read a thread has read what the list says of it."""
    _put_away(tx, {(event.thread_id, event.user_id) for event in events})


def forget_threads(tx: Transaction, events: Sequence[ThreadsLeft]) -> None:
    """Who follows a thread no longer has no entry about it."""
    pairs = {(thread_id, event.user_id) for event in events for thread_id in event.thread_ids}
    lock_lists(tx, {user_id for _, user_id in pairs})
    rows = as_rows((group_of_thread(thread_id), user_id) for thread_id, user_id in pairs)
    tell_updated(tx, tx.execute(_FORGET, {"pairs": rows}).scalars())


def put_away_folded(tx: Transaction, events: Sequence[UserBlocked]) -> None:
    """What somebody says whom one blocks now is no news any more."""
    for event in events:
        unread = select(Notification.subject_id).where(
            Notification.user_id == event.blocker_id,
            Notification.type == NotificationType.NEW_REPLY,
            IS_UNREAD,
        )
        thread_ids = tx.execute(unread).scalars().all()
        _put_away(tx, {(thread_id, event.blocker_id) for thread_id in thread_ids})


def _ring(tx: Transaction, repliers: dict[str, set[str]], mentioned: set[Pair]) -> None:
    rows = as_rows((thread_id, group_of_thread(thread_id)) for thread_id in repliers)
    found = tx.execute(_WAITING, {"threads": rows, "now": tx.now})
    waiting = [
        (thread_id, user_id)
        for thread_id, user_id, is_loud in found
        if is_loud or (thread_id, user_id) in mentioned
    ]
    if not waiting:
        return
    lock_lists(tx, {user_id for _, user_id in waiting})
    both = set().union(*repliers.values()), {user_id for _, user_id in waiting}
    blocked_by, muted_by = blockers_among(tx, *both), muters_among(tx, *both)
    rung = [
        (thread_id, user_id)
        for (thread_id, user_id), standing in thread_standings(tx, waiting).items()
        if standing.unread_count
        and any(
            user_id not in {replier, *blocked_by.get(replier, ()), *muted_by.get(replier, ())}
            for replier in repliers[thread_id]
        )
    ]
    wanted = as_rows(
        _WantedRow(new_id(), user_id, thread_id, group_of_thread(thread_id))
        for thread_id, user_id in rung
    )
    if wanted:
        tell_renewed(tx, _RENEW, wanted)


def _settle(tx: Transaction, thread_ids: Iterable[str]) -> None:
    """Put away the entries of those who have nothing to read any more."""
    rows = as_rows((thread_id, group_of_thread(thread_id)) for thread_id in thread_ids)
    if rows:
        found = tx.execute(_UNREAD, {"threads": rows})
        _put_away(tx, {(row.subject_id, row.user_id) for row in found})


def _put_away(tx: Transaction, pairs: set[Pair]) -> None:
    if not pairs:
        return
    lock_lists(tx, {user_id for _, user_id in pairs})
    done = as_rows(
        (group_of_thread(thread_id), user_id)
        for (thread_id, user_id), standing in thread_standings(tx, pairs).items()
        if not standing.unread_count
    )
    if done:
        tell_updated(tx, tx.execute(_READ, {"pairs": done, "now": tx.now}).scalars())


#: a thread, and the group of its entries
_THREADS = Rows("threads")
_ENTRY = aliased(Notification)
# Whose entry is neither read nor seen is not told again.
_WAITING: Any = (
    select(
        ThreadFollower.thread_id,
        ThreadFollower.user_id,
        and_(~IS_MUTED, ChatParticipant.notify == Notify.ALL),
    )
    .select_from(in_this_order(_THREADS.table, ThreadFollower, ChatParticipant))
    .where(
        ThreadFollower.thread_id == _THREADS.text(0),
        ChatParticipant.room_id == ThreadFollower.room_id,
        ChatParticipant.user_id == ThreadFollower.user_id,
        ChatParticipant.notify != Notify.NOTHING,
        ~select(Notification.id)
        .where(
            Notification.group_key == _THREADS.text(1),
            Notification.user_id == ThreadFollower.user_id,
            IS_UNREAD,
            IS_UNSEEN,
        )
        .correlate_except(Notification)
        .exists(),
    )
)
_UNREAD: Any = select(Notification.subject_id, Notification.user_id).join_from(
    _THREADS.table, Notification, and_(Notification.group_key == _THREADS.text(1), IS_UNREAD)
)


class _WantedRow(NamedRow, frozen=True):
    """An entry that somebody is to have."""

    id: str
    user_id: str
    thread_id: str
    group_key: str


_ROWS = Rows("rows", of=_WantedRow)
# What it says is read with it (`thread_entries`): it may be deleted by then.
_RENEW = renewal(
    select(
        *columns_of(
            NewEntry,
            id=_ROWS.text("id"),
            user_id=_ROWS.text("user_id"),
            type=literal(NotificationType.NEW_REPLY.value),
            title=literal(""),
            body=literal(""),
            link=literal("/chat/") + Message.room_id + "?thread=" + Message.id,
            actor_id=Message.sender_id,
            subject_id=Message.id,
            count=literal(1),
            data=literal("{}"),
            group_key=_ROWS.text("group_key"),
            created_at=NOW,
            updated_at=NOW,
        )
    )
    .select_from(in_this_order(_ROWS.table, Message))
    .where(Message.id == _ROWS.text("thread_id"))
)
_PAIRS = Rows("pairs")
_OF_PAIR = select(Notification.id).join_from(
    _PAIRS.table,
    Notification,
    and_(Notification.group_key == _PAIRS.text(0), Notification.user_id == _PAIRS.text(1)),
)
_READ = (
    update(Notification)
    .where(Notification.id.in_(_OF_PAIR.where(IS_UNREAD)))
    .values(read_at=NOW, seen_at=func.coalesce(Notification.seen_at, NOW))
    .returning(Notification.user_id)
)
_FORGET = delete(Notification).where(Notification.id.in_(_OF_PAIR)).returning(Notification.user_id)
