"""Deliveries that survive the process that was to make them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Self

import msgspec
import pytest
from sqlalchemy import func, select, update

from kabar.core.times import utc_now
from kabar.engines.broker.memory import MemoryBroker
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.webhooks.delivery import Delivery, Endpoint, delivery_of
from kabar.engines.realtime.webhooks.dispatcher import Dispatcher
from kabar.features.apps.deliveries import DatabaseDeliveries
from kabar.features.apps.models import WebhookDelivery
from kabar.infra.db import Database, Transaction
from tests.engines.realtime.webhooks.receiver import Receiver, receiving
from tests.patience import patiently

HOOK = Webhook(url="http://127.0.0.1:1/hook", events=("channel_occupied",))
APP = App(id="1", key="app-key", secret="app-secret", webhooks=(HOOK,))


ENDPOINT = Endpoint(APP.id, HOOK.url)


def deliveries(count: int, *, lanes: int = 1_000, hours_ago: int = 0) -> list[Delivery]:
    start = utc_now() - timedelta(hours=hours_ago)
    return [
        delivery_of(
            APP,
            HOOK,
            [Edge(name="channel_occupied", channel=f"ä{number % lanes}")],
            start + timedelta(milliseconds=number),
        )
        for number in range(count)
    ]


async def next_of(store: DatabaseDeliveries, **changes: Any) -> Sequence[Delivery]:
    wanted = {"endpoint": ENDPOINT, "but": (), "a_lane": 1_000, "limit": 1_000, **changes}
    return await store.next_of(**wanted)


async def taken_over(store: DatabaseDeliveries) -> Sequence[Delivery]:
    """Let a process take over, and return what it then has to make."""
    await store.take_over()
    return await next_of(store)


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
    assert await store.take_over() == {ENDPOINT: 20}
    await store.let_go()
    assert await taken_over(DatabaseDeliveries(db)) == said


async def test_what_is_removed_is_gone(db: Database) -> None:
    said = deliveries(3)
    store = DatabaseDeliveries(db)
    await store.add(said)
    await store.remove([said[0].id, said[2].id, "never-was"])
    await store.let_go()
    assert await taken_over(DatabaseDeliveries(db)) == [said[1]]
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
        assert await taken_over(second) == []
        await db.write(die)
        await first.take_over()
        assert await taken_over(second) == []
        await db.write(die)
    assert await taken_over(second) == said
    assert await taken_over(first) == ([] if not db.is_sqlite else said)


async def test_of_several_processes_one_takes_all_that_was_left(db: Database) -> None:
    """What belongs to one lane must not be divided: two would not send it in its order."""
    await DatabaseDeliveries(db).add(deliveries(50))
    await db.write(die)
    if db.is_sqlite:
        return
    found = await asyncio.gather(*(DatabaseDeliveries(db).take_over() for _ in range(4)))
    assert sorted(each.get(ENDPOINT, 0) for each in found) == [0, 0, 0, 50]


async def test_the_next_of_an_endpoint_are_its_oldest_by_lane(db: Database) -> None:
    store = DatabaseDeliveries(db)
    said = deliveries(30, lanes=3)
    other = msgspec.structs.replace(deliveries(1)[0], url="http://127.0.0.1:1/other")
    await store.add([*reversed(said), other])
    assert await store.take_over() == {ENDPOINT: 30, other.endpoint: 1}

    assert await next_of(store) == said
    assert await next_of(store, limit=7) == said[:7]
    assert await next_of(store, a_lane=2) == said[:6]
    busy = [said[0].lane, said[1].lane, "never-was"]
    assert await next_of(store, but=busy) == said[2::3]
    assert await next_of(store, endpoint=other.endpoint) == [other]
    assert await next_of(DatabaseDeliveries(db)) == []


async def test_what_happens_in_one_millisecond_keeps_its_order(db: Database) -> None:
    at = utc_now()
    said = [delivery_of(APP, HOOK, [Edge(name="cache_miss", channel="x")], at) for _ in range(200)]
    assert sorted(each.id for each in said) == [each.id for each in said]
    store = DatabaseDeliveries(db)
    await store.add(list(reversed(said)))
    assert [each.id for each in await next_of(store)] == [each.id for each in said]


@pytest.mark.parametrize("count", [5_500, 12_000])
async def test_after_a_crash_however_much_waits_all_of_it_is_sent_in_order(
    db: Database, count: int
) -> None:
    """More than were read at once, more than had places in memory; and what is new behind it."""
    said = deliveries(count, lanes=7, hours_ago=1)
    dead = DatabaseDeliveries(db)
    for start in range(0, count, 1_000):
        await dead.add(said[start : start + 1_000])
    await db.write(die)
    sent: list[Delivery] = []

    async def post(_app: App, each: Delivery) -> str | None:
        sent.append(each)
        return None

    limits = RealtimeLimits(max_waiting_webhooks=1_000)
    dispatcher = Dispatcher(apps=Apps([APP]), store=DatabaseDeliveries(db), limits=limits)
    running = asyncio.create_task(dispatcher.run(post))
    new = deliveries(500, lanes=7)
    async with patiently():
        for each in new:
            dispatcher.take(each)
            await asyncio.sleep(0)
        while await db.read(count_of):
            await asyncio.sleep(0)
    running.cancel()

    assert len(sent) == count + len(new)
    for lane in {each.lane for each in said}:
        wanted = [each.id for each in (*said, *new) if each.lane == lane]
        assert [each.id for each in sent if each.lane == lane] == wanted


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
