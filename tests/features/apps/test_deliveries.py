"""Deliveries that survive the process that was to make them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Self

from sqlalchemy import func, select, update

from kabar.core.times import utc_now
from kabar.engines.broker.memory import MemoryBroker
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.webhooks.delivery import Delivery, delivery_of
from kabar.features.apps.deliveries import DatabaseDeliveries
from kabar.features.apps.models import WebhookDelivery
from kabar.infra.db import Database, Transaction
from tests.engines.realtime.webhooks.receiver import Receiver, receiving
from tests.patience import patiently

HOOK = Webhook(url="http://127.0.0.1:1/hook", events=("channel_occupied",))
APP = App(id="1", key="app-key", secret="app-secret", webhooks=(HOOK,))


def deliveries(count: int) -> list[Delivery]:
    start = utc_now()
    return [
        delivery_of(
            APP,
            HOOK,
            [Edge(name="channel_occupied", channel=f"ä{number}")],
            start + timedelta(milliseconds=number),
        )
        for number in range(count)
    ]


def die(tx: Transaction) -> None:
    """The processes have not been heard of for a while."""
    tx.execute(update(WebhookDelivery).values(leased_until=tx.now))


def count_of(tx: Transaction) -> int:
    return int(tx.execute(select(func.count()).select_from(WebhookDelivery)).scalar_one())


async def test_what_is_kept_comes_back_as_it_was_and_in_order(db: Database) -> None:
    said = deliveries(20)
    store = DatabaseDeliveries(db)
    await store.add(said[:10])
    await store.add(said[10:])
    assert await store.take_over() == []
    await store.let_go()
    assert await DatabaseDeliveries(db).take_over() == said


async def test_what_is_removed_is_gone(db: Database) -> None:
    said = deliveries(3)
    store = DatabaseDeliveries(db)
    await store.add(said)
    await store.remove([said[0].id, said[2].id, "never-was"])
    await store.let_go()
    assert await DatabaseDeliveries(db).take_over() == [said[1]]
    await store.remove([said[1].id])
    assert await db.read(count_of) == 0


async def test_keeping_it_twice_keeps_it_once(db: Database) -> None:
    said = deliveries(2)
    store = DatabaseDeliveries(db)
    await store.add(said[:1])
    await store.add(said)
    assert await db.read(count_of) == 2


async def test_a_process_keeps_what_it_has_while_it_lives(db: Database) -> None:
    """On SQLite there is one process: whatever is not its own is nobody's."""
    said = deliveries(2)
    first, second = DatabaseDeliveries(db), DatabaseDeliveries(db)
    await first.add(said)
    if not db.is_sqlite:
        assert await second.take_over() == []
        await db.write(die)
        await first.take_over()
        assert await second.take_over() == []
        await db.write(die)
    assert await second.take_over() == said
    assert await first.take_over() == ([] if not db.is_sqlite else said)


async def test_two_processes_do_not_take_over_the_same(db: Database) -> None:
    await DatabaseDeliveries(db).add(deliveries(50))
    await db.write(die)
    if db.is_sqlite:
        return
    found: Sequence[Sequence[Delivery]] = await asyncio.gather(
        *(DatabaseDeliveries(db).take_over() for _ in range(4))
    )
    ids = [each.id for several in found for each in several]
    assert len(ids) == len(set(ids)) == 50


async def test_a_restart_loses_nothing_and_repeats_with_the_same_id(db: Database) -> None:
    async with receiving() as receiver:
        receiver.status = 503
        async with Engine(db, receiver) as engine:
            engine.tell("x")
            await receiver.has_had(1)
            await engine.stop_working()
            # Too late to be sent: it is kept all the same.
            engine.tell("y")
        receiver.status = 200
        had_before = len(receiver.all)
        async with Engine(db, receiver):
            await receiver.has_had(had_before + 2)
            async with patiently():
                while await db.read(count_of):
                    await asyncio.sleep(0)
    sent: dict[str, set[bytes]] = {}
    for each in receiver.all:
        sent.setdefault(each.headers["X-Kabar-Delivery"], set()).add(each.body)
    assert had_before >= 1
    assert [len(bodies) for bodies in sent.values()] == [1, 1]
    assert {each.events[0]["channel"] for each in receiver.all[had_before:]} == {"x", "y"}


class Engine:
    """An engine as the application runs it: with its works, on a database."""

    def __init__(self, db: Database, receiver: Receiver) -> None:
        webhook = Webhook(url=receiver.url(), events=("channel_occupied",))
        self._app = App(id="1", key="app-key", secret="app-secret", webhooks=(webhook,))
        self._realtime = Realtime(
            apps=Apps([self._app]),
            broker=MemoryBroker(),
            limits=RealtimeLimits(webhook_first_pause=60.0, drain_seconds=0.0),
            deliveries=DatabaseDeliveries(db),
        )

    async def __aenter__(self) -> Self:
        await self._realtime.start()
        self._works = [asyncio.create_task(work()) for _, work in self._realtime.works()]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.stop_working()
        await self._realtime.close()

    async def stop_working(self) -> None:
        for work in self._works:
            work.cancel()
        await asyncio.gather(*self._works, return_exceptions=True)

    def tell(self, channel: str) -> None:
        edge = Edge(name="channel_occupied", channel=channel)
        self._realtime._webhooks.happened(self._app, edge)
