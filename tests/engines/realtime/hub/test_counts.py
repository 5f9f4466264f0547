"""Counts of subscriptions, and when changes of them are announced."""

from __future__ import annotations

import json

import pytest

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hub.counts import Counts
from tests.engines.realtime.support import ListSocket, Loopless, client, frame, running

COUNTING = App(id="1", key="app-key", secret="app-secret", subscription_count=True)
COUNT = "pusher_internal:subscription_count"


def counts_heard(loopless: Loopless, socket: ListSocket) -> list[int]:
    loopless.turns.take_all()
    return [
        json.loads(each["data"])["subscription_count"]
        for each in socket.heard
        if each["event"] == COUNT
    ]


def crowd(loopless: Loopless, size: int, channel: str = "x") -> list[ListSocket]:
    sockets = [loopless.connect(COUNTING) for _ in range(size)]
    for socket in sockets:
        loopless.subscribe(socket, channel)
    return sockets


def leave(loopless: Loopless, socket: ListSocket, channel: str = "x") -> None:
    loopless.say(socket, frame("pusher:unsubscribe", {"channel": channel}))


@pytest.mark.parametrize("channel", ["x", "private-x", "private-encrypted-x", "cache-x"])
def test_everybody_on_a_channel_hears_how_many_they_are(channel: str) -> None:
    loopless = Loopless(COUNTING)
    alice, bob = crowd(loopless, 2, channel)
    assert counts_heard(loopless, alice) == [1, 2]
    assert counts_heard(loopless, bob) == [2]
    leave(loopless, bob, channel)
    assert counts_heard(loopless, alice) == [1]
    assert counts_heard(loopless, bob) == []
    bob.close(1000, "")
    assert counts_heard(loopless, alice) == []


def test_the_subscription_is_confirmed_before_the_count_is_told() -> None:
    loopless = Loopless(COUNTING)
    [alice] = crowd(loopless, 1)
    loopless.turns.take_all()
    assert [each["event"] for each in alice.heard] == [
        "pusher_internal:subscription_succeeded",
        COUNT,
    ]


def test_members_and_apps_that_do_not_count_are_not_told(loopless: Loopless) -> None:
    counting = Loopless(COUNTING)
    alice = counting.connect(COUNTING)
    counting.join(alice, "alice")
    assert counts_heard(counting, alice) == []
    bob = loopless.connect()
    loopless.subscribe(bob, "x")
    assert counts_heard(loopless, bob) == []


def test_a_large_channel_hears_its_newest_count_every_five_seconds() -> None:
    loopless = Loopless(COUNTING)
    first = crowd(loopless, 1)[0]
    crowd(loopless, 100)
    # The hundred and first is the first that makes it large.
    assert counts_heard(loopless, first) == list(range(1, 102))
    crowd(loopless, 7)
    assert counts_heard(loopless, first) == []
    loopless.turns.pass_time(4.9)
    assert counts_heard(loopless, first) == []
    loopless.turns.pass_time(0.1)
    assert counts_heard(loopless, first) == [108]
    loopless.turns.pass_time(60)
    assert counts_heard(loopless, first) == []
    assert loopless.turns.waiting == 0


def test_a_large_channel_that_everybody_leaves_at_once_is_forgotten() -> None:
    loopless = Loopless(COUNTING)
    for socket in crowd(loopless, 150):
        socket.close(1000, "")
    loopless.turns.pass_time(60)
    assert loopless.turns.waiting == 0
    assert list(loopless.node.hub.space("1").counts) == []


def test_counts_know_when_a_channel_is_empty() -> None:
    counts = Counts()
    assert [counts.came("x", "a"), counts.came("x", "a"), counts.of("x")] == [1, 2, 2]
    assert (list(counts), counts.of("y")) == (["x"], 0)
    assert [counts.went("x", "a"), counts.went("x", "a"), counts.of("x")] == [1, 0, 0]
    assert list(counts) == []


def test_what_one_node_has_is_not_anothers_to_count_out() -> None:
    counts = Counts()
    assert [counts.came("x", "a"), counts.went("x", "b"), counts.of("x")] == [1, None, 1]
    assert [counts.came("x", "b"), counts.went("x", "a"), counts.went("x", "a")] == [2, 1, None]
    assert [counts.went("x", "b"), list(counts), counts._by_node] == [0, [], {}]


async def test_real_clients_hear_it_too() -> None:
    async with running(COUNTING) as server, client(server) as alice, client(server) as bob:
        await alice.subscribe("x")
        expected = {"event": COUNT, "channel": "x", "data": '{"subscription_count":1}'}
        assert await alice.hear() == expected
        await bob.subscribe("x")
        assert json.loads((await alice.hear())["data"]) == {"subscription_count": 2}
        bob.websocket.transport.abort()
        assert json.loads((await alice.hear())["data"]) == {"subscription_count": 1}
