"""What a server of others answers is read only so far. It is about aiohttp's insides too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest

from kabar.infra.outbound.bounded_answers import BoundedConnector

MOST = 16 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server_of(answer: Answer) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that answers every request so; the requests of each connection are counted."""
    requests: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(0)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                requests[-1] += 1
                await answer(writer)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", requests


@asynccontextmanager
async def caller() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(
        connector=BoundedConnector(max_bytes=MOST, limit=0),
        timeout=aiohttp.ClientTimeout(total=20),
        auto_decompress=False,
    ) as session:
        yield session


async def test_a_server_that_says_continue_for_ever_is_hung_up_on() -> None:
    """Every read brings thousands of them; parsed in one go they would hold the loop."""
    sent = 0

    async def go_on(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        while True:
            writer.write(CONTINUE * 10_000)
            sent += 10_000
            await writer.drain()

    async with server_of(go_on) as (url, _), caller() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            async with session.get(url):
                pass
    # What the kernel takes on the way, and no more.
    assert sent < 2_000_000


async def test_a_server_that_says_it_slowly_is_given_up_in_time() -> None:
    async def go_on(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(CONTINUE)
            await writer.drain()
            await asyncio.sleep(0)

    async with server_of(go_on) as (url, _), caller() as session:
        with pytest.raises((TimeoutError, aiohttp.ClientConnectionError)):
            async with session.get(url, timeout=aiohttp.ClientTimeout(total=0.3)):
                pass


@pytest.mark.parametrize("before", [b"", CONTINUE, CONTINUE * 100])
async def test_a_short_answer_is_read_and_its_connection_kept(before: bytes) -> None:
    """Each answer has room of its own."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(before + HEAD % 10_000 + b"x" * 10_000)

    async with server_of(answer) as (url, requests), caller() as session:
        for _ in range(5):
            async with session.get(url) as response:
                assert response.status == 200
                assert len(await response.read()) == 10_000
    assert requests == [5]


async def test_of_a_long_answer_the_status_counts() -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD % (1 << 20) + b"x" * (1 << 20))

    async with server_of(answer) as (url, _), caller() as session:
        for _ in range(2):
            async with session.get(url) as response:
                assert response.status == 200


async def test_a_head_without_an_end_is_not_read_to_its_end() -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"X-Long: 1\r\n" * 100_000)

    async with server_of(answer) as (url, _), caller() as session:
        with pytest.raises(aiohttp.ClientError):
            async with session.get(url):
                pass
