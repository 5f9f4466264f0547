"""Events on their way to a service: in order, in batches, tried again, given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from kabar.engines.realtime.hosted.sender import RetryPolicy, Sender
from kabar.engines.realtime.hosted.service_api import HostedEvent, NoService, Refused, Termination
from kabar.engines.realtime.hosted.service_health import ServiceHealth
from tests.patience import patiently

QUICK = RetryPolicy(first_pause=0.001, longest_pause=0.002)


class ListService:
    """Keeps what it is asked to do, unless it is down or does not like it."""

    def __init__(self) -> None:
        self.done: list[list[str]] = []
        self.tried = 0
        self.is_down = False
        self.disliked: set[str] = set()
        #: what it breaks on
        self.failing: set[str] = set()
        self.busy: asyncio.Event | None = None
        self._more = asyncio.Event()

    async def trigger(self, events: Sequence[HostedEvent]) -> None:
        await self._do([event.name for event in events])

    async def terminate(self, user_id: str) -> None:
        await self._do([f"end {user_id}"])

    async def ask(self) -> None:
        await self._do(["ask"])

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with patiently():
            while not is_so():
                self._more.clear()
                await self._more.wait()

    async def _do(self, names: list[str]) -> None:
        self.tried += 1
        self._more.set()
        if self.busy is not None:
            await self.busy.wait()
        if self.is_down or not self.failing.isdisjoint(names):
            raise NoService("nobody there")
        if not self.disliked.isdisjoint(names):
            raise Refused("never")
        self.done.append(names)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def service() -> ListService:
    return ListService()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> ServiceHealth:
    return ServiceHealth(lambda: 0, now=clock)


@pytest.fixture
def sender(service: ListService, health: ServiceHealth, clock: Clock) -> Sender:
    return Sender(service, health, QUICK, now=clock)


def event(name: str) -> HostedEvent:
    return HostedEvent(channel="a", name=name, data="{}", socket_id=None)


def put(sender: Sender, *names: str) -> None:
    for name in names:
        sender.put(event(name))


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[None]:
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_waits_together_goes_in_batches_in_order(
    sender: Sender, service: ListService
) -> None:
    put(sender, *map(str, range(25)))
    await sender.drain()
    assert [len(batch) for batch in service.done] == [10, 10, 5]
    assert [int(name) for batch in service.done for name in batch] == list(range(25))


async def test_a_termination_goes_alone_and_in_its_place(
    sender: Sender, service: ListService
) -> None:
    put(sender, "before", "too")
    sender.put(Termination("ann"))
    put(sender, "after")
    await sender.drain()
    assert service.done == [["before", "too"], ["end ann"], ["after"]]


async def test_what_fails_is_tried_again_and_nothing_overtakes_it(
    sender: Sender, service: ListService, health: ServiceHealth
) -> None:
    service.is_down = True
    async with running(sender):
        put(sender, "one", "two")
        await service.until(lambda: service.tried >= 3)
        assert health.is_down
        put(sender, "three")
        service.is_down = False
        await service.until(lambda: service.tried >= 5)
    assert service.done == [["one", "two"], ["three"]]
    assert not health.is_down


async def test_one_bad_event_does_not_take_the_good_ones_with_it(
    sender: Sender, service: ListService, health: ServiceHealth
) -> None:
    service.disliked = {"bad"}
    put(sender, "one", "bad", "two")
    await sender.drain()
    put(sender, "three", "four")
    await sender.drain()
    assert service.done == [["one"], ["two"], ["three", "four"]]
    assert not health.is_down, "the service is well: it is the event that is not"


async def test_an_event_is_not_tried_for_ever(
    sender: Sender, service: ListService, clock: Clock
) -> None:
    service.is_down = True
    put(sender, "old")
    await sender.drain()
    clock.now += 200
    put(sender, "new")
    clock.now += 200
    service.is_down = False
    await sender.drain()
    assert service.done == [["new"]]
    assert len(sender) == 0


async def test_a_termination_is_tried_until_it_succeeds_and_nothing_overtakes_it(
    sender: Sender, service: ListService, clock: Clock
) -> None:
    """However long the outage: who is to be kept out would hear what overtook it."""
    service.is_down = True
    sender.put(Termination("ann"))
    put(sender, "old")
    await sender.drain()
    clock.now += 301
    put(sender, "new")
    await sender.drain()
    service.is_down = False
    await sender.drain()
    assert service.done == [["end ann"], ["new"]]


async def test_a_termination_that_fails_alone_lets_others_go_first_in_the_end(
    sender: Sender, service: ListService, clock: Clock
) -> None:
    service.failing = {"end ann"}
    sender.put(Termination("ann"))
    await sender.drain()
    clock.now += 299
    put(sender, "new")
    await sender.drain()
    assert service.done == []
    clock.now += 2
    await sender.drain()
    assert service.done == [["ask"], ["new"]]
    service.failing.clear()
    await sender.drain()
    assert service.done[2:] == [["end ann"]]


async def test_who_is_stopped_in_the_middle_of_a_call_makes_it_again(
    sender: Sender, service: ListService
) -> None:
    service.busy = asyncio.Event()
    async with running(sender):
        put(sender, "one")
        await service.until(lambda: service.tried == 1)
    assert len(sender) == 1
    service.busy = None
    await sender.drain()
    assert service.done == [["one"]]


async def test_what_waits_when_it_starts_is_sent_without_a_nudge(
    sender: Sender, service: ListService
) -> None:
    """Also after a worker fell over and was started again."""
    service.busy = asyncio.Event()
    async with running(sender):
        put(sender, "one")
        await service.until(lambda: service.tried == 1)
    service.busy = None
    async with running(sender):
        await service.until(lambda: service.tried == 2)
    assert service.done == [["one"]]


async def test_at_the_end_the_first_failure_is_the_last_try(
    sender: Sender, service: ListService
) -> None:
    service.is_down = True
    put(sender, *map(str, range(30)))
    await sender.drain()
    assert (service.tried, len(sender)) == (1, 30)


async def test_room_is_made_by_dropping_the_oldest_event_and_no_termination(
    sender: Sender, service: ListService
) -> None:
    sender.put(Termination("ann"))
    put(sender, "one", "two")
    assert sender.drop_oldest()
    assert sender.has(Termination("ann"))
    await sender.drain()
    assert service.done == [["end ann"], ["two"]]
    assert not sender.drop_oldest()
