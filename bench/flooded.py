"""What does somebody notice of a hundred others who flood the server with pings?"""

# `make bench-flooded`, or `python -m bench.flooded [ROUNDS]`: rounds without and with floods take
# turns, on one server. One client asks `pusher:ping` a hundred times a second and waits for each
# answer; a flood is a connection that sends pings of WebSocket as fast as they are taken, and
# reads the answers. The server has core 0, everybody else core 1.

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import Process
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from bench.machine import Server, serving_kabar

FLOODS = 100
SECONDS = 4
ROUNDS = 3
#: what a turn of the loop gives to all floods together, twice over, and room for a noisy machine
WANTED_MS = 30

_PINGS = b"\x89\x80\0\0\0\0" * 1_000
_HELLO = (
    b"GET /app/app-key?protocol=7 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    os.sched_setaffinity(0, {1})
    found: dict[str, list[float]] = {"calm": [], "flooded": []}
    with tempfile.TemporaryDirectory() as folder, serving_kabar(Path(folder)) as server:
        for _ in range(rounds):
            for name, floods in (("calm", 0), ("flooded", FLOODS)):
                p50, p99 = asyncio.run(_ask(server, floods))
                found[name].append(p99)
                print(f"{name:8} p50 {p50:6.1f} ms  p99 {p99:6.1f} ms", flush=True)
    noticed = median(found["flooded"])
    print(f"p99 amid {FLOODS} floods: {noticed:.1f} ms (wanted: below {WANTED_MS})")
    return 0 if noticed < WANTED_MS else 1


async def _ask(server: Server, floods: int) -> tuple[float, float]:
    """Return p50 and p99 of the time until an answer, in milliseconds."""
    took = []
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"http://127.0.0.1:{server.port}/app/app-key?protocol=7") as client,
        _flooding(server.port, floods),
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
async def _flooding(port: int, floods: int) -> AsyncIterator[None]:
    """Flood from a process of its own, which ends by itself if nobody ends it."""
    process = Process(target=lambda: asyncio.run(_flood(port, floods)), daemon=True)
    process.start()
    # Until they are in.
    await asyncio.sleep(1)
    try:
        yield
    finally:
        process.terminate()
        process.join()


async def _flood(port: int, floods: int) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SECONDS * 5), asyncio.TaskGroup() as group:
            for _ in range(floods):
                group.create_task(_one_flood(port))


async def _one_flood(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_HELLO)
    reading = asyncio.create_task(_read_on(reader))
    try:
        while True:
            writer.write(_PINGS)
            await writer.drain()
            await asyncio.sleep(0)
    finally:
        reading.cancel()
        writer.close()


async def _read_on(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 18):
        pass


if __name__ == "__main__":
    sys.exit(main())
