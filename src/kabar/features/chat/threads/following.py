"""Following: who hears of what is said in a thread, and up to where they have read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, true
from sqlalchemy.dialects import postgresql, sqlite

from kabar.features.chat.models import ChatParticipant
from kabar.features.chat.threads.events import ThreadsLeft
from kabar.features.chat.threads.models import ThreadFollower
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class Follower(NamedRow, frozen=True):
    """Somebody in a thread, and the newest reply that they have read: 0, 0 if there is none."""

    thread_id: str
    user_id: str
    room_id: str
    last_read_seq: int
    last_read_number: int


_ROWS = Rows("rows", of=Follower)
_COLUMNS: dict[Any, Any] = {
    ThreadFollower.thread_id: _ROWS.text("thread_id"),
    ThreadFollower.user_id: _ROWS.text("user_id"),
    ThreadFollower.room_id: _ROWS.text("room_id"),
    ThreadFollower.last_read_seq: _ROWS.integer("last_read_seq"),
    ThreadFollower.last_read_number: _ROWS.integer("last_read_number"),
    ThreadFollower.last_read_at: bindparam("now", type_=UtcTime()),
}
# Who is not in the room (any more) follows nothing there.
_PRESENT = (
    select(*_COLUMNS.values())
    .join_from(
        _ROWS.table,
        ChatParticipant,
        and_(
            ChatParticipant.room_id == _ROWS.text("room_id"),
            ChatParticipant.user_id == _ROWS.text("user_id"),
        ),
    )
    .where(true())
)
_KEY = [ThreadFollower.thread_id, ThreadFollower.user_id]


def _insert(insert: Any) -> Any:
    return insert(ThreadFollower).from_select(list(_COLUMNS), _PRESENT)


_INSERTS = {False: _insert(sqlite.insert), True: _insert(postgresql.insert)}
_FOLLOW = {
    key: insert.on_conflict_do_nothing(index_elements=_KEY) for key, insert in _INSERTS.items()
}
_MOVE = {
    key: insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            name: insert.excluded[name]
            for name in ("last_read_seq", "last_read_number", "last_read_at")
        },
        where=ThreadFollower.last_read_seq < insert.excluded.last_read_seq,
    )
    for key, insert in _INSERTS.items()
}


def follow(tx: Transaction, followers: Iterable[Follower]) -> None:
    """Let these follow a thread from a position on; who does already stays where they are."""
    tx.execute(_FOLLOW[tx.is_postgresql], {"rows": as_rows(followers), "now": None})


def move(tx: Transaction, followers: Iterable[Follower]) -> None:
    """Let these have read up to a position, never back; who did not follow the thread does now."""
    tx.execute(_MOVE[tx.is_postgresql], {"rows": as_rows(followers), "now": tx.now})


def leave_thread(tx: Transaction, thread_id: str, room_id: str, user_id: str) -> None:
    """Let somebody no longer follow a thread."""
    _leave(tx, room_id, user_id, ThreadFollower.thread_id == thread_id)


def leave_threads(tx: Transaction, room_id: str, user_id: str) -> None:
    """Who leaves a room leaves its threads; who comes back may follow them anew."""
    _leave(tx, room_id, user_id, true())


def _leave(tx: Transaction, room_id: str, user_id: str, which: Any) -> None:
    left = tx.execute(
        delete(ThreadFollower)
        .where(ThreadFollower.user_id == user_id, ThreadFollower.room_id == room_id, which)
        .returning(ThreadFollower.thread_id)
    )
    thread_ids = sorted(left.scalars())
    if thread_ids:
        tx.emit(ThreadsLeft(room_id=room_id, user_id=user_id, thread_ids=thread_ids))
