"""One client floods the server with frames: it is told so or cut off, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
import socket

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.support import (
    APP,
    SOCKET_ID,
    Loopless,
    Running,
    client,
    frame,
    join_as,
    new_connection,
    running,
    subscribe,
)
from tests.patience import patiently

LIMITED = msgspec.structs.replace(APP, client_events_per_second=10)


async def test_a_flood_of_subscriptions_ends_at_the_limit(server: Running) -> None:
    async with client(server) as bob:
        await bob.subscribe("c1")
        async with client(server) as alice:
            for number in range(1_500):
                await alice.say(subscribe(f"c{number}"))
            answers = [await alice.hear() for _ in range(1_500)]
            assert [each["event"] for each in answers[:1_000]] == [
                "pusher_internal:subscription_succeeded"
            ] * 1_000
            assert {each["data"]["message"] for each in answers[1_000:]} == {
                "Too many subscriptions on this connection"
            }
            # One place is given up, and there is room for one.
            await alice.say(frame("pusher:unsubscribe", {"channel": "c0"}))
            await alice.say(subscribe("c1000"))
            assert (await alice.hear())["channel"] == "c1000"
        assert await bob.is_silent()


def test_a_flood_of_coming_and_going_leaves_nothing_behind(loopless: Loopless) -> None:
    alice, bob = loopless.connect(), loopless.connect()
    loopless.join(bob, "bob")
    socket_id = alice.connection.socket_id
    for number in range(2_000):
        loopless.say(alice, join_as("alice", socket_id=socket_id))
        loopless.say(alice, subscribe(f"c{number}"))
        for channel in ("presence-room", f"c{number}"):
            loopless.say(alice, frame("pusher:unsubscribe", {"channel": channel}))
        loopless.turns.take_all()
    space = loopless.node.hub.space(APP.id)
    assert alice.connection.subscriptions == {}
    assert list(space.channels) == list(space.counts) == ["presence-room"]
    assert [member.user_id for member in space.presence.members("presence-room")] == ["bob"]
    assert [each["event"] for each in bob.heard[1:]] == [
        "pusher_internal:member_added",
        "pusher_internal:member_removed",
    ] * 2_000


def test_of_a_flood_of_client_events_only_so_many_are_passed_on() -> None:
    loopless = Loopless(LIMITED)
    alice, bob = loopless.connect(LIMITED), loopless.connect(LIMITED)
    for each in (alice, bob):
        loopless.subscribe(each, "private-x")
        each.frames.clear()
    for number in range(1_000):
        loopless.say(alice, frame("client-a", number, channel="private-x"), now=50.0)
    loopless.turns.take_all()
    assert [each["data"] for each in bob.heard] == [str(number) for number in range(10)]
    refused = {"code": 4301, "message": "Client event rejected due to rate limit"}
    assert [each["data"] for each in alice.heard] == [refused] * 990
    # It is the connection that is limited, and not the channel.
    loopless.say(bob, frame("client-a", "mine", channel="private-x"), now=50.0)
    loopless.turns.take_all()
    assert [each["data"] for each in alice.heard] == ["mine"]


def test_refused_client_events_cost_nothing_of_the_allowance() -> None:
    connection = new_connection(LIMITED)
    connection.receive(subscribe("private-x"), 0.0)
    for _ in range(100):
        connection.receive(frame("client-a", "", channel="private-y"), 0.0)
        connection.receive(frame("client-a", "x" * 10_241, channel="private-x"), 0.0)
    (effect,) = connection.receive(frame("client-a", "", channel="private-x"), 0.0)
    assert effect.publication.except_socket == SOCKET_ID  # type: ignore[union-attr]


async def test_a_flood_whose_answers_are_not_read_is_cut_off() -> None:
    """Each refusal echoes what was sent: unread, they would fill the memory."""
    limits = RealtimeLimits(socket_queue_bytes=64 * 1024, close_timeout=0.4, drain_seconds=0.0)
    async with running(limits=limits) as server, client(server) as bob:
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", server.port))
        deaf = await connect(
            server.url(), sock=narrow, max_queue=1, ping_interval=None, compression=None
        )
        flood = json.dumps({"event": "x" * 50_000})
        async with patiently():
            try:
                while server.realtime.stats.slow_readers_cut_off == 0:
                    await deaf.send(flood)
            except ConnectionClosed:
                pass
            assert server.realtime.stats.slow_readers_cut_off == 1
            while len(server.realtime._gateway._peers) > 1:
                await asyncio.sleep(0)
        deaf.transport.abort()
        await deaf.wait_closed()
        assert await bob.is_silent()
