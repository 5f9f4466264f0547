"""Polling: one line to a request, and another request for the next."""

from __future__ import annotations

import asyncio
import json

from tests.engines.realtime.fallback.http_client import (
    QUICK,
    HttpClient,
    disconnected,
    http_client,
    publish,
)
from tests.engines.realtime.support import Running, client, frame, running, subscribe
from tests.patience import patiently


def frames_of(line: str) -> list[dict[str, object]]:
    assert line[0] == "a", line
    return [json.loads(text) for text in json.loads(line[1:])]


async def greet(ann: HttpClient) -> None:
    """Open a session by polls."""
    assert await ann.poll() == "o"
    (greeting,) = frames_of(await ann.poll())
    assert greeting["event"] == "pusher:connection_established"
    ann.socket_id = json.loads(str(greeting["data"]))["socket_id"]


async def test_polls_bring_what_came_meanwhile_in_order(server: Running) -> None:
    async with http_client(server) as ann:
        await greet(ann)
        await ann.say(subscribe("news"))
        assert [f["event"] for f in frames_of(await ann.poll())] == [
            "pusher_internal:subscription_succeeded"
        ]
        for number in range(5):
            publish(server, str(number))
        assert [f["data"] for f in frames_of(await ann.poll())] == list("01234")


async def test_a_poll_that_waits_is_answered_at_once(server: Running) -> None:
    async with http_client(server) as ann, client(server) as ben:
        await greet(ann)
        await ben.subscribe("private-room")
        await ann.say(subscribe("private-room", socket_id=ann.socket_id))
        frames_of(await ann.poll())

        poll = asyncio.create_task(ann.poll())
        await ann.say(frame("client-hi", {}, channel="private-room"))
        assert (await ben.hear())["event"] == "client-hi"
        assert not poll.done()
        await ben.say(frame("client-you", {}, channel="private-room"))
        assert [f["event"] for f in frames_of(await poll)] == ["client-you"]


async def test_who_leaves_a_waiting_poll_has_left(server: Running) -> None:
    async with http_client(server) as ann:
        await greet(ann)
        # Its head comes as soon as it waits.
        poll = await ann.http.post(f"{ann.base}/xhr")
        poll.close()
        await disconnected(server)


async def test_an_empty_array_is_answered_on_the_waiting_poll(server: Running) -> None:
    async with http_client(server) as ann:
        await greet(ann)
        poll = asyncio.create_task(ann.poll())
        await ann.say()
        assert await poll == "a[]"


async def test_a_quiet_poll_ends_with_a_heartbeat_and_who_comes_again_stays() -> None:
    async with running(limits=QUICK) as server, http_client(server) as ann:
        await greet(ann)
        for _ in range(8):
            assert await ann.poll() == "h"
        assert server.realtime.stats.connections == 1


async def test_who_does_not_poll_again_in_time_has_left() -> None:
    async with running(limits=QUICK) as server, http_client(server) as ann:
        await greet(ann)
        await disconnected(server)
        assert await ann.post(b"[]") == 404


async def test_a_poll_too_many_is_told_so_and_takes_nothing(server: Running) -> None:
    async with http_client(server) as ann:
        await greet(ann)
        first, second = (asyncio.create_task(ann.poll()) for _ in range(2))
        async with patiently():
            done, (waiting,) = await asyncio.wait({first, second}, return_when="FIRST_COMPLETED")
        assert [task.result() for task in done] == ['c[2010,"Another connection still open"]']
        await ann.say(frame("pusher:ping"))
        assert [f["event"] for f in frames_of(await waiting)] == ["pusher:pong"]


async def test_a_session_that_was_closed_says_why_at_the_next_poll(server: Running) -> None:
    async with http_client(server, path="/app/no-such-key") as ann:
        assert await ann.poll() == "o"
        (error,) = frames_of(await ann.poll())
        assert error["event"] == "pusher:error"
        last = await ann.poll()
        assert last.startswith("c[4001,")
        assert await ann.poll() == "o"
