"""What a stock pusher-js hears of the past, as it is and with the plug-in of the examples."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pusher
import pytest

from tests.journeys.conftest import CHEAP
from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess
from tests.journeys.pusher_js import SUBSCRIBED, PusherJs, official_sdk, pusher_js

pytestmark = pytest.mark.journey

RULES = """[
    {"prefix": "news-", "size": 5, "rewind": 2},
    {"prefix": "presence-room-", "size": 5},
    {"prefix": "cache-", "size": 5}
]"""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[KabarProcess]:
    environment = {"KABAR_CHANNEL_HISTORY": RULES, **CHEAP}
    found = await KabarProcess(tmp_path / "data", **environment).start()
    yield found
    await found.stop()


@pytest.fixture
async def ann(server: KabarProcess, http: aiohttp.ClientSession) -> Person:
    return await register(server, http, "Ann")


@pytest.fixture
async def sdk(server: KabarProcess) -> pusher.Pusher:
    return official_sdk(server, await server.own_app())


async def trigger(sdk: pusher.Pusher, channel: str, *numbers: int) -> None:
    for number in numbers:
        await asyncio.to_thread(sdk.trigger, channel, "news", {"n": number})


def heard(client: PusherJs, channel: str) -> list[int]:
    return [data["n"] for data in client.data_of("news", channel)]


async def test_a_stock_client_hears_the_last_events_of_a_channel_and_goes_on(
    server: KabarProcess, sdk: pusher.Pusher, ann: Person
) -> None:
    await trigger(sdk, "news-a", 1, 2, 3)
    async with pusher_js(server, ann) as client:
        await client.subscribe("news-a")
        await trigger(sdk, "news-a", 4)
        await client.wait_for("news", "news-a", times=3)
        assert heard(client, "news-a") == [2, 3, 4]
        told = [each["event"] for each in client.told if each.get("channel") == "news-a"]
        assert told == [SUBSCRIBED, "news", "news", "news"]


async def test_with_the_plug_in_it_hears_what_it_missed_and_nothing_twice(
    server: KabarProcess, sdk: pusher.Pusher, ann: Person, http: aiohttp.ClientSession
) -> None:
    room = await ann.room_with(await register(server, http, "Budi"))
    channels = ["news-a", "cache-a", f"presence-room-{room}"]
    async with pusher_js(server, ann, recovers=True) as client:
        await client.subscribe(*channels)
        for channel in channels:
            await trigger(sdk, channel, 1)
            await client.wait_for("news", channel)
        await client.do("disconnect")
        await client.wait_for("disconnected")
        for channel in channels:
            await trigger(sdk, channel, 2, 3, 4)
        await client.do("connect")
        for channel in channels:
            await client.wait_for(SUBSCRIBED, channel, times=2)
            await trigger(sdk, channel, 5)
            await client.wait_for("news", channel, times=5)
        assert [heard(client, channel) for channel in channels] == [[1, 2, 3, 4, 5]] * 3
        assert client.data_of("gap") == []


async def test_with_the_plug_in_it_knows_when_it_cannot_hear_all(
    server: KabarProcess, sdk: pusher.Pusher, ann: Person
) -> None:
    """More was said than is kept; or the server was another in between."""
    async with pusher_js(server, ann, recovers=True) as client:
        await client.subscribe("news-a")
        await client.do("disconnect")
        await client.wait_for("disconnected")
        await trigger(sdk, "news-a", 1, 2, 3, 4, 5, 6)
        await client.do("connect")
        await client.wait_for("gap", "news-a")

        await server.kill()
        await server.start()
        await client.wait_for("gap", "news-a", times=2)
        await trigger(sdk, "news-a", 7)
        await client.wait_for("news", "news-a")
        assert heard(client, "news-a") == [7]
