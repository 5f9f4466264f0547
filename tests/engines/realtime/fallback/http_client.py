"""A client of the fallbacks that does only what a test says: streams, polls and posts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from kabar.core.events import Publication
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.support import Running, subscribe
from tests.patience import patiently

NAME = "7/abcdefgh"
QUERY = "?protocol=7&client=js&version=8.6.0"


class HttpClient:
    """One session of one client."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self.http = http
        self.base = base
        self.socket_id = ""
        #: of the present stream
        self.read_characters = 0
        self._stream: aiohttp.ClientResponse | None = None
        self._frames: list[dict[str, Any]] = []

    # ── requests ─────────────────────────────────────────────────────────────────────────────

    async def stream(self, query: str = QUERY) -> None:
        """Open a stream, and read its prelude."""
        self.hang_up()
        self._stream = await self.http.post(f"{self.base}/xhr_streaming{query}")
        assert self._stream.status == 200
        self.read_characters = 0
        assert await self.line() == "h" * 2048

    async def poll(self) -> str:
        """Wait for one line."""
        async with patiently():
            answer = await self.http.post(f"{self.base}/xhr{QUERY}")
            assert answer.status == 200
            text = await answer.text()
        assert text.endswith("\n")
        assert text.count("\n") == 1
        return text[:-1]

    async def post(self, body: bytes | AsyncIterator[bytes]) -> int:
        async with self.http.post(f"{self.base}/xhr_send?t=1&n=2", data=body) as answer:
            await answer.read()
            return answer.status

    async def say(self, *texts: str) -> None:
        assert await self.post(json.dumps(texts).encode()) == 204

    def hang_up(self) -> None:
        if self._stream is not None:
            self._stream.close()

    # ── what the stream brings ───────────────────────────────────────────────────────────────

    async def line(self) -> str:
        """Return the next line; nothing at the end of the stream."""
        assert self._stream is not None
        async with patiently():
            line = await self._stream.content.readuntil(b"\n")
        assert not line or line.endswith(b"\n")
        self.read_characters += len(line)
        return line.decode("ascii")[:-1]

    async def rest(self) -> list[str]:
        """Return the lines that are left until the stream ends."""
        lines = []
        while line := await self.line():
            lines.append(line)
        return lines

    async def hear(self) -> dict[str, Any]:
        """Return the next frame; heartbeats are not told."""
        while not self._frames:
            line = await self.line()
            if line[0] == "a":
                self._frames = [json.loads(text) for text in json.loads(line[1:])]
            else:
                assert line == "h", line
        return self._frames.pop(0)

    async def open(self) -> None:
        """Go through the greeting."""
        await self.stream()
        assert await self.line() == "o"
        greeting = await self.hear()
        assert greeting["event"] == "pusher:connection_established"
        self.socket_id = json.loads(greeting["data"])["socket_id"]

    async def subscribe(self, channel: str, **more: Any) -> dict[str, Any]:
        await self.say(subscribe(channel, socket_id=self.socket_id, **more))
        return await self.hear()


def url_of(server: Running, path: str = "") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


@asynccontextmanager
async def http_client(
    server: Running, name: str = NAME, *, path: str = "/pusher/app/app-key", **options: Any
) -> AsyncIterator[HttpClient]:
    # Lines are long, and a client that hangs up closes its connection.
    async with aiohttp.ClientSession(read_bufsize=4 << 20, **options) as http:
        client = HttpClient(http, url_of(server, f"{path}/{name}"))
        yield client
        client.hang_up()


@asynccontextmanager
async def streaming(server: Running, name: str = NAME, **options: Any) -> AsyncIterator[HttpClient]:
    """Connect by a stream."""
    async with http_client(server, name, **options) as client:
        await client.open()
        yield client


async def disconnected(server: Running) -> None:
    """Wait until the node knows of no connection."""
    async with patiently():
        while server.realtime.stats.connections:
            await asyncio.sleep(0)


def publish(server: Running, data: str, channel: str = "news") -> None:
    server.realtime.publish([Publication(channels=(channel,), event="news", data=data)])


#: limits that end what is silent while a test waits
QUICK = RealtimeLimits(
    activity_timeout=1,
    pong_timeout=0.4,
    close_timeout=0.4,
    drain_seconds=0.0,
    fallback_grace=0.4,
    fallback_heartbeat=0.4,
)
