"""Quiet: whom somebody mutes at this moment. A mute ends by its time, whatever runs or does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from kabar.core.times import utc_now
from kabar.features.accounts.models import User
from kabar.features.follows.models import Mute
from kabar.features.follows.walls import CALLER
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.rows import Rows, as_rows

#: Nobody need hand it in: every statement that shows people asks for it.
_NOW: ColumnElement[datetime] = bindparam("mute_now", callable_=utc_now, type_=UtcTime())


def lasts(mute: Any) -> ColumnElement[bool]:
    """Whether a mute has not ended."""
    return or_(mute.until.is_(None), mute.until > _NOW)


_mine = aliased(Mute)
#: whether the caller mutes a user; statements have the parameter `caller`
MUTING = exists().where(_mine.muter_id == CALLER, _mine.muted_id == User.id, lasts(_mine))

_MUTES = select(Mute.id).where(
    Mute.muter_id == bindparam("muter"), Mute.muted_id == bindparam("muted"), lasts(Mute)
)


def mutes(tx: Transaction, muter_id: str, muted_id: str) -> bool:
    """Whether one mutes the other."""
    pair = {"muter": muter_id, "muted": muted_id}
    return tx.execute(_MUTES, pair).first() is not None


_SENDERS = Rows("senders")
_READERS = Rows("readers")
_AMONG: Any = select(Mute.muted_id, Mute.muter_id).where(
    Mute.muter_id.in_(select(_READERS.text(0)).select_from(_READERS.table)),
    Mute.muted_id.in_(select(_SENDERS.text(0)).select_from(_SENDERS.table)),
    lasts(Mute),
)


def muters_among(
    tx: Transaction, muted: Iterable[str], muters: Iterable[str]
) -> dict[str, set[str]]:
    """Return, for each of the first who is muted by any of the second, by whom."""
    readers = as_rows((user_id,) for user_id in set(muters))
    found: dict[str, set[str]] = {}
    if readers:
        senders = as_rows((user_id,) for user_id in set(muted))
        for muted_id, muter_id in tx.execute(_AMONG, {"senders": senders, "readers": readers}):
            found.setdefault(muted_id, set()).add(muter_id)
    return found
