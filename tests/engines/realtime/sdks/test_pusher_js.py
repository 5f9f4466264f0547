"""The stock pusher-js, on Node and on a page in Chromium, with an application that signs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.engines.realtime.sdks.application import application
from tests.engines.realtime.sdks.client_sdks import Start, pusher_js, pusher_js_on_a_page
from tests.engines.realtime.sdks.server_sdks import PythonSdk
from tests.engines.realtime.support import APP, Running, running
from tests.journeys.browser import chromium
from tests.journeys.pusher_js import REFUSED, SUBSCRIBED

CHANNELS = [
    "orders",
    "private-orders",
    "presence-orders",
    "private-encrypted-orders",
    "cache-orders",
    "private-cache-orders",
    "presence-cache-orders",
]


# One browser for all of them: it takes longer to start than anything here takes.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncIterator[Running]:
    """Of an app with everything on."""
    async with running(msgspec.structs.replace(APP, subscription_count=True)) as found:
        yield found


@pytest.fixture
def sdk(server: Running) -> PythonSdk:
    return PythonSdk(server.port)


@pytest_asyncio.fixture(loop_scope="module", params=["node", "chromium"])
async def start(
    request: pytest.FixtureRequest, server: Running, sdk: PythonSdk, browser: Browser
) -> AsyncIterator[Start]:
    async with application(sdk) as signer:
        if request.param == "node":
            yield lambda user: pusher_js(server, signer, user)
        else:
            yield lambda user: pusher_js_on_a_page(browser, server, signer, user)


async def test_it_hears_what_is_triggered_on_every_kind_of_channel(
    start: Start, sdk: PythonSdk
) -> None:
    async with start("alice") as alice:
        await alice.subscribe(*CHANNELS)
        for channel in CHANNELS:
            await sdk.trigger([channel], "news", {"at": channel, "text": "Żółć 👋"})
            heard = await alice.wait_for("news", channel)
            assert heard == {"at": channel, "text": "Żółć 👋"}
        assert len(alice.data_of("news")) == len(CHANNELS)
        assert alice.data_of("error") == []


async def test_a_cache_channel_tells_its_last_event_or_that_there_is_none(
    start: Start, sdk: PythonSdk
) -> None:
    await sdk.trigger(["cache-a"], "news", {"n": 1})
    async with start("alice") as alice:
        for channel in ("cache-a", "private-cache-b"):
            await alice.subscribe(channel)
        assert await alice.wait_for("news", "cache-a") == {"n": 1}
        await alice.wait_for("pusher:cache_miss", "private-cache-b")
        assert alice.data_of("pusher:cache_miss", "cache-a") == []


async def test_members_are_seen_coming_and_going(start: Start) -> None:
    async with start("alice") as alice:
        await alice.subscribe("presence-a")
        async with start("bob") as bob:
            await bob.subscribe("presence-a")
            added = await alice.wait_for("pusher:member_added", "presence-a")
            assert added == {"id": "bob", "info": {"name": "Bob"}}
            await bob.do("members", channel="presence-a")
            seen = await bob.wait_for("members")
            assert seen["count"] == 2
            assert seen["members"] == {"alice": {"name": "Alice"}, "bob": {"name": "Bob"}}
            assert seen["me"] == {"id": "bob", "info": {"name": "Bob"}}
        removed = await alice.wait_for("pusher:member_removed", "presence-a")
        assert removed == {"id": "bob", "info": {"name": "Bob"}}


async def test_client_events_reach_the_others_and_say_who_sent_them(start: Start) -> None:
    async with start("alice") as alice, start("bob") as bob:
        for each in (alice, bob):
            await each.subscribe("private-a", "presence-a")
        kinds: list[Any] = [{"n": 1}, "text", ["a", None], 7]
        for number, data in enumerate(kinds, start=1):
            for channel in ("private-a", "presence-a"):
                await alice.do("trigger", channel=channel, event="client-e", data=data)
                assert await bob.wait_for("client-e", channel, times=number) == data
        assert set(bob.data_of("user_id", "presence-a")) == {"alice"}
        assert bob.data_of("user_id", "private-a") == alice.data_of("client-e") == []


async def test_how_many_subscribe_is_told(start: Start) -> None:
    async with start("alice") as alice:
        await alice.subscribe("a")
        async with start("bob") as bob:
            await bob.subscribe("a")
            counted = await alice.wait_for("pusher:subscription_count", "a", times=2)
            assert counted == {"subscription_count": 2}
        counted = await alice.wait_for("pusher:subscription_count", "a", times=3)
        assert counted == {"subscription_count": 1}


async def test_a_user_signs_in_is_talked_to_and_watched_and_put_out(
    start: Start, sdk: PythonSdk
) -> None:
    async with start("alice") as alice:
        await alice.do("signin")
        signed_in = await alice.wait_for("pusher:signin_success")
        assert '"alice"' in signed_in["user_data"]
        status = {"name": "offline", "user_ids": ["bob"]}
        assert await alice.wait_for("offline", "watchlist") == status
        async with start("bob") as bob:
            await bob.do("signin")
            assert await alice.wait_for("online", "watchlist") == {**status, "name": "online"}
            await sdk.send_to_user("alice", "hello", {"n": 1})
            assert await alice.wait_for("hello", "user") == {"n": 1}
            assert bob.data_of("hello") == []
            await sdk.does("terminate_user_connections", "bob")
            # 4009: it may not come back by itself.
            await bob.wait_until(lambda: "disconnected" in bob.data_of("state"))
        assert await alice.wait_for("offline", "watchlist", times=2) == status


async def test_what_the_application_does_not_sign_is_not_heard(
    start: Start, sdk: PythonSdk
) -> None:
    async with start("alice") as alice:
        for channel in ("private-forbidden", "presence-forbidden", "private-encrypted-forbidden"):
            await alice.do("subscribe", channel=channel)
            refused = await alice.wait_for(REFUSED, channel)
            assert (refused["type"], refused["status"]) == ("AuthError", 403)
            assert await sdk.does("channel_info", channel) == {"occupied": False}


async def test_after_being_asked_to_reconnect_it_has_all_its_channels_again(
    start: Start, server: Running, sdk: PythonSdk
) -> None:
    async with start("alice") as alice:
        await alice.subscribe("a", "presence-a")
        (socket_id,) = alice.data_of("connected")
        server.realtime.note_asker(socket_id, "alice")
        server.realtime.reauthorize("alice")
        assert await alice.wait_for("connected", times=2) != socket_id
        await alice.wait_for(SUBSCRIBED, "presence-a", times=2)
        for channel in ("a", "presence-a"):
            await sdk.trigger([channel], "news", {})
            await alice.wait_for("news", channel)
        assert len(alice.data_of("news")) == 2
