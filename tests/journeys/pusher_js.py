"""Pusher's own libraries: the stock pusher-js of npm in a Node process, and the Python SDK."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pusher
import pytest

from tests.house.tree import ROOT
from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess

SCRIPT = Path(__file__).parent / "node" / "client.mjs"
SUBSCRIBED = "pusher:subscription_succeeded"
REFUSED = "pusher:subscription_error"


class PusherJs:
    """A client that is somebody's, and everything it has said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.told: list[dict[str, Any]] = []
        self._process = process
        self._more = asyncio.Event()
        self._task = asyncio.create_task(self._hear())

    async def do(self, deed: str, **details: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": deed, **details}).encode() + b"\n")
        await self._process.stdin.drain()

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
            async with asyncio.timeout(15):
                while not is_so():
                    assert self._process.returncode is None, "the client has ended"
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

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.told.append(json.loads(line))
            self._more.set()
        self._more.set()

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._task


@asynccontextmanager
async def pusher_js(
    server: KabarProcess, person: Person, *, recovers: bool = False
) -> AsyncIterator[PusherJs]:
    """Start a client, perhaps with `examples/recover.mjs`, and wait until it is connected."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "pusher-js").is_dir():
        pytest.fail("pusher-js is not installed: apt-get install nodejs npm; npm ci", pytrace=False)
    settings = {
        "key": server.app_key,
        "port": server.port,
        "token": person.token,
        "recovers": recovers,
    }
    process = await asyncio.create_subprocess_exec(
        node,
        str(SCRIPT),
        json.dumps(settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    client = PusherJs(process)
    try:
        await client.wait_for("connected")
        yield client
    finally:
        await client.close()


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
