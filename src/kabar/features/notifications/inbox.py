"""What a user does with their list: see, read, archive, remove."""

# What the bell shows then is read after the commit: `queries.counts_of`.

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, func, update

from kabar.features.notifications import room_marks
from kabar.features.notifications.entries import NOW, tell_updated
from kabar.features.notifications.errors import NotificationNotFound
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import IS_UNREAD, IS_UNSEEN, Notification
from kabar.features.notifications.queries import State, find_state
from kabar.features.notifications.room_marks import RoomEntry, find_room_entry
from kabar.infra.db import Transaction

_SEEN = func.coalesce(Notification.seen_at, NOW)
_THEIRS = Notification.user_id == bindparam("user")
_THIS_ONE = (Notification.id == bindparam("notification"), _THEIRS)


def mark_seen(tx: Transaction, *, user_id: str, socket_id: str | None) -> None:
    """The user has opened the list."""
    lock_lists(tx, [user_id])
    seen = tx.execute(_ALL_SEEN, {"user": user_id, "now": tx.now}).rowcount
    if room_marks.see_room_entries(tx, user_id) or seen:
        tell_updated(tx, [user_id], socket_id=socket_id)


_ALL_SEEN = update(Notification).where(_THEIRS, IS_UNSEEN).values(seen_at=NOW)


def mark_all_read(tx: Transaction, *, user_id: str, socket_id: str | None) -> None:
    """The user is done with everything that is in the list."""
    lock_lists(tx, [user_id])
    read = tx.execute(_ALL_READ, {"user": user_id, "now": tx.now}).rowcount
    if room_marks.read_room_entries(tx, user_id) or read:
        tell_updated(tx, [user_id], socket_id=socket_id)


_ALL_READ = update(Notification).where(_THEIRS, IS_UNREAD).values(read_at=NOW, seen_at=_SEEN)


def mark_read(
    tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None
) -> None:
    """The user has acted on it; what is read is seen."""
    entry = _require(tx, notification_id, user_id)
    if not entry.is_read:
        _change(tx, entry, (_READ, room_marks.READ), notification_id, user_id, socket_id)


_READ = update(Notification).where(*_THIS_ONE).values(read_at=NOW, seen_at=_SEEN)


def mark_unread(
    tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None
) -> None:
    """The user wants to come back to it."""
    entry = _require(tx, notification_id, user_id)
    if entry.is_read:
        _change(tx, entry, (_UNREAD, room_marks.UNREAD), notification_id, user_id, socket_id)


_UNREAD = update(Notification).where(*_THIS_ONE).values(read_at=None)


def archive(tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None) -> None:
    """The user wants it out of the way. What happens to the same thing brings it back."""
    entry = _require(tx, notification_id, user_id)
    if not entry.is_archived:
        _change(tx, entry, (_ARCHIVE, room_marks.ARCHIVE), notification_id, user_id, socket_id)


_ARCHIVE = update(Notification).where(*_THIS_ONE).values(archived_at=NOW)


def remove(tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None) -> None:
    """The user wants it gone."""
    entry = _require(tx, notification_id, user_id)
    _change(tx, entry, (_REMOVE, room_marks.REMOVE), notification_id, user_id, socket_id)


_REMOVE = delete(Notification).where(*_THIS_ONE)


def _require(tx: Transaction, notification_id: str, user_id: str) -> State | RoomEntry:
    """Return one of the user's entries, stored or of a room; others' do not exist."""
    lock_lists(tx, [user_id])
    found = find_state(tx, notification_id, user_id) or find_room_entry(
        tx, notification_id, user_id
    )
    if found is None:
        raise NotificationNotFound
    return found


def _change(
    tx: Transaction,
    entry: State | RoomEntry,
    statements: tuple[Any, Any],
    notification_id: str,
    user_id: str,
    socket_id: str | None,
) -> None:
    """Run the statement for an entry of its kind, and tell the user's other tabs."""
    stored, of_room = statements
    if isinstance(entry, RoomEntry):
        room_marks.change_entry(tx, of_room, entry)
    else:
        tx.execute(stored, {"notification": notification_id, "user": user_id, "now": tx.now})
    tell_updated(tx, [user_id], socket_id=socket_id)
