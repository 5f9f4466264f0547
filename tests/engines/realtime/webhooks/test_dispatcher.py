"""Deliveries: stored, sent in order, tried again, given up."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from kabar.core.times import utc_now
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.webhooks.delivery import Delivery, Endpoint
from kabar.engines.realtime.webhooks.dispatcher import Dispatcher
from tests.engines.realtime.support import APP, OTHER_APP
from tests.patience import patiently

LIMITS = RealtimeLimits(webhook_first_pause=0.002, webhook_max_age=300)


def delivery(name: str, lane: str = "x", url: str = "http://a", **changes: Any) -> Delivery:
    fields = {"app_id": APP.id, "url": url, "lane": lane, "body": "{}", "created_at": utc_now()}
    return Delivery(id=name, **{**fields, **changes})


class ListStore:
    """A store that one can look into."""

    def __init__(self, *left_over: Delivery) -> None:
        self.kept: dict[str, Delivery] = {each.id: each for each in left_over}
        self.was_let_go = False
        self.is_broken = False
        self.keeps_what_is_removed = False
        self.most_read = 0

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        if self.is_broken:
            raise OSError("no room")
        self.kept |= {each.id: each for each in deliveries}

    async def remove(self, delivery_ids: Sequence[str]) -> None:
        if self.keeps_what_is_removed:
            raise OSError("not now")
        for each in delivery_ids:
            self.kept.pop(each, None)

    async def take_over(self) -> Mapping[Endpoint, int]:
        return Counter(each.endpoint for each in self.kept.values())

    async def next_of(
        self, endpoint: Endpoint, *, but: Collection[str], a_lane: int, limit: int
    ) -> Sequence[Delivery]:
        found: list[Delivery] = []
        taken: Counter[str] = Counter()
        await asyncio.sleep(0)
        for each in self.kept.values():
            if each.endpoint == endpoint and each.lane not in but and taken[each.lane] < a_lane:
                taken[each.lane] += 1
                found.append(each)
        self.most_read = max(self.most_read, len(found[:limit]))
        return found[:limit]

    async def let_go(self) -> None:
        self.was_let_go = True


class Endpoints:
    """What is sent, and whether it is taken."""

    def __init__(self, store: ListStore | None = None) -> None:
        self.sent: list[str] = []
        self.apps: set[str] = set()
        self.failures: Callable[[Delivery], str | None] = lambda _: None
        self.most_at_once = self._at_once = 0
        self._store = store

    async def __call__(self, app: App, each: Delivery) -> str | None:
        if self._store is not None:
            assert each.id in self._store.kept
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        self.sent.append(each.id)
        self.apps.add(app.id)
        return self.failures(each)

    async def have_had(self, count: int) -> None:
        async with patiently():
            while len(self.sent) < count:
                await asyncio.sleep(0)


@asynccontextmanager
async def carrying(
    endpoints: Endpoints, store: ListStore | None = None, limits: RealtimeLimits = LIMITS
) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(apps=Apps([APP, OTHER_APP]), store=store or ListStore(), limits=limits)
    running = asyncio.create_task(dispatcher.run(endpoints))
    try:
        yield dispatcher
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def settled(store: ListStore) -> None:
    async with patiently():
        while store.kept:
            await asyncio.sleep(0)


async def test_it_is_kept_before_it_is_sent_and_forgotten_when_it_has_arrived() -> None:
    store = ListStore()
    endpoints = Endpoints(store)
    async with carrying(endpoints, store) as dispatcher:
        for number in range(50):
            dispatcher.take(delivery(str(number)))
        await endpoints.have_had(50)
        assert endpoints.sent == [str(number) for number in range(50)]
        await settled(store)


async def test_a_lane_waits_for_what_failed_and_others_do_not() -> None:
    endpoints, store = Endpoints(), ListStore()
    attempts = {"1": 4}

    def fail(each: Delivery) -> str | None:
        attempts[each.id] = attempts.get(each.id, 1) - 1
        return "status 500" if attempts[each.id] else None

    endpoints.failures = fail
    async with carrying(endpoints, store) as dispatcher:
        for each in (delivery("1"), delivery("2"), delivery("other", "y"), delivery("3")):
            dispatcher.take(each)
        await endpoints.have_had(7)
        await settled(store)
    assert [each for each in endpoints.sent if each != "other"] == ["1", "1", "1", "1", "2", "3"]
    assert endpoints.sent.index("other") < 3


async def test_what_is_too_old_is_given_up_and_the_next_one_sent() -> None:
    endpoints, store = Endpoints(), ListStore()
    endpoints.failures = lambda each: "status 500" if each.id == "bad" else None
    limits = RealtimeLimits(webhook_first_pause=0.01, webhook_max_age=0.05)
    async with carrying(endpoints, store, limits) as dispatcher:
        dispatcher.take(delivery("bad"))
        dispatcher.take(delivery("good"))
        async with patiently():
            while "good" not in endpoints.sent:
                await asyncio.sleep(0)
        await settled(store)
    assert 2 <= endpoints.sent.count("bad") <= 4


async def test_what_others_left_is_sent_first_and_once_at_least_however_old() -> None:
    old = delivery("old", created_at=utc_now() - timedelta(days=1))
    store = ListStore(old)
    endpoints = Endpoints()
    endpoints.failures = lambda _: "status 500"
    async with carrying(endpoints, store) as dispatcher:
        dispatcher.take(delivery("new"))
        await endpoints.have_had(1)
        endpoints.failures = lambda _: None
        await endpoints.have_had(2)
    assert endpoints.sent == ["old", "new"]


async def test_an_endpoint_that_does_not_answer_holds_up_nobody_else() -> None:
    """Neither another endpoint of the same app, nor the same endpoint of another app."""
    gate = asyncio.Event()
    sent: list[str] = []

    async def post(_app: App, each: Delivery) -> str | None:
        if each.id.startswith("stuck"):
            await gate.wait()
        sent.append(each.id)
        return None

    dispatcher = Dispatcher(apps=Apps([APP, OTHER_APP]), store=ListStore(), limits=LIMITS)
    running = asyncio.create_task(dispatcher.run(post))
    for number in range(20):
        dispatcher.take(delivery(f"stuck{number}", lane=str(number)))
    dispatcher.take(delivery("elsewhere", url="http://b"))
    dispatcher.take(delivery("theirs", app_id=OTHER_APP.id))
    async with patiently():
        while len(sent) < 2:
            await asyncio.sleep(0)
        assert sorted(sent) == ["elsewhere", "theirs"]
        gate.set()
        while len(sent) < 22:
            await asyncio.sleep(0)
    running.cancel()


async def test_an_endpoint_gets_so_many_requests_at_once() -> None:
    endpoints = Endpoints()
    async with carrying(endpoints) as dispatcher:
        for number in range(100):
            dispatcher.take(delivery(str(number), lane=str(number)))
        await endpoints.have_had(100)
    assert 2 <= endpoints.most_at_once <= 8


async def test_more_than_its_places_is_given_up() -> None:
    endpoints, store = Endpoints(), ListStore()
    limits = RealtimeLimits(max_waiting_webhooks=3)
    async with carrying(endpoints, store, limits) as dispatcher:
        for number in range(5):
            dispatcher.take(delivery(str(number)))
        await endpoints.have_had(3)
        await settled(store)
        dispatcher.take(delivery("later"))
        await endpoints.have_had(4)
    assert endpoints.sent == ["0", "1", "2", "later"]


async def test_a_store_that_fails_costs_no_delivery() -> None:
    endpoints, store = Endpoints(), ListStore()
    store.is_broken = True
    async with carrying(endpoints, store) as dispatcher:
        dispatcher.take(delivery("1"))
        await endpoints.have_had(1)


async def test_what_an_app_left_behind_that_is_gone_is_sent_to_nobody() -> None:
    endpoints, store = Endpoints(), ListStore(delivery("1", app_id="gone"), delivery("2"))
    async with carrying(endpoints, store):
        await endpoints.have_had(1)
    assert endpoints.sent == ["2"]


async def test_what_is_under_way_when_it_stops_is_left_to_the_next_or_goes_on() -> None:
    endpoints, store = Endpoints(), ListStore()
    endpoints.failures = lambda _: "status 500"
    dispatcher = Dispatcher(
        apps=Apps([APP]), store=store, limits=RealtimeLimits(webhook_first_pause=60)
    )
    running = asyncio.create_task(dispatcher.run(endpoints))
    dispatcher.take(delivery("1"))
    await endpoints.have_had(1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    dispatcher.take(delivery("2"))
    await dispatcher.settle()
    assert set(store.kept) == {"1", "2"}
    assert store.was_let_go

    endpoints.failures = lambda _: None
    running = asyncio.create_task(dispatcher.run(endpoints))
    await endpoints.have_had(2)
    assert endpoints.sent == ["1", "1"]
    running.cancel()


# ── more than is in memory ───────────────────────────────────────────────────────────────────

LANES = ("x", "y", "z")


def left(count: int, lanes: Sequence[str] = LANES) -> list[Delivery]:
    return [delivery(f"old{n}", lane=lanes[n % len(lanes)]) for n in range(count)]


def in_order(endpoints: Endpoints, said: Sequence[Delivery]) -> bool:
    """Whether each lane was sent in its order, and each delivery once."""
    lane_of = {each.id: each.lane for each in said}
    sent, wanted = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for name in endpoints.sent:
        sent[lane_of[name]].append(name)
    for each in said:
        wanted[each.lane].append(each.id)
    return sent == wanted


@pytest.mark.parametrize("count", [5, 99, 100, 101, 999, 1_000, 1_001, 5_001, 10_001, 12_000])
@pytest.mark.parametrize("lanes", [LANES, ("only",), tuple(map(str, range(2_000)))])
async def test_however_much_was_left_all_of_it_is_sent_before_what_is_new(
    count: int, lanes: Sequence[str]
) -> None:
    said = left(count, lanes)
    shelf = ListStore(*said)
    endpoints = Endpoints()
    async with carrying(endpoints, shelf) as dispatcher:
        for number in range(20):
            new = delivery(f"new{number}", lane=lanes[number % len(lanes)])
            dispatcher.take(new)
            said.append(new)
            await endpoints.have_had(min(number * 10, len(said)))
        await endpoints.have_had(len(said))
        await settled(shelf)
        assert in_order(endpoints, said)
        assert shelf.most_read <= 1_000
        # From now on nothing waits in the store.
        dispatcher.take(delivery("last"))
        await endpoints.have_had(len(said) + 1)


async def test_what_was_left_takes_no_place_of_what_is_new() -> None:
    said = left(50)
    endpoints, shelf = Endpoints(), ListStore(*said)
    endpoints.failures = lambda _: "status 500"
    limits = RealtimeLimits(max_waiting_webhooks=10, webhook_first_pause=0.001)
    async with carrying(endpoints, shelf, limits) as dispatcher:
        await endpoints.have_had(1)
        for number in range(15):
            dispatcher.take(delivery(f"new{number}"))
        endpoints.failures = lambda _: None
        async with patiently():
            while shelf.kept:
                await asyncio.sleep(0)
    assert {f"new{number}" for number in range(10)} <= set(endpoints.sent)
    assert "new14" not in endpoints.sent


async def test_a_lane_that_is_stuck_does_not_keep_others_in_the_store() -> None:
    said = [*left(3_000, ("stuck",)), delivery("other", "y")]
    endpoints, shelf = Endpoints(), ListStore(*said)
    endpoints.failures = lambda each: "status 500" if each.lane == "stuck" else None
    limits = RealtimeLimits(webhook_first_pause=60)
    async with carrying(endpoints, shelf, limits) as dispatcher:
        async with patiently():
            while "other" not in endpoints.sent:
                await asyncio.sleep(0)
        dispatcher.take(delivery("new", "z"))
        async with patiently():
            while "new" not in endpoints.sent:
                await asyncio.sleep(0)
    assert dispatcher.queues.of(delivery("").endpoint).here <= 1_000


async def test_what_cannot_be_removed_is_not_sent_again() -> None:
    """Nothing more is read while that is so: it would be the same. What is new is sent."""
    said = left(3_000)
    endpoints, shelf = Endpoints(), ListStore(*said)
    shelf.keeps_what_is_removed = True
    async with carrying(endpoints, shelf) as dispatcher:
        elsewhere = [delivery(f"{number}", url="http://b") for number in range(100)]
        for each in elsewhere:
            dispatcher.take(each)
            await asyncio.sleep(0)
        await endpoints.have_had(len(LANES) * 100 + 100)
        assert len(endpoints.sent) == len(set(endpoints.sent))
        shelf.keeps_what_is_removed = False
        dispatcher.take(delivery("new"))
        await settled(shelf)
    assert len(endpoints.sent) == len(set(endpoints.sent)) == 3_101
