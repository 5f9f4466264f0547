"""Marks: what a user does with the entries of rooms, as positions of theirs in those rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, select, update

from kabar.features.chat.models import ChatParticipant
from kabar.features.notifications.entries import NOW
from kabar.features.notifications.entry_kinds import Entries, of_all
from kabar.features.notifications.room_entries import OF_USER, SAME_ROOM
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.db.rows import Rows, as_rows


def _done_seq(entries: Entries) -> ColumnElement[int]:
    """Up to where one is done with a room: over what one had read before marking it as unread."""
    return greatest(entries.shown_seq, ChatParticipant.was_read_seq)


class RoomEntry(NamedTuple):
    """Where an entry is, and what was done with it."""

    entry_id: str
    shown_seq: int
    is_read: bool
    is_archived: bool


def _entry(entries: Entries) -> Any:
    return (
        select(
            ChatParticipant.id,
            _done_seq(entries).label("shown_seq"),
            entries.to_read.label("is_unread"),
            ChatParticipant.bell_hidden_seq,
            ChatParticipant.bell_archived_at,
        )
        .select_from(OF_USER)
        .where(
            SAME_ROOM,
            ChatParticipant.id == bindparam("id"),
            ChatParticipant.user_id == bindparam("user"),
            entries.of_theirs,
            entries.told_seq > 0,
        )
    )


_ENTRY = of_all(_entry)


def find_room_entry(tx: Transaction, entry_id: str, user_id: str) -> RoomEntry | None:
    """Return one of the user's entries of rooms; one that was removed is none."""
    row = tx.execute(_ENTRY, {"id": entry_id, "user": user_id, "now": tx.now}).one_or_none()
    if row is None:
        return None
    is_hidden = row.shown_seq <= row.bell_hidden_seq
    if is_hidden and row.bell_archived_at is None:
        return None
    return RoomEntry(row.id, row.shown_seq, not row.is_unread, is_hidden)


_THIS_ONE = update(ChatParticipant).where(ChatParticipant.id == bindparam("entry"))
_UP_TO: Any = bindparam("seq")
READ = _THIS_ONE.values(bell_read_seq=_UP_TO, bell_read_at=NOW, bell_is_unread=False)
UNREAD = _THIS_ONE.values(bell_is_unread=True)
ARCHIVE = _THIS_ONE.values(bell_hidden_seq=_UP_TO, bell_archived_at=NOW)
REMOVE = _THIS_ONE.values(bell_hidden_seq=_UP_TO, bell_archived_at=None)


def change_entry(tx: Transaction, statement: Any, entry: RoomEntry) -> None:
    parameters = {"entry": entry.entry_id, "seq": entry.shown_seq, "now": tx.now}
    tx.execute(statement, parameters)


_ENTRIES = Rows("entries")
_EACH = update(ChatParticipant).where(ChatParticipant.id == _ENTRIES.text(0))
_SEEN = _EACH.values(bell_seen_seq=_ENTRIES.integer(1), bell_seen_at=NOW)
_READ_TOO = _EACH.values(bell_read_seq=_ENTRIES.integer(1), bell_read_at=NOW, bell_is_unread=False)


def see_room_entries(tx: Transaction, user_id: str) -> bool:
    """Mark all of a user's entries of rooms as seen; say whether there was anything to mark."""
    return _mark(tx, user_id, _ALL_UNSEEN, _SEEN)


def read_room_entries(tx: Transaction, user_id: str) -> bool:
    """Mark all of a user's entries of rooms as read; say whether there was anything to mark."""
    return _mark(tx, user_id, _ALL_UNREAD, _READ_TOO)


def _mark(tx: Transaction, user_id: str, which: Any, statement: Any) -> bool:
    found = [(row.id, row.shown_seq) for row in tx.execute(which, {"user": user_id, "now": tx.now})]
    if found:
        tx.execute(statement, {"entries": as_rows(found), "now": tx.now})
    return bool(found)


def _all(condition: Callable[[Entries], Any]) -> Any:
    return of_all(
        lambda entries: (
            select(ChatParticipant.id, _done_seq(entries).label("shown_seq"))
            .select_from(OF_USER)
            .where(SAME_ROOM, ChatParticipant.user_id == bindparam("user"), condition(entries))
        )
    )


_ALL_UNSEEN = _all(lambda entries: entries.are_unseen)
_ALL_UNREAD = _all(lambda entries: entries.are_unread)
