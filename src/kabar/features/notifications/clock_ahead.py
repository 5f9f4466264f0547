"""The clock ran ahead: what was told then is not the newest for ever."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from kabar.core.times import CLOCK_TOLERANCE
from kabar.features.notifications.entries import NOW
from kabar.features.notifications.models import Notification
from kabar.infra.db import Transaction, Units
from kabar.infra.db.base import UtcTime
from kabar.infra.db.rows import Rows, as_rows

_SOON = bindparam("soon", type_=UtcTime())
_AHEAD = select(Notification.id).where(Notification.updated_at > _SOON)
_IDS = Rows("ids")
_BRING_BACK = (
    update(Notification)
    .where(
        Notification.id.in_(select(_IDS.text(0)).select_from(_IDS.table)),
        Notification.updated_at > _SOON,
    )
    .values(updated_at=NOW)
)


async def bring_entries_back(db: Units) -> None:
    """Let stored entries of the future be of now; those of rooms follow their rooms."""
    if ahead := await db.read(_entries_ahead):
        await db.write(_bring_back, ids=ahead)


def _entries_ahead(tx: Transaction) -> list[str]:
    return list(tx.execute(_AHEAD, {"soon": tx.now + CLOCK_TOLERANCE}).scalars())


def _bring_back(tx: Transaction, *, ids: list[str]) -> None:
    rows = as_rows((entry_id,) for entry_id in ids)
    tx.execute(_BRING_BACK, {"ids": rows, "soon": tx.now + CLOCK_TOLERANCE, "now": tx.now})
