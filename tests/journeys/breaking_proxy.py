"""A proxy as companies have them: HTTP passes, a WebSocket does not, until it is mended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class BreakingProxy:
    """Passes connections on; while it breaks, those that ask for an upgrade are refused."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.breaks = True
        #: WebSockets that did not get through
        self.broken = 0
        self._target_port = target_port
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> asyncio.Server:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._pass(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if self.breaks and b"\r\nupgrade: websocket" in head.lower():
                self.broken += 1
                writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
                return
            there, back = await asyncio.open_connection("127.0.0.1", self._target_port)
            with contextlib.closing(back):
                back.write(head)
                async with asyncio.TaskGroup() as group:
                    up = group.create_task(_copy(reader, back))
                    down = group.create_task(_copy(there, writer))
                    await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
                    up.cancel()
                    down.cancel()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(1 << 16):
            target.write(data)
            await target.drain()


@asynccontextmanager
async def breaking_proxy(target_port: int) -> AsyncIterator[BreakingProxy]:
    """Stand in front of a server on a port of its own."""
    proxy = BreakingProxy(target_port)
    async with await proxy.serve() as server:
        yield proxy
        server.close()
        await proxy.close()
