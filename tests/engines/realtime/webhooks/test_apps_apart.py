"""Webhooks of several apps, and of apps that change."""

from __future__ import annotations

import asyncio
import hashlib
import hmac

import pytest
from msgspec.structs import replace

from kabar.engines.realtime.apps.app import App, AppKey, Webhook
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.webhooks.cancel_window import CancelWindow
from kabar.engines.realtime.webhooks.delivery import NoStore
from kabar.engines.realtime.webhooks.dispatcher import Dispatcher
from kabar.engines.realtime.webhooks.service import Webhooks
from tests.engines.realtime.support import ListEdges, Turns, client
from tests.engines.realtime.webhooks.receiver import Received, app_telling, receiving, working
from tests.engines.realtime.webhooks.test_dispatcher import LIMITS, Endpoints, delivery
from tests.patience import patiently

OLD = AppKey(key="old-key", secret="old-secret")
OLDEST = AppKey(key="oldest-key", secret="oldest-secret")


def is_signed_by(received: Received, pair: AppKey) -> bool:
    signature = hmac.new(pair.secret.encode(), received.body, hashlib.sha256).hexdigest()
    return (
        received.headers["X-Pusher-Key"] == pair.key
        and received.headers["X-Pusher-Signature"] == signature
    )


async def test_the_oldest_key_that_is_good_signs() -> None:
    async with receiving() as receiver:
        now = app_telling(receiver, events=("channel_occupied",))
        before = replace(now, older_keys=(OLDEST, OLD))
        async with working(before) as server, client(server) as ann:
            for number, older_keys in enumerate(((OLDEST, OLD), (OLD,), ())):
                server.realtime.change_apps([replace(now, older_keys=older_keys)])
                await ann.subscribe(f"x{number}")
                await ann.hear()
                await receiver.has_had(number + 1)
        newest = AppKey(key=now.key, secret=now.secret)
        for received, pair in zip(receiver.all, (OLDEST, OLD, newest), strict=True):
            assert is_signed_by(received, pair)


async def test_two_apps_with_one_endpoint_each_sign_for_themselves() -> None:
    async with receiving() as receiver:
        one = app_telling(receiver, events=("channel_occupied",))
        two = replace(one, id="2", key="k2", secret="s2")
        three = replace(one, id="3", key="k3", secret="s3", webhooks=())
        async with (
            working(one, two, three) as server,
            client(server) as ann,
            client(server, "/app/k2?protocol=7") as bob,
            client(server, "/app/k3?protocol=7") as eve,
        ):
            for each in (eve, ann, bob):
                await each.subscribe("x")
            had = await receiver.has_had(2)
        assert len(had) == 2
        for app in (one, two):
            assert any(is_signed_by(each, AppKey(key=app.key, secret=app.secret)) for each in had)


def test_who_comes_in_one_app_takes_back_no_departure_of_another() -> None:
    turns, edges = Turns(), ListEdges()
    window = CancelWindow(turns, edges)
    one, two = (App(id=each, key=each, secret="s") for each in "12")
    window.happened(one, Edge(name="channel_vacated", channel="x"))
    window.happened(two, Edge(name="channel_occupied", channel="x"))
    turns.pass_time(3)
    told = [(app_id, edge.name) for app_id, edge in edges.all]
    assert told == [("2", "channel_occupied"), ("1", "channel_vacated")]


@pytest.mark.parametrize("is_removed", [True, False])
async def test_an_app_that_is_gone_is_told_nothing_more(is_removed: bool) -> None:
    """Neither what waits for its endpoint, nor what its end brings about."""
    hook = Webhook(url="http://a", events=("channel_vacated",))
    app = App(id="1", key="k", secret="s", webhooks=(hook,))
    other = App(id="2", key="k2", secret="s2", webhooks=(hook,))
    apps, endpoints = Apps([app, other]), Endpoints()
    endpoints.failures = lambda each: "down" if each.app_id == "1" else None
    dispatcher = Dispatcher(apps=apps, store=NoStore(), limits=LIMITS)
    running = asyncio.create_task(dispatcher.run(endpoints))
    try:
        dispatcher.take(delivery("waits", app_id="1"))
        await endpoints.have_had(2)
        apps.replace([other] if is_removed else [replace(app, enabled=False), other])
        async with patiently():
            while list(dispatcher.queues.lanes()):
                await asyncio.sleep(0)
        tried = len(endpoints.sent)
        dispatcher.take(delivery("late", app_id="1"))
        dispatcher.take(delivery("theirs", app_id="2"))
        await endpoints.have_had(tried + 1)
        assert endpoints.sent[tried:] == ["theirs"]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_closing_the_connections_of_a_disabled_app_is_no_news_to_it() -> None:
    async with receiving() as receiver:
        app = app_telling(receiver, events=("channel_occupied", "channel_vacated"))
        witness = replace(app, id="2", key="k2", secret="s2")
        async with working(app, witness) as server:
            async with client(server) as ann, client(server, "/app/k2?protocol=7") as bob:
                await ann.subscribe("x")
                await bob.subscribe("x")
                await receiver.has_had(2)
                server.realtime.change_apps([replace(app, enabled=False), witness])
                assert (await ann.closing())[0] == 4003
            # The other app's departure was later: it would come after the first's, if that came.
            had = await receiver.has_had(3)
        assert [each.headers["X-Pusher-Key"] for each in had[2:]] == ["k2"]


@pytest.mark.parametrize("is_enabled", [True, False])
def test_nothing_is_kept_for_an_app_that_is_disabled(is_enabled: bool) -> None:
    """Its connections may have been many, and all of them leave at once."""
    hook = Webhook(url="http://a", events=("channel_occupied",))
    app = App(id="1", key="k", secret="s", webhooks=(hook,), enabled=is_enabled)
    webhooks = Webhooks(apps=Apps([app]), store=NoStore(), limits=LIMITS, clock=Turns())
    webhooks.happened(app, Edge(name="channel_occupied", channel="x"))
    assert bool(webhooks._dispatcher._new) is is_enabled
