"""What a connection says is bounded, however fast it comes; what is usual is let through."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from kabar.infra.http.bounds import MAX_HEAD_BYTES, MAX_WAITING_REQUESTS
from kabar.infra.http.timeouts import http_with_timeouts
from tests.patience import PATIENCE, patiently
from tests.prompt import PromptServer

LARGE = 1 << 20
UPGRADE = (
    b"GET /socket HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Server:
    """Counts what reaches the application, which answers `/wait` when it is told to."""

    def __init__(self) -> None:
        self.requests = 0
        self.sockets = 0
        #: of the last request, as they are when its body has come
        self.headers: list[tuple[bytes, bytes]] = []
        self.may_answer = asyncio.Event()
        self.port = 0
        self.uvicorn: uvicorn.Server

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        self.requests += 1
        if scope["path"] == "/wait":
            await self.may_answer.wait()
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
            self.headers = scope["headers"]
        body = b"x" * LARGE if scope["path"] == "/large" else b"well"
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def open_socket(self, **_given: Any) -> Any:
        self.sockets += 1
        return asyncio.Protocol()

    async def is_idle(self) -> None:
        """Wait until nothing is left of connections and requests."""
        async with patiently():
            while self.uvicorn.server_state.connections or self.uvicorn.server_state.tasks:
                await asyncio.sleep(0)


@asynccontextmanager
async def serving(seconds: float = 10.0) -> AsyncIterator[Server]:
    found = Server()
    config = uvicorn.Config(
        found.application,
        interface="asgi3",
        port=0,
        http=http_with_timeouts(seconds),
        ws=found.open_socket,  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
    )
    found.uvicorn = PromptServer(config)
    running = asyncio.create_task(found.uvicorn.serve())
    while not found.uvicorn.started:
        await asyncio.sleep(0)
    found.port = found.uvicorn.servers[0].sockets[0].getsockname()[1]
    # Or the kernel takes all of an answer on itself. Accepted sockets have it of their listener.
    with socket.fromfd(found.uvicorn.servers[0].sockets[0].fileno(), socket.AF_INET, 1) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    try:
        yield found
    finally:
        found.may_answer.set()
        found.uvicorn.should_exit = True
        async with patiently():
            await running


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as found:
        yield found


async def answers_to(port: int, said: bytes) -> bytes:
    """Say all of it, and return what comes until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    answer = b""
    async with patiently():
        with contextlib.suppress(ConnectionResetError):
            while piece := await reader.read(1 << 16):
                answer += piece
    writer.transport.abort()
    return answer


def get(path: str = "/", *lines: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: h", *lines, "", ""]).encode()


@pytest.mark.parametrize(
    "head",
    [
        get("/" + "x" * MAX_HEAD_BYTES),
        get("/", "Cookie: " + "x" * MAX_HEAD_BYTES),
        get("/", *(f"X-{number}: x" for number in range(MAX_HEAD_BYTES // 8))),
    ],
)
async def test_a_head_that_is_too_large_is_answered_431(server: Server, head: bytes) -> None:
    answer = await answers_to(server.port, head)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert server.requests == 0


async def test_a_large_cookie_is_not_too_large(server: Server) -> None:
    head = get("/", "Cookie: " + "x" * (MAX_HEAD_BYTES - 200), "Connection: close")
    assert (await answers_to(server.port, head)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("begun", [b"", get("/wait")])
async def test_nobody_can_send_a_header_without_an_end(server: Server, begun: bytes) -> None:
    """Also not while an answer is waited for, when no time runs."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(begun + b"GET / HTTP/1.1\r\nCookie: ")
    sent = 0
    async with patiently():
        with contextlib.suppress(ConnectionError):
            while sent < 50 << 20:
                writer.write(b"x" * 65_536)
                sent += 65_536
                await writer.drain()
    assert sent < 50 << 20, "all of it was taken"
    writer.transport.abort()
    server.may_answer.set()
    await server.is_idle()


async def test_a_body_that_comes_with_the_end_of_a_head_is_no_head(server: Server) -> None:
    body = b"y" * (2 * MAX_HEAD_BYTES)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"POST / HTTP/1.1\r\nHost: h\r\n")
    await writer.drain()
    writer.write(f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    async with patiently():
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_a_few_requests_may_wait_for_their_answers(server: Server) -> None:
    asked = get("/") * (MAX_WAITING_REQUESTS - 1) + get("/", "Connection: close")
    answer = await answers_to(server.port, asked)
    assert answer.count(b"HTTP/1.1 200 ") == MAX_WAITING_REQUESTS


async def test_who_asks_without_waiting_for_any_answer_is_hung_up_on(server: Server) -> None:
    await answers_to(server.port, get("/wait") + get("/") * 10_000)
    server.may_answer.set()
    await server.is_idle()
    assert server.requests == 1


async def test_no_websocket_begins_in_the_middle_of_an_answer(server: Server) -> None:
    """Its end would be told to nobody: the request would wait for ever."""
    assert await answers_to(server.port, get("/wait") + UPGRADE) == b""
    assert server.sockets == 0
    server.may_answer.set()
    await server.is_idle()


def narrow_line(port: int) -> socket.socket:
    """A line with little room for what its client does not read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", port))
    line.settimeout(PATIENCE)
    return line


async def test_no_websocket_begins_before_the_answer_has_been_read(server: Server) -> None:
    """The socket would never hear that its line is full, and fill the memory."""
    with narrow_line(server.port) as line:
        line.sendall(get("/large"))
        while server.uvicorn.server_state.total_requests == 0:
            await asyncio.sleep(0)
        line.sendall(UPGRADE)
        await server.is_idle()
    assert server.sockets == 0


@pytest.mark.parametrize("lines", [(), ("Connection: close",)])
async def test_who_reads_nothing_of_the_answer_is_hung_up_on(lines: tuple[str, ...]) -> None:
    async with serving(0.1) as server:
        with narrow_line(server.port) as line:
            line.sendall(get("/large", *lines))
            while not server.requests:
                await asyncio.sleep(0)
            await server.is_idle()


async def test_who_reads_slowly_gets_all_of_the_answer() -> None:
    async with serving(0.1) as server:
        with narrow_line(server.port) as line:
            line.sendall(get("/large", "Connection: close"))
            read = 0
            while piece := await asyncio.to_thread(line.recv, LARGE // 100):
                read += len(piece)
                # A little at a time: altogether much longer than may pass without any.
                await asyncio.wait([asyncio.create_task(server.may_answer.wait())], timeout=0.01)
    assert read > LARGE


TWICE = [
    ("Authorization: Bearer a", "authorization: Bearer b"),
    ("Content-Length: 1", "Content-Length: 1"),
    ("Content-Length: 1", "Content-Length: 2"),
    ("Content-Type: text/plain", "Content-Type: application/json"),
    ("Host: evil.example",),
    ("Idempotency-Key: a", "Idempotency-Key: a"),
    ("Origin: https://ours.example", "Origin: https://evil.example"),
    ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"),
    ("X-Socket-ID: 1.2", "X-Socket-ID: 1.3"),
]


@pytest.mark.parametrize("lines", TWICE)
async def test_what_may_be_said_once_and_is_said_twice_reaches_nobody(
    server: Server, lines: tuple[str, ...]
) -> None:
    """One of two would be checked, and the other used."""
    upgrade = UPGRADE.replace(b"\r\n\r\n", ("\r\n" + "\r\n".join(lines)).encode() + b"\r\n\r\n")
    for said in (get("/", *lines), upgrade):
        assert (await answers_to(server.port, said)).startswith(b"HTTP/1.1 400 ")
    assert (server.requests, server.sockets) == (0, 0)


@pytest.mark.parametrize("name", ["Cookie", "X-Forwarded-For", "X-Forwarded-Proto", "X-Anything"])
async def test_what_is_a_list_may_come_in_parts(server: Server, name: str) -> None:
    said = get("/", f"{name}: a=1", f"{name}: a=2", "Connection: close")
    assert (await answers_to(server.port, said)).startswith(b"HTTP/1.1 200 ")


CHUNKED = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


async def test_what_stands_behind_a_body_is_no_header(server: Server) -> None:
    """The headers were looked at before the body came."""
    trailer = b"Authorization: Bearer t\r\nIdempotency-Key: k\r\n"
    answer = await answers_to(server.port, CHUNKED + b"1\r\nx\r\n0\r\n" + trailer + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert [name for name, _ in server.headers] == [b"host", b"transfer-encoding", b"connection"]


@pytest.mark.parametrize("begun", [b"1\r\nx\r\n0\r\nX-Long: ", b"1;"])
async def test_nobody_can_send_a_body_that_is_all_wrapping(server: Server, begun: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(CHUNKED + begun)
    sent = 0
    async with patiently():
        with contextlib.suppress(ConnectionError):
            while sent < 50 << 20:
                writer.write(b"x" * 65_536)
                sent += 65_536
                await writer.drain()
    assert sent < 50 << 20, "all of it was taken"
    writer.transport.abort()
    await server.is_idle()
