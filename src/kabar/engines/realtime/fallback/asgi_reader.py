"""AsgiReader: one HTTP request that reads from a socket, and how its answer is written."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar.types import Receive, Send

from kabar.engines.realtime.fallback import framing
from kabar.engines.realtime.fallback.http_socket import HttpSocket


class AsgiReader:
    """The `Reader` of a streaming request, or of one poll, over ASGI."""

    __slots__ = ("_deadline", "_has_news", "_is_gone", "_is_stream", "_socket")

    def __init__(self, socket: HttpSocket, *, is_stream: bool) -> None:
        self._socket = socket
        self._is_stream = is_stream
        self._has_news = asyncio.Event()
        self._is_gone = False
        self._deadline = asyncio.timeout(None)

    def notify(self) -> None:
        self._has_news.set()

    def stop(self) -> None:
        self._is_gone = True
        self._has_news.set()
        # `send` may be waiting for a client that does not read.
        if self._deadline.when() is None:
            self._deadline.reschedule(asyncio.get_running_loop().time())

    async def answer(
        self, headers: list[tuple[bytes, bytes]], receive: Receive, send: Send
    ) -> None:
        """Write until the socket or this answer ends, or the client leaves."""
        watching = asyncio.create_task(self._watch(receive))
        try:
            async with self._deadline:
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                await self._write(send)
        except TimeoutError:
            if _aborted(send):
                await watching
        finally:
            watching.cancel()
            self._socket.hung_up(self)

    async def _write(self, send: Send) -> None:
        written = 0
        if self._is_stream:
            written = len(framing.PRELUDE)
            await send(_piece(framing.PRELUDE, is_last=False))
        while not self._is_gone:
            line = self._socket.next_line()
            if line is None:
                await self._has_news.wait()
                self._has_news.clear()
                continue
            written += len(line)
            is_last = not self._is_stream or written > framing.LONGEST_STREAM
            is_last = is_last or self._socket.is_over
            if is_last:
                # Before the client can know that it is to send the next request.
                self._socket.detach(self)
            await send(_piece(line, is_last=is_last))
            if is_last:
                return

    async def _watch(self, receive: Receive) -> None:
        """Wait until the client hangs up; its body is not read."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
        self._has_news.set()


def _piece(body: bytes, *, is_last: bool) -> Any:
    return {"type": "http.response.body", "body": body, "more_body": not is_last}


def _aborted(send: Send) -> bool:
    """Cut the connection, unread data and all, through uvicorn's transport: ASGI cannot do it."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        return False
    transport.abort()
    return True
