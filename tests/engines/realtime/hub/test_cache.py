"""Cache channels: new subscribers get the last event."""

from __future__ import annotations

from typing import Any

import pytest

from kabar.core.events import Publication
from kabar.engines.realtime.hub.cache import Cache
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import channels
from tests.engines.realtime.api_client import call
from tests.engines.realtime.support import (
    APP,
    OTHER_APP,
    ListSocket,
    Loopless,
    Running,
    client,
    frame,
    subscribe,
)

KINDS = ["cache-x", "private-cache-x", "private-encrypted-cache-x", "presence-cache-x"]


def event(channel: str, data: str = "1", name: str = "e", app_id: str = APP.id) -> Publication:
    return Publication(channels=(channel,), event=name, data=data, app_id=app_id)


def come(loopless: Loopless, channel: str) -> tuple[ListSocket, list[dict[str, Any]]]:
    """Somebody new on a channel, and what they hear at once."""
    socket = loopless.connect()
    if channels.is_presence(channel):
        loopless.join(socket, socket.connection.socket_id, channel)
    else:
        loopless.subscribe(socket, channel)
    return socket, socket.heard[1:]


@pytest.mark.parametrize("channel", KINDS)
def test_whoever_comes_hears_the_last_event_or_that_there_is_none(channel: str) -> None:
    loopless = Loopless()
    _, heard = come(loopless, channel)
    assert heard == [{"event": "pusher:cache_miss", "channel": channel, "data": "{}"}]
    for number in (1, 2):
        loopless.node.publish(event(channel, str(number)))
    _, heard = come(loopless, channel)
    assert heard == [{"event": "e", "channel": channel, "data": "2"}]


@pytest.mark.parametrize("channel", ["x", "private-x", "xcache-", "private-xcache-", "presence-x"])
def test_other_channels_have_no_memory(channel: str) -> None:
    loopless = Loopless()
    loopless.node.publish(event(channel))
    assert come(loopless, channel)[1] == []


def test_what_is_on_its_way_is_heard_once_and_in_order(loopless: Loopless) -> None:
    """An event of the same turn is told as the last one, and not again with the others."""
    loopless.node.publish(event("cache-x", "1"))
    early, _ = come(loopless, "cache-x")
    loopless.node.publish(event("cache-x", "2"))
    late, heard = come(loopless, "cache-x")
    loopless.node.publish(event("cache-x", "3"))
    loopless.turns.take_all()
    assert [each["data"] for each in heard] == ["2"]
    assert [each["data"] for each in late.heard] == ["3"]
    assert [each["data"] for each in early.heard] == ["2", "3"]


def test_events_of_clients_and_of_the_server_itself_are_not_kept(loopless: Loopless) -> None:
    member, _ = come(loopless, "presence-cache-x")
    come(loopless, "presence-cache-x")
    loopless.say(member, frame("client-a", "1", channel="presence-cache-x"))
    assert come(loopless, "presence-cache-x")[1][0]["event"] == "pusher:cache_miss"


def test_the_last_event_grows_stale() -> None:
    loopless = Loopless(limits=RealtimeLimits(cache_seconds=60))
    loopless.node.publish(event("cache-x"))
    loopless.turns.pass_time(59)
    assert come(loopless, "cache-x")[1][0]["event"] == "e"
    loopless.turns.pass_time(1)
    assert come(loopless, "cache-x")[1][0]["event"] == "pusher:cache_miss"


def test_another_app_has_another_memory(loopless: Loopless) -> None:
    loopless.node.publish(event("cache-x", app_id=OTHER_APP.id))
    assert come(loopless, "cache-x")[1][0]["event"] == "pusher:cache_miss"


def test_the_cache_does_not_grow_beyond_its_limit() -> None:
    cache = Cache(seconds=60, max_bytes=50_000)
    for number in range(1_000):
        cache.keep(event(f"cache-{number}", "x" * 1_000), now=0.0)
    kept = [number for number in range(1_000) if cache.find(f"cache-{number}", 0.0)]
    assert kept == list(range(1_000 - len(kept), 1_000))
    assert 5 <= len(kept) <= 50
    # One channel that is told again and again takes room once.
    for _ in range(1_000):
        cache.keep(event("cache-999", "x" * 1_000), now=0.0)
    assert [number for number in range(1_000) if cache.find(f"cache-{number}", 0.0)] == kept


def test_what_is_stale_takes_no_room() -> None:
    cache = Cache(seconds=60, max_bytes=1 << 20)
    for number in range(100):
        cache.keep(event(f"cache-{number}"), now=float(number))
    cache.keep(event("cache-new"), now=159.5)
    assert list(cache._events) == ["cache-new"]
    assert cache._bytes < 400


async def test_over_http_the_last_event_can_be_asked_for(server: Running) -> None:
    info = {"info": "cache,subscription_count"}
    path = "/apps/1/channels/private-cache-x"
    answer = await call(server, "GET", path, parameters=info)
    assert answer.json == {"occupied": False, "subscription_count": 0, "cache": None}
    event = {"name": "e", "channels": ["private-cache-x", "x"], "data": '{"a":1}'}
    assert (await call(server, "POST", "/apps/1/events", event)).text == "{}"
    async with client(server) as alice:
        await alice.subscribe("private-cache-x")
        assert (await alice.hear())["data"] == '{"a":1}'
        answer = await call(server, "GET", path, parameters=info)
        assert answer.json["occupied"] is True
        assert answer.json["cache"]["data"] == '{"a":1}'
        assert 1_795 <= answer.json["cache"]["ttl"] <= 1_800
        await alice.say(subscribe("cache-y", socket_id=alice.socket_id))
        heard = [(await alice.hear())["event"] for _ in range(2)]
        assert heard == ["pusher_internal:subscription_succeeded", "pusher:cache_miss"]
    answer = await call(server, "GET", "/apps/1/channels/x", parameters={"info": "cache"})
    assert answer.json == {"occupied": False}


async def test_the_cache_is_told_of_one_channel_and_not_of_a_list(server: Running) -> None:
    answer = await call(server, "GET", "/apps/1/channels", parameters={"info": "cache"})
    assert answer.status == 400
    assert "info should be a comma separated list of attributes" in answer.text
