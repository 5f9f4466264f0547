"""How many messages a second are acknowledged, committed and heard by a subscriber?"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bench.machine import cpu_seconds
from bench.people import CONNECTIONS, fill
from kabar.server.data_folder import DataFolder

# The server has core 0, wrk and the subscriber core 1. On PostgreSQL its processes share both.
SECONDS = 8

_WRK_SCRIPT = """
local rooms, tokens, n = {}, {}, 0
for line in io.lines(os.getenv("BENCH_ROOMS")) do
  local room, token = line:match("(%S+) (%S+)")
  rooms[#rooms + 1], tokens[#tokens + 1] = room, token
end
math.randomseed(os.time())
request = function()
  n = n + 1
  local i = math.random(#rooms)
  local body = '{"roomId":"' .. rooms[i] .. '","content":"hello number ' .. n
    .. '","clientId":"' .. math.random(1e15) .. '-' .. n .. '"}'
  return wrk.format("POST", "/api/chat/send", {
    ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. tokens[i]}, body)
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %f %d %f %f\\n", summary.requests, summary.duration / 1e6,
    summary.errors.status, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True)
class Sending:
    """One run. Latencies in milliseconds; `heard` of `acknowledged` by the subscriber.

    `cpu_us`: what a message costs the server process, in microseconds of CPU.
    """

    database: str
    per_second: float
    p50: float
    p99: float
    acknowledged: int
    refused: int
    heard: int
    cpu_us: float
    participants: int = 2
    #: bells that rang for those who listen, and one for each of them and message
    rung: int = 0
    rung_wanted: int = 0


async def run(url: str | None = None, *, seconds: int = SECONDS, participants: int = 2) -> Sending:
    """Start a server, send for so long, and count what a subscriber to all rooms heard.

    With more than two participants it is one room, and a tenth of them listen to their own channel.
    """
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        rooms, listeners = fill(url, data, participants)
        (data / "rooms.txt").write_text("".join(f"{room} {token}\n" for room, token in rooms))
        (data / "wrk.lua").write_text(_WRK_SCRIPT)
        server, port = await _serve(url, data)
        try:
            return await _measure(url, data, (server.pid, port), rooms, listeners, seconds)
        finally:
            server.terminate()
            await server.wait()


async def _serve(url: str | None, data: Path) -> tuple[asyncio.subprocess.Process, int]:
    environment = {**os.environ, "KABAR_LOG_LEVEL": "warning"}
    if url is not None:
        environment["KABAR_DATABASE_URL"] = url
    server = await asyncio.create_subprocess_exec(
        *("taskset", "-c", "0", sys.executable, "-m", "kabar", "serve"),
        *("--port", "0", "--data", str(data)),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    first = (await server.stdout.readline()).decode()
    port = int(first.strip().rsplit(":", 1)[1])
    async with aiohttp.ClientSession() as http:
        for _ in range(500):
            try:
                async with http.get(f"http://127.0.0.1:{port}/up"):
                    return server, port
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)
    raise RuntimeError("the server does not answer")


async def _measure(
    url: str | None,
    data: Path,
    server: tuple[int, int],
    rooms: list[tuple[str, str]],
    listeners: list[str],
    seconds: int,
) -> Sending:
    pid, port = server
    address = f"http://127.0.0.1:{port}"
    app = DataFolder(data).secrets().app
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"http://127.0.0.1:{port}/app/{app.key}?protocol=7") as socket,
    ):
        socket_id = json.loads((await socket.receive_json())["data"])["socket_id"]
        room_ids = list(dict.fromkeys(room for room, _ in rooms))
        for room in room_ids:
            signed = f"{socket_id}:private-room-{room}".encode()
            signature = hmac.new(app.secret.encode(), signed, hashlib.sha256).hexdigest()
            auth = {"channel": f"private-room-{room}", "auth": f"{app.key}:{signature}"}
            await socket.send_json({"event": "pusher:subscribe", "data": auth})
        for _ in room_ids:
            await socket.receive()
        ears = await _listen(port, app.key, app.secret, listeners)
        # Every sender's token is looked up once; that is connecting, not sending.
        for _, token in rooms:
            bearer = {"Authorization": f"Bearer {token}"}
            async with http.get(f"{address}/api/auth/session", headers=bearer) as answer:
                await answer.read()
        cpu = cpu_seconds(pid)
        wrk = await asyncio.create_subprocess_exec(
            *("taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"),
            *("-s", str(data / "wrk.lua"), f"http://127.0.0.1:{port}"),
            env={**os.environ, "BENCH_ROOMS": str(data / "rooms.txt")},
            stdout=asyncio.subprocess.PIPE,
        )
        heard = asyncio.create_task(_count(socket))
        output, _ = await wrk.communicate()
        result = re.search(rb"RESULT (\d+) ([\d.]+) (\d+) ([\d.]+) ([\d.]+)", output)
        if result is None:
            raise RuntimeError(f"wrk said: {output.decode()}")
        count, took, refused, p50, p99 = (float(number) for number in result.groups())
        cpu = cpu_seconds(pid) - cpu
        told = await heard
        rung = await _rung(ears)
        return Sending(
            database="PostgreSQL" if url else "SQLite",
            per_second=(count - refused) / took,
            p50=p50,
            p99=p99,
            acknowledged=int(count - refused),
            refused=int(refused),
            heard=told,
            cpu_us=cpu / (count - refused) * 1e6,
            participants=2 if not listeners else 10 * len(listeners),
            rung=rung,
            rung_wanted=told * len(listeners),
        )


async def _listen(
    port: int, key: str, secret: str, user_ids: list[str]
) -> asyncio.subprocess.Process | None:
    if not user_ids:
        return None
    ears = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.listeners", str(port), key, secret),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert ears.stdin is not None
    assert ears.stdout is not None
    ears.stdin.write(" ".join(user_ids).encode() + b"\n")
    await ears.stdin.drain()
    if await ears.stdout.readline() != b"ready\n":
        raise RuntimeError("nobody listens")
    return ears


async def _rung(ears: asyncio.subprocess.Process | None) -> int:
    if ears is None:
        return 0
    output, _ = await ears.communicate(b"\n")
    return int(output)


async def _count(socket: aiohttp.ClientWebSocketResponse) -> int:
    """Count messages until none has come for two seconds."""
    heard: Any = 0
    while True:
        try:
            message = await socket.receive(timeout=15 if not heard else 2)
        except TimeoutError:
            return int(heard)
        if message.type != aiohttp.WSMsgType.TEXT:
            raise RuntimeError(f"the subscriber was cut off: {message}")
        heard += b'"new-message"' in message.data.encode()


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    print(asyncio.run(run(sys.argv[2] if len(sys.argv) > 2 else None, participants=many)))
