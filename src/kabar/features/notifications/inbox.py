"""Inbox: what a user does with the entries of their list: see, read, archive, remove."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, func, update

from kabar.features.notifications.entries import NOW, tell_counts
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import IS_UNREAD, IS_UNSEEN, Notification
from kabar.features.notifications.queries import counts_of, require_state
from kabar.features.notifications.schemas import Counts
from kabar.infra.db import Transaction

_SEEN = func.coalesce(Notification.seen_at, NOW)
_THEIRS = Notification.user_id == bindparam("user")
_THIS_ONE = (Notification.id == bindparam("notification"), _THEIRS)


def mark_seen(tx: Transaction, *, user_id: str, socket_id: str | None) -> Counts:
    """The user has opened the list."""
    return _change_all(tx, _ALL_SEEN, user_id, socket_id)


_ALL_SEEN = update(Notification).where(_THEIRS, IS_UNSEEN).values(seen_at=NOW)


def mark_all_read(tx: Transaction, *, user_id: str, socket_id: str | None) -> Counts:
    """The user is done with everything that is in the list."""
    return _change_all(tx, _ALL_READ, user_id, socket_id)


_ALL_READ = update(Notification).where(_THEIRS, IS_UNREAD).values(read_at=NOW, seen_at=_SEEN)


def mark_read(
    tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None
) -> Counts:
    """The user has acted on it; what is read is seen."""
    lock_lists(tx, [user_id])
    state = require_state(tx, notification_id, user_id)
    return _change(tx, None if state.is_read else _READ, notification_id, user_id, socket_id)


_READ = update(Notification).where(*_THIS_ONE).values(read_at=NOW, seen_at=_SEEN)


def mark_unread(
    tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None
) -> Counts:
    """The user wants to come back to it."""
    lock_lists(tx, [user_id])
    state = require_state(tx, notification_id, user_id)
    return _change(tx, _UNREAD if state.is_read else None, notification_id, user_id, socket_id)


_UNREAD = update(Notification).where(*_THIS_ONE).values(read_at=None)


def archive(
    tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None
) -> Counts:
    """The user wants it out of the way. When the same thing happens again, it comes back."""
    lock_lists(tx, [user_id])
    state = require_state(tx, notification_id, user_id)
    return _change(tx, None if state.is_archived else _ARCHIVE, notification_id, user_id, socket_id)


_ARCHIVE = update(Notification).where(*_THIS_ONE).values(archived_at=NOW)


def remove(tx: Transaction, *, user_id: str, notification_id: str, socket_id: str | None) -> None:
    """The user wants it gone."""
    lock_lists(tx, [user_id])
    require_state(tx, notification_id, user_id)
    _change(tx, _REMOVE, notification_id, user_id, socket_id)


_REMOVE = delete(Notification).where(*_THIS_ONE)


def _change_all(tx: Transaction, statement: Any, user_id: str, socket_id: str | None) -> Counts:
    lock_lists(tx, [user_id])
    if tx.execute(statement, {"user": user_id, "now": tx.now}).rowcount:
        tell_counts(tx, [user_id], socket_id=socket_id)
    return counts_of(tx, [user_id])[user_id]


def _change(
    tx: Transaction,
    statement: Any | None,
    notification_id: str,
    user_id: str,
    socket_id: str | None,
) -> Counts:
    """Run the statement, if there is anything to change, and tell the user's other tabs."""
    if statement is not None:
        tx.execute(statement, {"notification": notification_id, "user": user_id, "now": tx.now})
        tell_counts(tx, [user_id], socket_id=socket_id)
    return counts_of(tx, [user_id])[user_id]
