"""What does somebody notice of a hundred others who flood the server with pings?"""

# `make bench-flooded`, or `python -m bench.flooded [ROUNDS]`: rounds without and with floods take
# turns, on one server. One client asks `pusher:ping` a hundred times a second and waits for each
# answer. A flood is a connection that sends pings of WebSocket as fast as they are taken; or one of
# a thousand that send as many as are read at once when little is read; or a client of the HTTP
# fallbacks that posts a thousand frames in each request. All read the answers. The server has core
# 0, everybody else core 1.

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import Process
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from bench.machine import APP_KEY, Server, raise_open_files, serving_kabar

#: how many of each kind
FLOODS = {"pings": 100, "short": 1_000, "fallbacks": 50}
SECONDS = 4
ROUNDS = 3
#: what a turn of the loop gives to all floods together, twice over, and room for a noisy machine
WANTED_MS = 30

_PINGS = b"\x89\x80\0\0\0\0" * 1_000
_FEW_PINGS = b"\x89\x80\0\0\0\0" * 42
_FRAMES = json.dumps(['{"event":"pusher:ping","data":{}}'] * 1_000).encode()
_HELLO = (
    b"GET /app/app-key?protocol=7 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    os.sched_setaffinity(0, {1})
    raise_open_files()
    found: dict[str, list[float]] = {name: [] for name in ("calm", *FLOODS)}
    with tempfile.TemporaryDirectory() as folder, serving_kabar(Path(folder)) as server:
        for _ in range(rounds):
            for name, p99s in found.items():
                p50, p99 = asyncio.run(_ask(server, name))
                p99s.append(p99)
                print(f"{name:10} p50 {p50:6.1f} ms  p99 {p99:6.1f} ms", flush=True)
    noticed = {name: median(found[name]) for name in FLOODS}
    for name, p99 in noticed.items():
        print(f"p99 amid {FLOODS[name]} {name}: {p99:.1f} ms (wanted: below {WANTED_MS})")
    return 0 if max(noticed.values()) < WANTED_MS else 1


async def _ask(server: Server, kind: str) -> tuple[float, float]:
    """Return p50 and p99 of the time until an answer, in milliseconds."""
    took = []
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"http://127.0.0.1:{server.port}/app/app-key?protocol=7") as client,
        _flooding(server.port, kind),
    ):
        await client.receive()
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            asked_at = time.perf_counter()
            await client.send_json({"event": "pusher:ping", "data": {}})
            await client.receive()
            took.append((time.perf_counter() - asked_at) * 1_000)
            await asyncio.sleep(0.01)
    return median(took), quantiles(took, n=100)[-1]


@asynccontextmanager
async def _flooding(port: int, kind: str) -> AsyncIterator[None]:
    """Flood from a process of its own, which ends by itself if nobody ends it."""
    are_in = multiprocessing.Event()
    process = Process(target=_flood_from_here, args=(port, kind, are_in), daemon=True)
    process.start()
    # Until they have all been let in: that is another crowd.
    await asyncio.to_thread(are_in.wait, 30)
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _flood_from_here(port: int, kind: str, are_in: Event) -> None:
    asyncio.run(_flood(port, kind, are_in))


async def _flood(port: int, kind: str, are_in: Event) -> None:
    flood = {"pings": _long_flood, "short": _short_flood, "fallbacks": _fallback_flood}.get(kind)
    doors = asyncio.Barrier(FLOODS.get(kind, 0) + 1)
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(SECONDS * 10), asyncio.TaskGroup() as group:
            for number in range(FLOODS.get(kind, 0)):
                if flood is not None:
                    group.create_task(flood(port, number, doors))
            await doors.wait()
            are_in.set()


async def _long_flood(port: int, _number: int, doors: asyncio.Barrier) -> None:
    async with _line(port, _HELLO, doors) as writer:
        while True:
            writer.write(_PINGS)
            await writer.drain()
            await asyncio.sleep(0)


async def _short_flood(port: int, number: int, doors: asyncio.Barrier) -> None:
    async with _line(port, _HELLO, doors) as writer:
        await asyncio.sleep(number / 5_000)
        while True:
            writer.write(_FEW_PINGS)
            await writer.drain()
            await asyncio.sleep(0.2)


async def _fallback_flood(port: int, number: int, doors: asyncio.Barrier) -> None:
    path = f"/pusher/app/{APP_KEY}/{number}/abcdefgh"
    post = f"POST {path}/xhr_send HTTP/1.1\r\nHost: h\r\nContent-Length: {len(_FRAMES)}\r\n\r\n"
    stream = f"POST {path}/xhr_streaming?protocol=7 HTTP/1.1\r\nHost: h\r\n\r\n"
    async with _line(port, stream.encode(), doors):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while True:
            writer.write(post.encode() + _FRAMES)
            if b" 204 " not in await reader.readuntil(b"\r\n\r\n"):
                return


@asynccontextmanager
async def _line(
    port: int, hello: bytes, doors: asyncio.Barrier
) -> AsyncIterator[asyncio.StreamWriter]:
    """A connection that is in, as all others are; its answers are read and thrown away."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(hello)
    await reader.readuntil(b"connection_established")
    reading = asyncio.create_task(_read_on(reader))
    await doors.wait()
    try:
        yield writer
    finally:
        reading.cancel()
        writer.close()


async def _read_on(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 18):
        pass


if __name__ == "__main__":
    sys.exit(main())
