"""Pusher's own libraries: the stock pusher-js of npm in a Node process, and the Python SDK."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pusher
import pytest

from tests.house.tree import ROOT
from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess
from tests.patience import patiently

SCRIPT = Path(__file__).parent / "node" / "client.mjs"
SUBSCRIBED = "pusher:subscription_succeeded"
REFUSED = "pusher:subscription_error"


class PusherJs:
    """A client that is somebody's, and everything it has said so far."""

    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self.told: list[dict[str, Any]] = []
        self._send = send
        self._has_ended = False
        self._more = asyncio.Event()

    async def do(self, deed: str, **details: Any) -> None:
        await self._send({"do": deed, **details})

    async def subscribe(self, *channels: str) -> None:
        """Subscribe, and wait until the server has said that it is so."""
        before = {name: len(self.data_of(SUBSCRIBED, name)) for name in channels}
        for name in channels:
            await self.do("subscribe", channel=name)
        await self.wait_until(
            lambda: all(len(self.data_of(SUBSCRIBED, name)) > before[name] for name in channels)
        )

    async def wait_for(self, event: str, channel: str | None = None, *, times: int = 1) -> Any:
        """Return the data of the n-th event of this name."""
        await self.wait_until(lambda: len(self.data_of(event, channel)) >= times)
        return self.data_of(event, channel)[times - 1]

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        try:
            async with patiently():
                while not is_so():
                    assert not self._has_ended, "the client has ended"
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"told only {self.told}") from None

    def data_of(self, event: str, channel: str | None = None) -> list[Any]:
        return [
            told.get("data")
            for told in self.told
            if told["event"] == event and (channel is None or told.get("channel") == channel)
        ]

    def hear(self, told: dict[str, Any]) -> None:
        self.told.append(told)
        self._more.set()

    def end(self) -> None:
        self._has_ended = True
        self._more.set()


@asynccontextmanager
async def pusher_js(
    server: KabarProcess,
    person: Person | None,
    *,
    key: str | None = None,
    recovers: bool = False,
    transport: str = "ws",
    sockets: KabarProcess | None = None,
) -> AsyncIterator[PusherJs]:
    """Start a client, perhaps with `examples/recover.mjs`, and wait until it is connected.

    It connects to Kabar's own app, or to the one of this key; to the server, or where its
    `sockets` are.
    """
    settings = {
        "key": key or server.app_key,
        "port": (sockets or server).port,
        "token": person.token if person is not None else "",
        "recovers": recovers,
        "transport": transport,
        "signer": f"{server.url}/api/pusher",
    }
    async with client_of(SCRIPT, settings) as client:
        yield client


@asynccontextmanager
async def client_of(script: Path, settings: dict[str, Any]) -> AsyncIterator[PusherJs]:
    """Run a script that is a client, and wait until it is connected."""
    process = await start_node(script, settings)
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None

    async def send(deed: dict[str, Any]) -> None:
        stdin.write(json.dumps(deed).encode() + b"\n")
        await stdin.drain()

    async def hear() -> None:
        async for line in stdout:
            client.hear(json.loads(line))
        client.end()

    client = PusherJs(send)
    hearing = asyncio.create_task(hear())
    try:
        await client.wait_for("connected")
        yield client
    finally:
        stdin.close()
        await process.wait()
        await hearing


async def start_node(script: Path, settings: dict[str, Any]) -> asyncio.subprocess.Process:
    """Run a script that reads and writes lines of JSON."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "pusher-js").is_dir():
        pytest.fail("pusher-js is not installed: apt-get install nodejs npm; npm ci", pytrace=False)
    return await asyncio.create_subprocess_exec(
        node,
        str(script),
        json.dumps(settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


def official_sdk(server: KabarProcess, app: dict[str, str]) -> pusher.Pusher:
    """Return the Python SDK as its documentation sets it up for a host of one's own."""
    return pusher.Pusher(
        app_id=app["id"],
        key=app["key"],
        secret=app["secret"],
        host="127.0.0.1",
        port=server.port,
        ssl=False,
    )
