"""A WebSocket client that does only what the test does, be it wrong."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.engines.realtime.support import Running
from tests.patience import patiently

#: first bytes of frames: final, with their opcodes
TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
CONTINUED, NOT_FINAL = 0x80, 0x7F
RSV1 = 0x40


def masked(first: int, payload: bytes = b"", *, length: int | None = None) -> bytes:
    """A client's frame, masked with zeros; `length` is what it claims to have."""
    return header(first, len(payload) if length is None else length) + bytes(4) + payload


def header(first: int, length: int, mask: int = 0x80) -> bytes:
    if length < 126:
        return bytes((first, mask | length))
    if length < 65536:
        return bytes((first, mask | 126)) + length.to_bytes(2)
    return bytes((first, mask | 127)) + length.to_bytes(8)


@dataclass
class RawClient:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    #: of the answer to its handshake
    headers: dict[str, str]

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: its first byte and its payload."""
        async with patiently():
            first, length = await self.reader.readexactly(2)
            if length >= 126:
                length = int.from_bytes(await self.reader.readexactly(2 if length == 126 else 8))
            return first, await self.reader.readexactly(length)

    async def frames(self) -> list[tuple[int, bytes]]:
        """All frames until the server hangs up."""
        found = []
        while True:
            try:
                found.append(await self.frame())
            except (asyncio.IncompleteReadError, ConnectionResetError):
                return found

    async def closing(self) -> int:
        """Wait for the server to hang up, and return the code of its close frame, the last."""
        first, payload = (await self.frames())[-1]
        assert first == CLOSE
        return int.from_bytes(payload[:2])

    def leave(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def raw_client(
    server: Running, extensions: str = "", *, narrow: bool = False
) -> AsyncIterator[RawClient]:
    """Shake hands; a narrow one has little room for what it does not read."""
    sock = socket.socket()
    if narrow:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", server.port))
    reader, writer = await asyncio.open_connection(sock=sock, limit=4096 if narrow else 65536)
    offer = f"Sec-WebSocket-Extensions: {extensions}\r\n" if extensions else ""
    writer.write(
        "GET /app/app-key?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Sec-WebSocket-Version: 13\r\n{offer}\r\n".encode()
    )
    async with patiently():
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status, *lines = head.strip().split("\r\n")
    assert " 101 " in status
    pairs = [line.partition(": ") for line in lines]
    client = RawClient(reader, writer, {name.lower(): value for name, _, value in pairs})
    try:
        assert (await client.frame())[0] == TEXT
        yield client
    finally:
        client.leave()
