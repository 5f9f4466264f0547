"""Does the stock pusher-js work in a browser whose proxy breaks WebSocket?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pusher
import pytest
from playwright.async_api import Browser

from tests.journeys.breaking_proxy import breaking_proxy
from tests.journeys.browser import chromium
from tests.journeys.conftest import CHEAP
from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess
from tests.journeys.pusher_js import official_sdk, pusher_js
from tests.journeys.web_client import web_client
from tests.patience import patiently

pytestmark = pytest.mark.journey

#: more than two streams hold
EVENTS = 80
#: of an event, with letters that are longer on the wire
LENGTH = 8_000


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.mark.parametrize(
    ("transport", "host", "path"),
    [
        ("xhr_streaming", "127.0.0.1", "xhr_streaming"),
        ("xhr_streaming", "localhost", "xhr_streaming"),
        ("xhr_polling", "127.0.0.1", "xhr"),
        ("xhr_polling", "localhost", "xhr"),
    ],
)
async def test_everything_works_by_each_transport_and_nothing_is_lost_or_doubled(
    browser: Browser,
    server: KabarProcess,
    sdk: pusher.Pusher,
    transport: str,
    host: str,
    path: str,
) -> None:
    """`localhost` is another origin than the address that pusher-js connects to."""
    room = f"presence-{transport}-{host}"
    ann_s = web_client(browser, server, sdk, host=host, enabledTransports=[transport], name="ann")
    ben_s = web_client(browser, server, sdk, enabledTransports=["ws"], name="ben")
    async with ann_s as ann, ben_s as ben:
        await ann.subscribe("public", "private-x", room)
        await ben.subscribe("private-x", room)
        assert (await ann.wait_for(room, "pusher:member_added"))[0]["id"] == "ben"

        for channel in ("public", "private-x", room):
            await asyncio.to_thread(sdk.trigger, channel, "news", {"text": "Żółć 👋"})
            assert await ann.wait_for(channel, "news") == [{"text": "Żółć 👋"}]

        await ann.trigger(room, "client-hi", {"from": "ann"})
        assert await ben.wait_for(room, "client-hi") == [{"from": "ann"}]
        await ben.trigger(room, "client-hi", {"from": "ben"})
        assert await ann.wait_for(room, "client-hi") == [{"from": "ben"}]

        for number in range(EVENTS):
            await asyncio.to_thread(sdk.trigger, "public", "many", f"{number} {'x' * LENGTH}")
        many = await ann.wait_for("public", "many", times=EVENTS)
        assert [data.split()[0] for data in many] == [str(number) for number in range(EVENTS)]

        assert await ann.states() == ["connected"]
        assert ann.requests.count(path) >= EVENTS * LENGTH // (256 * 1024)

        await ann.page.close()
        assert (await ben.wait_for(room, "pusher:member_removed"))[0]["id"] == "ann"


async def test_with_its_default_transports_it_connects_through_a_proxy_that_breaks_websocket(
    browser: Browser, server: KabarProcess, sdk: pusher.Pusher
) -> None:
    async with (
        breaking_proxy(server.port) as proxy,
        web_client(browser, server, sdk, port=proxy.port) as ann,
    ):
        assert proxy.broken > 0
        await ann.subscribe("private-x")
        await asyncio.to_thread(sdk.trigger, "private-x", "news", 1)
        assert await ann.wait_for("private-x", "news") == [1]


@pytest.mark.parametrize("transport", ["xhr_streaming", "xhr_polling"])
async def test_pusher_js_on_node_has_them_too(
    server: KabarProcess,
    sdk: pusher.Pusher,
    person: Callable[[str], Awaitable[Person]],
    transport: str,
) -> None:
    ann = await person("Ann")
    async with pusher_js(server, ann, transport=transport) as client:
        channel = f"private-user-{ann.id}"
        await client.subscribe(channel)
        for number in range(EVENTS):
            await asyncio.to_thread(sdk.trigger, channel, "many", f"{number} {'ż' * 3_000}")
        await client.wait_for("many", times=EVENTS)
        told = [data.split()[0] for data in client.data_of("many")]
        assert told == [str(number) for number in range(EVENTS)]
        assert len(client.data_of("connected")) == 1


async def test_a_server_that_goes_down_does_not_wait_for_its_streams(
    browser: Browser, tmp_path: Path
) -> None:
    own = await KabarProcess(tmp_path, **CHEAP).start()
    sdk = official_sdk(own, await own.own_app())
    async with (
        web_client(browser, own, sdk, enabledTransports=["xhr_streaming"]) as ann,
        web_client(browser, own, sdk, enabledTransports=["xhr_polling"]) as ben,
    ):
        async with patiently():
            assert await own.stop() == 0
        for client in (ann, ben):
            await client.page.wait_for_function("pusher.connection.state !== 'connected'")
    assert "sockets did not close" not in own.log()
    assert "unexpected_error" not in own.log()
    assert "Cancel" not in own.log()
