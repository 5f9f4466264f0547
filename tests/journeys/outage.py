"""A proxy between two servers that can be closed, and what a server says of itself meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import aiohttp

from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess
from tests.patience import patiently


class ClosableProxy:
    """Passes connections on to a port, unless it is closed: then nobody answers on its own."""

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self._to_port = to_port
        self._server: asyncio.Server | None = None
        self._ways: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        for source, target in ((reader, there_writer), (there_reader, writer)):
            way = asyncio.create_task(_carry(source, target))
            self._ways.add(way)
            way.add_done_callback(self._ways.discard)


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(1 << 16):
                target.write(piece)
                await target.drain()
    finally:
        target.close()


async def health_of(http: aiohttp.ClientSession, server: KabarProcess) -> dict[str, Any]:
    """Ask a server how it is: it says so whatever is the matter."""
    async with patiently(), http.get(f"{server.url}/up") as answer:
        assert answer.status == 200
        health: dict[str, Any] = await answer.json()
        return health


async def until_the_database(
    http: aiohttp.ClientSession, server: KabarProcess, *, is_well: bool
) -> None:
    """Ask until the server says so of its database."""
    async with patiently():
        while ((await health_of(http, server))["checks"]["database"] == "ok") is not is_well:
            await asyncio.sleep(0.1)


async def until_up_says(person: Person, status: str) -> str:
    """Ask until it does; return what is said of the transport."""
    async with patiently():
        while True:
            code, health = await person.call("GET", "/up")
            assert code == 200
            if health["status"] == status:
                said: str = health["checks"]["realtime"]
                return said
            await asyncio.sleep(0.05)
