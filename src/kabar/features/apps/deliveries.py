"""DatabaseDeliveries: keeps webhook deliveries in the database, beyond the life of a process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.engines.realtime.webhooks.delivery import Delivery, Endpoint
from kabar.features.apps.models import WebhookDelivery
from kabar.infra.db import Database, Transaction
from kabar.infra.db.rows import Rows, as_rows

#: a process that has not renewed its lease for so long is taken for dead
_LEASE = timedelta(seconds=60)
#: one process after the other takes over: all that another left of a lane must go to the same
_TAKING_OVER = text("SELECT pg_advisory_xact_lock(hashtext('kabar-webhooks'))")

_COLUMNS = (
    WebhookDelivery.id,
    WebhookDelivery.app_id,
    WebhookDelivery.url,
    WebhookDelivery.lane,
    WebhookDelivery.body,
    WebhookDelivery.created_at,
)
_LANES = Rows("lanes")
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

    async def take_over(self) -> Mapping[Endpoint, int]:
        return await self._db.write(_take_over, process=self._process)

    async def next_of(
        self, endpoint: Endpoint, *, but: Collection[str], a_lane: int, limit: int
    ) -> Sequence[Delivery]:
        return await self._db.read(
            _next_of, endpoint, process=self._process, but=but, a_lane=a_lane, limit=limit
        )

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


def _take_over(tx: Transaction, *, process: str) -> dict[Endpoint, int]:
    ours = WebhookDelivery.process == process
    take = update(WebhookDelivery).values(process=process, leased_until=tx.now + _LEASE)
    if tx.is_postgresql:
        tx.execute(_TAKING_OVER)
        tx.execute(take.where(ours | (WebhookDelivery.leased_until <= tx.now)))
    else:
        # One process at a time serves a SQLite file: all that is not this one's is nobody's, and
        # nobody looks at its leases.
        tx.execute(take.where(~ours))
    counts = (
        select(WebhookDelivery.app_id, WebhookDelivery.url, func.count())
        .where(ours)
        .group_by(WebhookDelivery.app_id, WebhookDelivery.url)
    )
    return {Endpoint(app_id, url): count for app_id, url, count in tx.execute(counts)}


def _next_of(
    tx: Transaction,
    endpoint: Endpoint,
    *,
    process: str,
    but: Collection[str],
    a_lane: int,
    limit: int,
) -> list[Delivery]:
    in_order = (WebhookDelivery.created_at, WebhookDelivery.id)
    place = func.row_number().over(partition_by=WebhookDelivery.lane, order_by=in_order)
    # Numbered without their bodies: all of them are looked at, and few are wanted.
    numbered = (
        select(WebhookDelivery.id, WebhookDelivery.created_at, place.label("place"))
        .where(
            WebhookDelivery.process == process,
            WebhookDelivery.app_id == endpoint.app_id,
            WebhookDelivery.url == endpoint.url,
            WebhookDelivery.lane.not_in(select(_LANES.text(0)).select_from(_LANES.table)),
        )
        .subquery()
    )
    wanted = (
        select(numbered.c.id)
        .where(numbered.c.place <= a_lane)
        .order_by(numbered.c.created_at, numbered.c.id)
        .limit(limit)
        .subquery()
    )
    statement = (
        select(*_COLUMNS).join(wanted, wanted.c.id == WebhookDelivery.id).order_by(*in_order)
    )
    rows = tx.execute(statement, {"lanes": as_rows((lane,) for lane in but)})
    return [Delivery(*row) for row in rows]


def _let_go(tx: Transaction, *, process: str) -> None:
    tx.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.process == process)
        .values(process="", leased_until=tx.now)
    )
