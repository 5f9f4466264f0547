"""Stand-ins for many people: WebSocket clients that do no more than they must."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable, Iterator

from bench.machine import APP_KEY, Server

#: handshakes that are under way at once; the kernel's queue for a port is finite
_AT_THE_DOOR = 500


class Crowd:
    """Everybody who came, and what all of them together were told."""

    def __init__(self, server: Server) -> None:
        self.port = server.port
        self.lost = 0
        self._guests: list[Guest] = []
        self._door = asyncio.Semaphore(_AT_THE_DOOR)

    async def let_in(self) -> Guest:
        async with self._door:
            loop = asyncio.get_running_loop()
            _, guest = await loop.create_connection(lambda: Guest(self), "127.0.0.1", self.port)
            self._guests.append(guest)
            await guest.is_welcome
            return guest

    async def gather(self, come: Callable[[int], Awaitable[None]], count: int) -> None:
        async with asyncio.timeout(120):
            await asyncio.gather(*(come(number) for number in range(count)))

    async def settle(self, is_settled: Callable[[], bool]) -> None:
        """Wait until it is so, and then for a second more, in case too much comes."""
        async with asyncio.timeout(60):
            while not is_settled():
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)

    def count(self, event: bytes) -> int:
        return sum(guest.counts.get(event, 0) for guest in self._guests)

    def leave(self) -> None:
        for guest in self._guests:
            guest.leave()


class Guest(asyncio.Protocol):
    """A WebSocket client that does no more than it must, so that the server is what is measured."""

    def __init__(self, crowd: Crowd) -> None:
        self.socket_id = ""
        self.counts: dict[bytes, int] = {}
        self.is_welcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._crowd = crowd
        self._buffer = b""
        self._is_open = False
        self._is_leaving = False
        self._awaited: tuple[bytes, int, asyncio.Future[None]] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(
            f"GET /app/{APP_KEY}?protocol=7 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            _, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            self._is_open, self._buffer = True, rest
        for payload in self._payloads():
            event = payload[10 : payload.index(b'"', 10)]
            self.counts[event] = self.counts.get(event, 0) + 1
            if event == b"pusher:connection_established":
                self.socket_id = json.loads(json.loads(payload)["data"])["socket_id"]
                self.is_welcome.set_result(None)
        if self._awaited is not None:
            event, count, heard = self._awaited
            if self.counts.get(event, 0) >= count:
                self._awaited = None
                heard.set_result(None)

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self._is_leaving:
            self._crowd.lost += 1

    def say(self, event: str, **data: str) -> None:
        payload = json.dumps({"event": event, "data": data}).encode()
        # Masked with zeros, which changes nothing: RFC 6455 wants a mask, not a secret.
        size = len(payload)
        head = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
        self._transport.write(b"\x81" + head + bytes(4) + payload)

    def heard(self, event: bytes, count: int = 1) -> asyncio.Future[None]:
        """Return what is done when it has heard so many of this event."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited = (event, count, future)
        self.data_received(b"")
        return future

    async def subscribe(self, channels: list[str]) -> None:
        event = b"pusher_internal:subscription_succeeded"
        before = self.counts.get(event, 0)
        for channel in channels:
            self.say("pusher:subscribe", channel=channel)
        await self.heard(event, before + len(channels))

    def leave(self) -> None:
        self._is_leaving = True
        self._transport.abort()

    def _payloads(self) -> Iterator[bytes]:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, head = buffer[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(buffer[at + 2 : at + 4]), 4
            elif size == 127:
                size, head = int.from_bytes(buffer[at + 2 : at + 10]), 10
            if len(buffer) - at < head + size:
                break
            # Pings and closes are not texts, and in a run this short not answered.
            if buffer[at] == 0x81:
                yield buffer[at + head : at + head + size]
            at += head + size
        self._buffer = buffer[at:]
