"""Clients that do not send in time are not waited for; slow ones that go on are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn

from kabar.infra.http.timeouts import http_with_timeouts
from tests.patience import patiently
from tests.prompt import PromptServer

SECONDS = 0.4


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Says how long the body was, after a while where it is asked to."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message["body"])
        more = message["more_body"]
    if scope["path"] == "/slow":
        await asyncio.wait([asyncio.create_task(receive())], timeout=2 * SECONDS)
    body = f"{length} bytes".encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(seconds: float = SECONDS, **changes: Any) -> AsyncIterator[uvicorn.Server]:
    http = http_with_timeouts(seconds, **changes)
    config = uvicorn.Config(
        application, port=0, http=http, ws="none", lifespan="off", log_config=None
    )
    server = PromptServer(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    yield server
    server.should_exit = True
    async with patiently():
        await running


def port_of(server: uvicorn.Server) -> int:
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with serving() as server:
        yield port_of(server)


async def answer_to(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send the parts with pauses between them, and return all that comes until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = asyncio.create_task(_all_of(reader))
    for part in parts:
        if not heard.done():
            writer.write(part)
            await asyncio.wait([heard], timeout=pause)
    async with patiently():
        answer = await heard
    writer.close()
    return answer


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    heard = b""
    # Who still writes when they have been answered and closed is reset.
    with suppress(ConnectionResetError):
        while block := await reader.read(65_536):
            heard += block
    return heard


def head(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: h", *lines, "", ""]).encode()


UPGRADE = head("/app/key", "Connection: Upgrade", "Upgrade: websocket")


async def test_a_connection_that_sends_nothing_is_closed_without_a_word(port: int) -> None:
    assert await answer_to(port) == b""


@pytest.mark.parametrize("begun", [b"G", b"\r\n", b"GET / HTTP/1.1\r\nHo", UPGRADE[:-2]])
async def test_a_head_that_is_never_finished_is_answered_408(port: int, begun: bytes) -> None:
    answer = await answer_to(port, begun)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b"The request did not arrive in time")


@pytest.mark.parametrize("whole", [head("/" + "x" * 60), UPGRADE])
async def test_a_head_that_comes_byte_by_byte_does_not_stretch_the_time(
    port: int, whole: bytes
) -> None:
    began = asyncio.get_running_loop().time()
    each = [whole[i : i + 1] for i in range(len(whole))]
    assert (await answer_to(port, *each, pause=0.1)).startswith(b"HTTP/1.1 408 ")
    assert asyncio.get_running_loop().time() - began < 4 * SECONDS


async def test_a_body_that_stops_is_answered_408(port: int) -> None:
    answer = await answer_to(port, head("/", "Content-Length: 10"), b"half")
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_is_slow_but_goes_on_is_heard_out(port: int) -> None:
    pieces = [b"ab"] * 8
    request = head("/", "Content-Length: 16", "Connection: close")
    answer = await answer_to(port, request, *pieces, pause=SECONDS / 4)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"16 bytes")


async def test_a_body_that_is_dripped_is_not_waited_for_for_ever() -> None:
    """A byte now and then would hold the connection as long as one likes."""
    async with serving(body_seconds=2 * SECONDS) as server:
        request = head("/", "Content-Length: 1000")
        answer = await answer_to(port_of(server), request, *[b"x"] * 999, pause=SECONDS / 8)
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_body_in_chunks_is_not_waited_for_for_ever_either() -> None:
    async with serving(body_seconds=2 * SECONDS) as server:
        request = head("/", "Transfer-Encoding: chunked")
        chunks = [b"1\r\nx\r\n"] * 1000
        answer = await answer_to(port_of(server), request, *chunks, pause=SECONDS / 8)
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_large_body_has_the_time_that_it_takes() -> None:
    """Each 4 KiB give it a second more."""
    piece = b"x" * 65_536
    async with serving(10.0, body_seconds=0.2) as server:
        request = head("/", f"Content-Length: {5 * len(piece)}", "Connection: close") + piece
        answer = await answer_to(port_of(server), request, *[piece] * 4, pause=0.2)
    assert answer.endswith(f"{5 * len(piece)} bytes".encode())


async def test_a_body_that_does_not_end_does_not_hold_up_the_end_of_the_server() -> None:
    async with serving(60.0, body_seconds=60.0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
        writer.write(head("/", "Content-Length: 10") + b"half")
        while not server.server_state.tasks:
            await asyncio.sleep(0)
        server.should_exit = True
        async with patiently():
            answer = await reader.read()
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"\r\nretry-after: 1\r\n" in answer
        writer.close()


async def test_the_time_that_an_answer_takes_is_not_the_clients(port: int) -> None:
    answer = await answer_to(port, head("/slow", "Connection: close"))
    assert answer.endswith(b"0 bytes")


async def test_after_an_answer_blank_lines_do_not_hold_the_connection(port: int) -> None:
    """They end the wait for the next request, and begin none."""
    answer = await answer_to(port, head("/"), b"\r\n", pause=0.1)
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_one_request_after_the_other_is_answered(port: int) -> None:
    pause = SECONDS * 0.7
    last = head("/", "Connection: close")
    answer = await answer_to(port, head("/"), head("/")[:9], head("/")[9:], last, pause=pause)
    assert answer.count(b"HTTP/1.1 200 ") == 3
