"""Taking turns: who changes a user's list waits for who else does, so that counts are exact."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, literal, select

from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

#: any number will do, as long as nothing else in Kabar locks under it
_CLASS = 7254020
#: a lock a user would be more than PostgreSQL can hold in one transaction
_LOCKS = 256

_USERS = Rows("users")
_KEYS = (
    select(func.abs(func.mod(func.hashtext(_USERS.text(0)), _LOCKS)).label("key"))
    .select_from(_USERS.table)
    .distinct()
    .order_by("key")
    .subquery()
)
_LOCK = select(func.pg_advisory_xact_lock(literal(_CLASS), _KEYS.c.key))


def lock_lists(tx: Transaction, user_ids: Iterable[str]) -> None:
    """Wait until nobody else changes the lists of these users, until the end of the transaction.

    What is read afterwards is what the others have left. In one order, so that two who want the
    same users do not wait for each other. On SQLite there is one writer.
    """
    if tx.is_postgresql:
        tx.execute(_LOCK, {"users": as_rows((user_id,) for user_id in user_ids)})
