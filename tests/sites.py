"""Sites of strangers: real servers on this machine, which say what a test wants them to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from tests.patience import patiently

#: writes an answer, head and all
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Site:
    """A server; `site.pages["/"] = page("…")` is what it has, `site.asked` what was asked for."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.port = 0
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.serving: set[asyncio.Task[None]] = set()

    async def is_asked(self, times: int = 1) -> None:
        """Wait until so many pages were asked for."""
        async with patiently():
            while len(self.asked) < times:
                await asyncio.sleep(0.01)

    def address(self, path: str = "/", *, host: str | None = None) -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            writer.close()
            self.serving.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            self.asked.append(path)
            answer = self.pages.get(path.partition("?")[0], said(b"", status="404 Not Found"))
            await answer(writer)
            await writer.drain()


@asynccontextmanager
async def site(host: str = "127.0.0.1") -> AsyncIterator[Site]:
    """A server at an address of this machine."""
    one = Site(host)
    server = await asyncio.start_server(one.serve, host, 0)
    async with server:
        one.port = server.sockets[0].getsockname()[1]
        yield one
        for task in one.serving:
            task.cancel()
        await asyncio.gather(*one.serving, return_exceptions=True)


def said(
    body: bytes,
    *,
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """An answer with a body."""
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head.encode() + body)

    return answer


def page(title: str, *metas: tuple[str, str]) -> Answer:
    """A page with a title, and with names and contents in its head."""
    tags = "".join(f'<meta property="{name}" content="{content}">' for name, content in metas)
    return said(f"<html><head><title>{title}</title>{tags}</head><body>Hello</body>".encode())


def moved(to: str) -> Answer:
    return said(b"", status="302 Found", headers={"Location": to})


def head_without_end() -> Answer:
    """A head that goes on until one hangs up, a line at a time."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-More: yes\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    return answer


async def silence(writer: asyncio.StreamWriter) -> None:
    """No answer at all, until one hangs up."""
    await writer.wait_closed()


class Gate:
    """An answer that is given when the test says so."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.open = asyncio.Event()

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        await self.open.wait()
        await self._answer(writer)


def without_end(piece: bytes, *, kind: str = "text/html", every: float = 0) -> Answer:
    """An answer that goes on until one hangs up: so much at a time, and then a rest."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode())
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)

    return answer
