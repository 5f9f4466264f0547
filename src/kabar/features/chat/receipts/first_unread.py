"""The first unread message: where somebody goes on reading a room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from kabar.features.chat.blocking.folding import not_folded
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.models import Message
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

#: so many messages are looked at: behind more that do not count one does not look for it
_FURTHEST = 1000

_STANDS = Rows("stands")
_FIRST = aliased(Message)
_FIRST_UNREAD: Any = select(
    _STANDS.text(0),
    select(_FIRST.id)
    .where(
        _FIRST.room_id == _STANDS.text(0),
        _FIRST.seq > _STANDS.integer(2),
        _FIRST.seq <= _STANDS.integer(2) + _FURTHEST,
        _FIRST.sender_id != _STANDS.text(1),
        _FIRST.deleted_at.is_(None),
        is_live(_FIRST),
        _FIRST.happening.is_(None),
        _FIRST.thread_id.is_(None),
        not_hidden(_STANDS.text(1), _FIRST.room_id, _FIRST.seq),
        not_folded(_STANDS.text(1), _FIRST.sender_id),
    )
    .order_by(_FIRST.seq)
    .limit(1)
    .correlate(_STANDS.table)
    .scalar_subquery(),
).select_from(_STANDS.table)


def first_unread(tx: Transaction, stands: Iterable[tuple[str, str, int]]) -> dict[str, str | None]:
    """Return, by room, what comes first after these positions of these users that counts."""
    rows = as_rows(stands)
    if not rows:
        return {}
    found = tx.execute(_FIRST_UNREAD, {"stands": rows})
    return {room_id: message_id for room_id, message_id in found}  # noqa: C416  (typed)
