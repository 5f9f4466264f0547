"""What comes in requests is heard in its turn, as what comes on a WebSocket is."""

from __future__ import annotations

import asyncio
import json

import pytest

from kabar.engines.realtime.gateway.inflow import SLICE_BYTES
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.fallback.http_client import disconnected, streaming
from tests.engines.realtime.support import Running, client, frame, running, subscribe
from tests.patience import patiently

PING = frame("pusher:ping", {})


@pytest.fixture(autouse=True)
def _no_turn_has_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a turn may be: here a slice is too long already."""
    monkeypatch.setattr("kabar.engines.realtime.gateway.inflow._TURN_SECONDS", 0.0)


async def test_a_thousand_frames_of_one_request_are_heard_in_slices(server: Running) -> None:
    async with streaming(server) as ann:
        answers = asyncio.create_task(heard(ann.hear, 1_000))
        saying = asyncio.create_task(ann.say(*[PING] * 1_000))
        turns = 0
        async with patiently():
            while not (answers.done() and saying.done()):
                await asyncio.sleep(0)
                turns += 1
        assert await answers == ["pusher:pong"] * 1_000
    assert turns >= len(PING) * 1_000 // SLICE_BYTES


async def test_others_have_their_turn_in_between(server: Running) -> None:
    """Whoever has one question is answered in the middle of it."""
    stats = server.realtime.stats
    async with streaming(server) as ann, client(server) as bob:
        before = stats.messages_in
        saying = asyncio.create_task(ann.say(*[PING] * 1_000))
        async with patiently():
            while stats.messages_in == before:
                await asyncio.sleep(0)
        assert await bob.is_silent()
        assert stats.messages_in - before < 1_000
        await saying
        assert await heard(ann.hear, 1_000) == ["pusher:pong"] * 1_000


async def test_what_several_requests_bring_is_heard_in_their_order(server: Running) -> None:
    async with streaming(server) as ann:
        for number in range(30):
            await ann.say(*[subscribe(f"{number}-{each}") for each in range(20)])
        channels = [(await ann.hear())["channel"] for _ in range(600)]
    assert channels == [f"{number}-{each}" for number in range(30) for each in range(20)]


async def test_what_waits_for_its_turn_is_bounded() -> None:
    limits = RealtimeLimits(socket_queue_bytes=1 << 16, drain_seconds=0.0)
    async with running(limits=limits) as server, streaming(server) as ann:
        said = [ann.post(json.dumps([PING] * 1_000).encode()) for _ in range(20)]
        statuses = await asyncio.gather(*said)
        assert set(statuses) <= {204, 404}
        assert (await ann.rest())[-1] in {
            'c[4100,"Too much at once"]',
            'c[4100,"Too slow: too much is waiting to be read"]',
        }
        await disconnected(server)


async def test_what_one_request_may_bring_is_taken_however_small_the_queue_is() -> None:
    limits = RealtimeLimits(socket_queue_bytes=1 << 14, drain_seconds=0.0)
    async with running(limits=limits) as server, streaming(server) as ann:
        await ann.say(*["{}"] * 100, frame("client-x", "x" * 30_000))
        assert await heard(ann.hear, 101) == ["pusher:error"] * 101


async def heard(hear: object, count: int) -> list[str]:
    assert callable(hear)
    return [(await hear())["event"] for _ in range(count)]
