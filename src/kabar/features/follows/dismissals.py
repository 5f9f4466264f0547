"""Dismissing: somebody is no longer suggested to who does not want to follow them."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.features.accounts.queries import lock_user
from kabar.features.follows.models import Dismissal
from kabar.features.follows.walls import require_seen_id
from kabar.infra.db import Transaction

#: of one person: then the one of longest ago may be suggested again
MOST_DISMISSED = 10_000

_THEIRS = Dismissal.user_id == bindparam("user")
_HOW_MANY = select(func.count()).where(_THEIRS)
_FORGET = delete(Dismissal).where(
    Dismissal.id.in_(
        select(Dismissal.id)
        .where(_THEIRS)
        .order_by(Dismissal.created_at, Dismissal.id)
        .limit(bindparam("surplus"))
    )
)


def dismiss(tx: Transaction, *, caller_id: str, user: str) -> None:
    """Suggest this user no longer to the caller; nothing happens if that is so already."""
    dismissed_id = require_seen_id(tx, caller_id, user)
    lock_user(tx, caller_id)
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    row = {"user_id": caller_id, "dismissed_id": dismissed_id}
    tx.execute(
        insert(Dismissal).values(id=new_id(), created_at=tx.now, **row).on_conflict_do_nothing()
    )
    surplus = tx.execute(_HOW_MANY, {"user": caller_id}).scalar_one() - MOST_DISMISSED
    if surplus > 0:
        tx.execute(_FORGET, {"user": caller_id, "surplus": surplus})
