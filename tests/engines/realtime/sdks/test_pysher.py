"""pysher, the Python client, unmodified. It speaks protocol 6, in threads of its own."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pysher
import pytest

from tests.engines.realtime.sdks.application import Application, application
from tests.engines.realtime.sdks.server_sdks import PythonSdk
from tests.engines.realtime.support import APP, Running, client
from tests.patience import patiently

SUBSCRIBED = "pusher_internal:subscription_succeeded"


class Pysher:
    """A client and everything it has heard so far."""

    def __init__(self, server: Running, **options: Any) -> None:
        self.heard: list[tuple[str, str, Any]] = []
        self._loop = asyncio.get_running_loop()
        self._more = asyncio.Event()
        self.pusher = pysher.Pusher(
            APP.key,
            custom_host="127.0.0.1",
            port=server.port,
            secure=False,
            log_level=logging.CRITICAL,
            reconnect_interval=0,
            **options,
        )
        for event in ("pusher:connection_established", "pusher:error"):
            self.pusher.connection.bind(event, self._noting("", event))
        # A channel can be asked only after it was subscribed to: too late to hear that it was.
        self._handle = self.pusher.connection.event_handler
        self.pusher.connection.event_handler = self._note_subscription

    def _note_subscription(self, event: str, data: Any, channel: str) -> None:
        if event == SUBSCRIBED:
            self._noting(channel, event)(data)
        self._handle(event, data, channel)

    def _noting(self, channel: str, event: str) -> Callable[[Any], None]:
        """What pysher calls in a thread of its own is noted in ours."""

        def note(data: Any) -> None:
            self.heard.append((channel, event, json.loads(data) if isinstance(data, str) else data))
            self._more.set()

        return lambda data: self._in_our_thread(note, data)

    def _in_our_thread(self, note: Callable[[Any], None], data: Any) -> None:
        self._loop.call_soon_threadsafe(note, data)

    async def subscribe(self, channel: str, *events: str) -> Any:
        """Subscribe, and return what the server says to it."""
        before = len(self.data_of(SUBSCRIBED, channel))
        found = await asyncio.to_thread(self.pusher.subscribe, channel)
        for event in events:
            found.bind(event, self._noting(channel, event))
        return await self.wait_for(SUBSCRIBED, channel, times=before + 1)

    def data_of(self, event: str, channel: str = "") -> list[Any]:
        return [data for at, name, data in self.heard if (at, name) == (channel, event)]

    async def wait_for(self, event: str, channel: str = "", *, times: int = 1) -> Any:
        async with patiently():
            while len(self.data_of(event, channel)) < times:
                self._more.clear()
                await self._more.wait()
        return self.data_of(event, channel)[times - 1]


@asynccontextmanager
async def pysher_client(server: Running, **options: Any) -> AsyncIterator[Pysher]:
    found = Pysher(server, **options)
    found.pusher.connect()
    try:
        await found.wait_for("pusher:connection_established")
        yield found
    finally:
        # Its thread may sleep on a socket that is closed already; it is a daemon.
        await asyncio.to_thread(found.pusher.disconnect, 1)


@pytest.fixture
def sdk(server: Running) -> PythonSdk:
    return PythonSdk(server.port)


@pytest.fixture
async def signer(sdk: PythonSdk) -> AsyncIterator[Application]:
    async with application(sdk) as found:
        yield found


async def test_it_hears_what_is_triggered_on_every_kind_of_channel(
    server: Running, sdk: PythonSdk
) -> None:
    me = {"user_id": "alice", "user_info": {"name": "Alice"}}
    async with pysher_client(server, secret=APP.secret, user_data=me) as alice:
        for channel in ("a", "private-a", "cache-a"):
            assert await alice.subscribe(channel, "news") == {}
        roster = (await alice.subscribe("presence-a", "news"))["presence"]
        assert roster == {"count": 1, "ids": ["alice"], "hash": {"alice": {"name": "Alice"}}}
        for channel in ("a", "private-a", "cache-a", "presence-a"):
            await sdk.trigger([channel], "news", {"at": channel})
            assert await alice.wait_for("news", channel) == {"at": channel}


async def test_its_client_events_reach_the_others(server: Running) -> None:
    async with (
        pysher_client(server, secret=APP.secret) as alice,
        pysher_client(server, secret=APP.secret) as bob,
    ):
        for each in (alice, bob):
            await each.subscribe("private-a", "client-typing")
        channel = alice.pusher.channel("private-a")
        await asyncio.to_thread(channel.trigger, "client-typing", {"n": 1})
        assert await bob.wait_for("client-typing", "private-a") == {"n": 1}
        channel = bob.pusher.channel("private-a")
        await asyncio.to_thread(channel.trigger, "client-typing", {"n": 2})
        # Her own did not come back to her before.
        assert await alice.wait_for("client-typing", "private-a") == {"n": 2}


async def test_an_application_signs_for_it(
    server: Running, signer: Application, sdk: PythonSdk
) -> None:
    options = {
        "auth_endpoint": f"{signer.url}/pusher/auth",
        "auth_endpoint_headers": {"Authorization": "Bearer alice"},
    }
    async with pysher_client(server, **options) as alice:
        await alice.subscribe("private-a", "news")
        await sdk.trigger(["private-a"], "news", {"n": 1})
        assert await alice.wait_for("news", "private-a") == {"n": 1}


async def test_who_unsubscribes_hears_nothing_more(server: Running, sdk: PythonSdk) -> None:
    async with pysher_client(server) as alice:
        await alice.subscribe("a", "news")
        await asyncio.to_thread(alice.pusher.unsubscribe, "a")
        await alice.subscribe("b", "news")
        assert await sdk.does("channel_info", "a") == {"occupied": False}
        await sdk.trigger(["a"], "news", {})
        await sdk.trigger(["b"], "news", {})
        await alice.wait_for("news", "b")
        assert alice.data_of("news", "a") == []


async def test_it_comes_back_when_the_server_asks_it_to(server: Running, sdk: PythonSdk) -> None:
    """4200 closes; it connects anew by itself, and `auto_sub` subscribes to what it had."""
    async with pysher_client(server, auto_sub=True, secret=APP.secret) as alice:
        await alice.subscribe("a", "news")
        await alice.subscribe("private-a")
        first = alice.data_of("pusher:connection_established")[0]["socket_id"]
        server.realtime.note_asker(first, "7")
        server.realtime.authorize(first, "private-a", user_id="7")
        server.realtime.reauthorize("7")
        assert (await alice.wait_for("pusher:error"))["code"] == 4200
        again = await alice.wait_for("pusher:connection_established", times=2)
        assert again["socket_id"] != first
        await alice.wait_for(SUBSCRIBED, "a", times=2)
        await sdk.trigger(["a"], "news", {"n": 1})
        assert await alice.wait_for("news", "a") == {"n": 1}


async def test_it_is_told_what_it_did_wrong(server: Running) -> None:
    async with pysher_client(server, secret="guessed") as alice, client(server) as bob:
        await asyncio.to_thread(alice.pusher.subscribe, "private-a")
        error = await alice.wait_for("pusher:error")
        assert error["code"] is None
        assert error["message"].startswith("Invalid signature: Expected HMAC SHA256 hex digest of")
        assert await bob.is_silent()
