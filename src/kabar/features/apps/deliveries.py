"""DatabaseDeliveries: keeps webhook deliveries in the database, beyond the life of a process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.engines.realtime.webhooks.delivery import Delivery
from kabar.features.apps.models import WebhookDelivery
from kabar.infra.db import Database, Transaction
from kabar.infra.db.rows import Rows, as_rows

#: a process that has not renewed its lease for so long is taken for dead
_LEASE = timedelta(seconds=60)
_AT_ONCE = 5_000

_IDS = Rows("ids")
_DELETE = delete(WebhookDelivery).where(
    WebhookDelivery.id.in_(select(_IDS.text(0)).select_from(_IDS.table))
)


class DatabaseDeliveries:
    """The engine's `DeliveryStore`. A delivery is its process's while that renews its lease."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._process = new_id()

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        await self._db.write(_add, deliveries, process=self._process)

    async def remove(self, delivery_ids: Sequence[str]) -> None:
        await self._db.write(_remove, delivery_ids)

    async def take_over(self) -> Sequence[Delivery]:
        # Only one process serves a SQLite file: deliveries of any other are those of a dead one.
        return await self._db.write(_take_over, process=self._process, is_alone=self._db.is_sqlite)

    async def let_go(self) -> None:
        await self._db.write(_let_go, process=self._process)


def _add(tx: Transaction, deliveries: Sequence[Delivery], *, process: str) -> None:
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    tx.execute(
        # A call that was cancelled may have added some of them already.
        insert(WebhookDelivery).on_conflict_do_nothing(),
        [
            {
                "id": delivery.id,
                "app_id": delivery.app_id,
                "url": delivery.url,
                "lane": delivery.lane,
                "body": delivery.body,
                "created_at": delivery.created_at,
                "process": process,
                "leased_until": tx.now + _LEASE,
            }
            for delivery in deliveries
        ],
    )


def _remove(tx: Transaction, delivery_ids: Sequence[str]) -> None:
    tx.execute(_DELETE, {"ids": as_rows((delivery_id,) for delivery_id in delivery_ids)})


def _take_over(tx: Transaction, *, process: str, is_alone: bool) -> list[Delivery]:
    ours = update(WebhookDelivery).values(process=process, leased_until=tx.now + _LEASE)
    tx.execute(ours.where(WebhookDelivery.process == process))
    is_nobodys = WebhookDelivery.process != process
    if not is_alone:
        is_nobodys &= WebhookDelivery.leased_until <= tx.now
    statement = (
        select(
            WebhookDelivery.id,
            WebhookDelivery.app_id,
            WebhookDelivery.url,
            WebhookDelivery.lane,
            WebhookDelivery.body,
            WebhookDelivery.created_at,
        )
        .where(is_nobodys)
        .order_by(WebhookDelivery.created_at, WebhookDelivery.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = tx.execute(statement).all()
    if rows:
        tx.execute(ours.where(WebhookDelivery.id.in_([row[0] for row in rows])))
    return [Delivery(*row) for row in rows]


def _let_go(tx: Transaction, *, process: str) -> None:
    tx.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.process == process)
        .values(process="", leased_until=tx.now)
    )
