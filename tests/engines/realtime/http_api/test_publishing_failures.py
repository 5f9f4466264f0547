"""Idempotency keys when something fails on the way, or happens at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from kabar.core.events import Publication
from kabar.engines.broker import Carried
from kabar.engines.broker.memory import MemoryBroker
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.http_api.calls import Rejection, Reply, VerifiedCall
from kabar.engines.realtime.http_api.claimed_keys import Mark, MemoryIdempotencyStore
from kabar.engines.realtime.http_api.publishing import Publishing
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.api_client import call
from tests.engines.realtime.support import APP, LIMITS, Loopless, Turns, running

EVENTS = "/apps/1/events"
EVENT = {"name": "e", "channels": ["a"], "data": "1"}
KEY = {"Idempotency-Key": "order-7"}


class BrokenOnce(MemoryBroker):
    """Cannot be reached the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.is_broken = True

    def publish(self, carried: Carried) -> None:
        if isinstance(carried, Publication) and self.is_broken:
            self.is_broken = False
            raise ConnectionError
        super().publish(carried)


class Distant(MemoryIdempotencyStore):
    """IdempotencyStore that are kept elsewhere: others have their turn while one asks."""

    async def claim(self, mark: Mark) -> bytes | None:
        await asyncio.sleep(0)
        return await super().claim(mark)

    async def keep(self, mark: Mark, answer: bytes) -> None:
        await asyncio.sleep(0)
        await super().keep(mark, answer)


Send = Callable[..., Awaitable[Reply]]


def posted(body: object) -> VerifiedCall:
    return VerifiedCall(app=APP, body=json.dumps(body).encode())


ITEM = {"name": "e", "channel": "a", "data": "1"}
ONE = posted({**EVENT, "idempotency_key": "k"})
TWO = posted({"batch": [{**ITEM, "idempotency_key": "k1"}, {**ITEM, "idempotency_key": "k2"}]})


@pytest.mark.parametrize(("kind", "sent", "count"), [("event", ONE, 1), ("batch", TWO, 2)])
async def test_what_could_not_be_delivered_may_be_sent_again(
    kind: str, sent: VerifiedCall, count: int
) -> None:
    world = Loopless(broker=BrokenOnce())
    listener = world.connect()
    world.subscribe(listener, "a")
    world.turns.take_all()
    assert listener.heard
    keys = MemoryIdempotencyStore(world.turns, seconds=60, max_bytes=10_000)
    send: Send = getattr(Publishing(world.node, keys, LIMITS), kind)

    with pytest.raises(ConnectionError):
        await send(sent)
    reply = await send(sent)
    world.turns.take_all()

    assert (reply.status, reply.is_replayed) == (200, False)
    assert len(listener.heard) == count


@pytest.mark.parametrize(("kind", "sent", "count"), [("event", ONE, 1), ("batch", TWO, 2)])
async def test_two_at_once_are_one_delivery_also_when_the_answers_are_far_away(
    kind: str, sent: VerifiedCall, count: int
) -> None:
    world = Loopless()
    listener = world.connect()
    world.subscribe(listener, "a")
    world.turns.take_all()
    assert listener.heard
    keys = Distant(world.turns, seconds=60, max_bytes=10_000)
    send: Send = getattr(Publishing(world.node, keys, LIMITS), kind)

    first, second = await asyncio.gather(send(sent), send(sent), return_exceptions=True)
    afterwards = await send(sent)
    world.turns.take_all()

    assert isinstance(first, Reply)
    assert (first.status, first.is_replayed) == (200, False)
    assert isinstance(second, Rejection)
    assert second.status == 409
    assert afterwards == (first.body, 200, True)
    assert len(listener.heard) == count


async def test_a_key_that_another_node_has_claimed_waits_for_its_answer() -> None:
    """What they share says so; here the other node is played by hand."""
    shared = MemoryIdempotencyStore(Turns(), seconds=60, max_bytes=10_000)
    app = App(id="1", key="app-key", secret="app-secret")
    async with running(app, idempotency=shared, limits=RealtimeLimits(drain_seconds=0)) as server:
        await call(server, "POST", EVENTS, EVENT, headers=KEY)
        mark = next(iter(shared._apps["1"].values())).mark
        await shared.release(mark)

        await shared.claim(mark)
        meanwhile = await call(server, "POST", EVENTS, EVENT, headers=KEY)
        await shared.keep(mark, b'{"by":"the other"}')
        afterwards = await call(server, "POST", EVENTS, EVENT, headers=KEY)

    assert (meanwhile.status, meanwhile.text) == (
        409,
        "A call with this idempotency key is being answered. Try again\n",
    )
    assert (afterwards.status, afterwards.text) == (200, '{"by":"the other"}')
