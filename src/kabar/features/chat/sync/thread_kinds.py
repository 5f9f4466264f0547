"""Kinds of changes of threads: what hangs on a message by now, and how far it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select

from kabar.core.times import rfc3339_or_none
from kabar.features.chat.models import ChatRoom, RoomType
from kabar.features.chat.receipts.marking import MOST_TOLD, silent_readers
from kabar.features.chat.sync.message_kinds import Changed, Load, messages_by_id
from kabar.features.chat.sync.schemas import SyncEvent
from kabar.features.chat.threads.models import ThreadFollower
from kabar.features.chat.threads.standings import Pair, thread_standings
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


def _threads(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """More replies, or fewer."""
    ids = {change.subject for change in changes}
    views = messages_by_id(tx, user_id, ids)
    standings = thread_standings(tx, [(thread_id, user_id) for thread_id in sorted(ids)])
    for change in changes:
        view, standing = views.get(change.subject), standings.get((change.subject, user_id))
        if view is None or standing is None:
            continue
        data: dict[str, Any] = {
            "roomId": view.room_id,
            "threadId": view.id,
            "thread": view.thread,
            "version": view.version,
        }
        if standing.is_following:
            data["lastReadSeq"] = standing.last_read_seq
        yield change.told("thread-updated", data)


_PAIRS = Rows("pairs")
_READERS: Any = (
    select(
        ThreadFollower.thread_id,
        ThreadFollower.user_id,
        ThreadFollower.last_read_seq,
        ThreadFollower.last_read_at,
        ChatRoom.type,
        ChatRoom.participants_count,
    )
    .join_from(
        _PAIRS.table,
        ThreadFollower,
        and_(ThreadFollower.thread_id == _PAIRS.text(0), ThreadFollower.user_id == _PAIRS.text(1)),
    )
    .join(ChatRoom, ChatRoom.id == ThreadFollower.room_id)
)


def _reads(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """How far somebody has read one: of others only as far as both tell each other."""
    subjects = [_pair(change.subject) for change in changes]
    rows = tx.execute(_READERS, {"pairs": as_rows(subjects)})
    places = {(row.thread_id, row.user_id): row for row in rows}
    silent = silent_readers(tx, {user_id, *(reader for _, reader in subjects)})
    own = thread_standings(tx, [pair for pair in subjects if pair[1] == user_id])
    for change, (thread_id, reader) in zip(changes, subjects, strict=True):
        place = places.get((thread_id, reader))
        if place is None:
            continue
        data: dict[str, Any] = {
            "roomId": change.room_id,
            "threadId": thread_id,
            "userId": reader,
            "lastReadSeq": place.last_read_seq,
            "readAt": rfc3339_or_none(place.last_read_at),
        }
        readers = {reader, user_id} if place.type == RoomType.DIRECT else {reader}
        if reader == user_id:
            standing = own[thread_id, reader]
            counted = {"unreadCount": standing.unread_count, "version": standing.version}
            yield change.told("thread-read", data | counted)
        elif place.participants_count <= MOST_TOLD and not readers & silent:
            yield change.told("thread-read", data)


def _pair(subject: str) -> Pair:
    thread_id, _, user_id = subject.partition(" ")
    return thread_id, user_id


#: What is told of each kind that `changes.py` keeps, beside `KINDS`.
THREAD_KINDS: Mapping[str, Load] = {"thread": _threads, "thread-read": _reads}
