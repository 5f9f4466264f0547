"""Replies that were said elsewhere: their numbers, and what their threads show of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update

from kabar.features.chat.deleting.counts import note_deleted
from kabar.features.chat.models import Message
from kabar.features.chat.threads.following import Follower, follow, move
from kabar.features.chat.threads.models import ThreadFollower
from kabar.features.chat.threads.roots import load_roots, update_roots
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

#: however many a room has, so many are held at once
_AT_ONCE = 1_000


class _Reply(NamedTuple):
    id: str
    seq: int
    thread_id: str
    sender_id: str
    created_at: datetime


def settle_replies(tx: Transaction, room_id: str, after: int) -> None:
    """Number the replies that were written into a room behind a position. Who had read all of a
    thread has read these; so has whoever comes into it by them."""
    replies = (
        select(Message.id, Message.seq, Message.thread_id, Message.sender_id, Message.created_at)
        .where(Message.room_id == room_id, Message.thread_id.is_not(None))
        .order_by(Message.seq)
        .limit(_AT_ONCE)
    )
    while found := [_Reply(*row) for row in tx.execute(replies.where(Message.seq > after))]:
        _settle(tx, room_id, found)
        after = found[-1].seq


def _settle(tx: Transaction, room_id: str, found: Sequence[_Reply]) -> None:
    roots = load_roots(tx, {(room_id, reply.thread_id) for reply in found})
    threads = {root.id: root for root in roots.values() if root.thread_id is None}
    replies = [reply for reply in found if reply.thread_id in threads]
    # What hangs on nothing that is there was said in the room.
    lost = as_rows((reply.id,) for reply in found if reply.thread_id not in threads)
    tx.execute(_SAY_IN_ROOM, {"rows": lost})
    if not replies:
        return
    at_end = _readers(tx, threads.values())
    authors = [(root.id, root.author_id) for root in threads.values() if not root.last_reply_number]
    numbers: list[tuple[str, int]] = []
    for reply in replies:
        root = threads[reply.thread_id]
        root.last_reply_number += 1
        root.replies_count += 1
        root.last_reply_at = reply.created_at
        root.version += 1
        numbers.append((reply.id, root.last_reply_number))
    last = {reply.thread_id: reply.seq for reply in replies}
    tx.execute(_NUMBER, {"rows": as_rows(numbers)})
    update_roots(tx, [threads[thread_id] for thread_id in last])
    note_deleted(tx, room_id, *(reply.seq for reply in replies))

    def at_the_end(pairs: Any) -> list[Follower]:
        return [
            Follower(
                thread_id, user_id, room_id, last[thread_id], threads[thread_id].last_reply_number
            )
            for thread_id, user_id in pairs
        ]

    move(tx, at_the_end(at_end))
    follow(tx, at_the_end({*authors, *((each.thread_id, each.sender_id) for each in replies)}))


def _readers(tx: Transaction, threads: Any) -> list[tuple[str, str]]:
    """Return those who have read all of a thread, each with it."""
    rows = as_rows((root.id, root.last_reply_number) for root in threads)
    return [(row.thread_id, row.user_id) for row in tx.execute(_READERS, {"rows": rows})]


_ROWS = Rows("rows")
_SAY_IN_ROOM = update(Message).where(Message.id == _ROWS.text(0)).values(thread_id=None)
_NUMBER = update(Message).where(Message.id == _ROWS.text(0)).values(thread_number=_ROWS.integer(1))
_READERS: Any = (
    select(ThreadFollower.thread_id, ThreadFollower.user_id)
    .select_from(_ROWS.table)
    .where(
        ThreadFollower.thread_id == _ROWS.text(0),
        ThreadFollower.last_read_number == _ROWS.integer(1),
    )
)
