"""Peers that are slow, endless or gone, and a server that is neither held up nor upset by them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.process import KabarProcess
from tests.patience import patiently

pytestmark = pytest.mark.journey

#: of SO_LINGER: hang up by a reset
AT_ONCE = struct.pack("ii", 1, 0)
PATHS = ["/api/auth/login", "/apps/1/events", "/console/api/sign-in", "/nowhere"]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[KabarProcess]:
    found = await KabarProcess(
        tmp_path / "data",
        KABAR_BODY_TIMEOUT="1",
        KABAR_CONSOLE_PASSWORD="the operator's password",
    ).start()
    yield found
    await found.stop()


async def half_a_request(server: KabarProcess, path: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.port))
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 50\r\n"
    line.sendall(f'{head}Content-Type: application/json\r\n\r\n{{"login":'.encode())
    return line


async def is_well(server: KabarProcess) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /up HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    async with patiently():
        answer = await reader.read()
    writer.close()
    return b'"status":"ok"' in answer


async def test_who_hangs_up_within_a_body_leaves_no_trace_and_holds_up_nothing(
    server: KabarProcess,
) -> None:
    for path in PATHS:
        for linger in (None, AT_ONCE):
            line = await half_a_request(server, path)
            if linger is not None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            line.close()
    assert await is_well(server)
    stalled = [await half_a_request(server, path) for path in PATHS]
    assert await server.stop() == 0
    for line in stalled:
        line.close()
    for trouble in ("Traceback", "unexpected_error", "Exception in ASGI", "Cancel"):
        assert trouble not in server.log()


async def test_a_thousand_who_drip_their_bodies_are_not_kept(server: KabarProcess) -> None:
    """They are more than a process usually may have files."""
    lines = [await half_a_request(server, PATHS[0]) for _ in range(1_100)]
    assert await is_well(server)

    async def drip(line: socket.socket) -> bytes:
        """Send a byte now and then until the server hangs up; return what it says."""
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        answer = loop.create_task(loop.sock_recv(line, 100))
        with contextlib.suppress(ConnectionError):
            while not answer.done():
                await asyncio.wait([answer], timeout=0.2)
                await loop.sock_sendall(line, b" ")
        with contextlib.suppress(ConnectionError):
            return await answer
        return b""

    async with patiently():
        answers = await asyncio.gather(*map(drip, lines[:20]))
    # Of some what was said last is lost with the line.
    assert {answer[:12] for answer in answers if answer} == {b"HTTP/1.1 408"}
    for line in lines:
        line.close()
