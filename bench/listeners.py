"""Those who listen on their own channel while others write: they read, count, and do no more."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import struct

_EVENT = b'"event":"new-message"'
_AT_ONCE = 200


class Listener(asyncio.Protocol):
    """A WebSocket that subscribes to one channel and counts what rings."""

    def __init__(self, key: str, secret: str, channel: str) -> None:
        self.rung = 0
        self.is_ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._key, self._secret, self._channel = key, secret, channel
        self._head = b""
        self._rest = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(
            f"GET /app/{self._key}?protocol=7 HTTP/1.1\r\nHost: localhost\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self.is_ready.done():
            self._count(data)
            return
        self._head += data
        socket_id = self._head.partition(b'socket_id\\":\\"')[2].partition(b"\\")[0].decode()
        if b"subscription_succeeded" in self._head:
            self.is_ready.set_result(None)
        elif socket_id and self._channel:
            self._subscribe(socket_id)

    def _subscribe(self, socket_id: str) -> None:
        signed = f"{socket_id}:{self._channel}".encode()
        signature = hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()
        wanted = {"channel": self._channel, "auth": f"{self._key}:{signature}"}
        payload = json.dumps({"event": "pusher:subscribe", "data": wanted}).encode()
        self._channel = ""
        # Masked with zeros, which changes nothing.
        self._transport.write(b"\x81\xfe" + struct.pack("!H", len(payload)) + bytes(4) + payload)

    def _count(self, data: bytes) -> None:
        both = self._rest + data
        self.rung += both.count(_EVENT)
        # Of an event that is cut in two only a part is in what is left, so it counts once.
        self._rest = both[-(len(_EVENT) - 1) :]

    def leave(self) -> None:
        self._transport.abort()


async def listen(port: int, key: str, secret: str, user_ids: list[str]) -> list[Listener]:
    """Let each of these users listen on their own channel."""
    door = asyncio.Semaphore(_AT_ONCE)
    loop = asyncio.get_running_loop()

    async def come(user_id: str) -> Listener:
        async with door:
            _, listener = await loop.create_connection(
                lambda: Listener(key, secret, f"private-user-{user_id}"), "127.0.0.1", port
            )
            await listener.is_ready
            return listener

    async with asyncio.timeout(120):
        return list(await asyncio.gather(*map(come, user_ids)))


if __name__ == "__main__":
    # In a process of its own, on the core of the load generator: it says how many rang in all.
    import sys

    async def main() -> None:
        port, key, secret = int(sys.argv[1]), sys.argv[2], sys.argv[3]
        os.sched_setaffinity(0, {1})
        listeners = await listen(port, key, secret, sys.stdin.readline().split())
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(sum(listener.rung for listener in listeners), flush=True)

    asyncio.run(main())
