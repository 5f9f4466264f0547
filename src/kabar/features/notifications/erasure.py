"""Erasure: what notifications do when an account is erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select

from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.queries import lock_erased
from kabar.features.notifications.entries import tell_updated
from kabar.features.notifications.follow_handlers import group_of_follower
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import Notification
from kabar.infra.db import Transaction

#: in one transaction
_AT_ONCE = 200


def drop_entries(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """Who was erased has no list any more, and others have no entry that names them."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        theirs = _drop(tx, Notification.user_id == user_id)
        of_them = _drop(tx, Notification.group_key == group_of_follower(user_id))
        tell_updated(tx, of_them)
        if theirs or of_them:
            # There may be more.
            lock_erased(tx, user_id)
            tx.emit(AccountErased(user_id=user_id))


def _drop(tx: Transaction, which: ColumnElement[bool]) -> list[str]:
    """Delete some of these entries; return whose they were."""
    found = tx.execute(
        select(Notification.id, Notification.user_id).where(which).limit(_AT_ONCE)
    ).all()
    owners = [owner for _, owner in found]
    lock_lists(tx, set(owners))
    tx.execute(delete(Notification).where(Notification.id.in_([each for each, _ in found])))
    return owners
