"""Webhooks from a real socket to a real endpoint."""

from __future__ import annotations

import hashlib
import hmac
import json

import pusher
import pytest

from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.api_client import call
from tests.engines.realtime.support import client, frame
from tests.engines.realtime.webhooks.receiver import EVERYTHING, app_telling, receiving, working


async def test_what_happens_is_told_signed_and_in_order() -> None:
    async with receiving() as receiver:
        app = app_telling(receiver)
        async with working(app) as server, client(server) as alice:
            await alice.join("alice", "presence-cache-x")
            await alice.hear()
            await alice.say(frame("client-a", {"b": 1}, channel="presence-cache-x"))
            had = await receiver.has_had(4)
            assert [each.events for each in had] == [
                [{"name": "channel_occupied", "channel": "presence-cache-x"}],
                [{"name": "member_added", "channel": "presence-cache-x", "user_id": "alice"}],
                [{"name": "cache_miss", "channel": "presence-cache-x"}],
                [
                    {
                        "name": "client_event",
                        "channel": "presence-cache-x",
                        "event": "client-a",
                        "data": '{"b": 1}',
                        "socket_id": alice.socket_id,
                        "user_id": "alice",
                    }
                ],
            ]
            for each in had:
                assert each.headers["Content-Type"] == "application/json"
                assert each.headers["X-Pusher-Key"] == "app-key"
                signature = hmac.new(b"app-secret", each.body, hashlib.sha256).hexdigest()
                assert each.headers["X-Pusher-Signature"] == signature
            assert len({each.headers["X-Kabar-Delivery"] for each in had}) == 4
            sdk = pusher.Pusher(app_id="1", key="app-key", secret="app-secret")
            told = sdk.validate_webhook(
                had[0].headers["X-Pusher-Key"],
                had[0].headers["X-Pusher-Signature"],
                had[0].body.decode(),
            )
            assert told is not None
            assert told["events"] == had[0].events


@pytest.mark.parametrize("status", [500, 404, 302, 300])
async def test_an_endpoint_that_refuses_is_asked_again_with_the_very_same(status: int) -> None:
    limits = RealtimeLimits(webhook_first_pause=0.01, drain_seconds=0.0, close_timeout=1.0)
    async with receiving() as receiver:
        receiver.status = status
        app = app_telling(receiver)
        async with working(app, limits=limits) as server, client(server) as alice:
            await alice.subscribe("x")
            await receiver.has_had(2)
            receiver.status = 204
            had = await receiver.has_had(4)
    assert {each.path for each in had} == {"/hook"}
    first = had[0]
    repeated = [each for each in had if each.body == first.body]
    assert len(repeated) >= 2
    assert len({each.headers["X-Kabar-Delivery"] for each in repeated}) == 1
    assert had[-1].events[0]["name"] == "subscription_count"


async def test_a_batch_is_one_post() -> None:
    async with receiving() as receiver:
        app = app_telling(receiver, batch=True, channel_prefix="private-")
        async with working(app) as server, client(server) as alice:
            await alice.subscribe("other")
            for number in range(5):
                await alice.subscribe(f"private-{number}")
                await alice.hear()
            had = await receiver.has_had(1)
            while sum(len(each.events) for each in had) < 10:
                had = await receiver.has_had(len(had) + 1)
            events = [event for each in had for event in each.events]
            assert [event["channel"] for event in events] == [
                f"private-{number}" for number in range(5) for _ in range(2)
            ]
            assert len(had) < 10


async def test_apps_do_not_hear_of_each_other() -> None:
    async with receiving() as receiver:
        ours = app_telling(receiver)
        theirs = App(
            id="2",
            key="other-key",
            secret="other-secret",
            webhooks=(Webhook(url=receiver.url("/theirs"), events=EVERYTHING),),
        )
        async with (
            working(ours, theirs) as server,
            client(server) as alice,
            client(server, "/app/other-key?protocol=7") as bob,
        ):
            await alice.subscribe("ours")
            await bob.say(frame("pusher:subscribe", {"channel": "theirs"}))
            had = await receiver.has_had(4)
            channels = {(each.path, each.events[0]["channel"]) for each in had}
            assert channels == {("/hook", "ours"), ("/theirs", "theirs")}
            keys = {(each.path, each.headers["X-Pusher-Key"]) for each in had}
            assert keys == {("/hook", "app-key"), ("/theirs", "other-key")}


async def test_an_endpoint_that_is_down_delays_no_event() -> None:
    down = Webhook(url="http://127.0.0.1:1/", events=EVERYTHING)
    app = App(id="1", key="app-key", secret="app-secret", webhooks=(down,))
    async with working(app) as server, client(server) as alice:
        await alice.subscribe("x")
        await alice.hear()
        event = {"name": "e", "channels": ["x"], "data": json.dumps({"a": 1})}
        assert (await call(server, "POST", "/apps/1/events", event)).status == 200
        assert (await alice.hear())["event"] == "e"


@pytest.mark.parametrize("url", ["ftp://a/", "a", "", "javascript:alert(1)"])
def test_an_endpoint_is_a_web_address(url: str) -> None:
    with pytest.raises(ValueError, match="no address for a webhook"):
        Webhook(url=url, events=())
