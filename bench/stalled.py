"""What do a thousand subscribers notice of some who stop reading?"""

# `make bench-stalled`, or `python -m bench.stalled [ROUNDS]`: rounds with and without stalled
# readers take turns, on one server. A stalled reader subscribes and reads nothing more: it has to
# be cut off at KABAR_SOCKET_QUEUE_BYTES, the server must not grow by more than what that allows,
# and the others' p99 must not double. In all rounds a second channel gets large events, which fill
# what the kernel keeps for the stalled readers: some megabytes each.

from __future__ import annotations

import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pusher

from bench.fanout import SUBSCRIBERS, compile_tools, load
from bench.machine import Server, serving_kabar
from kabar.engines.realtime.protocol import signing

STALLED = 10
QUEUE_BYTES = 1 << 17
#: to everybody, this often a second
RATE = 20
EVENT_BYTES = 500
CHANNELS = ("private-x", "private-filling")
#: to the stalled readers alone, this often a second
FILLING_RATE = 10
FILLING = [{"channel": CHANNELS[1], "name": "filling", "data": "x" * 10_000}] * 10
SECONDS = 10
ROUNDS = 3
#: sessions of others, caches and the allocator may grow too
SLACK_KB = 8 * 1024


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        compile_tools(work)
        with serving_kabar(work, KABAR_SOCKET_QUEUE_BYTES=str(QUEUE_BYTES)) as server:
            _measure(work, server)  # the first one warms up
            calm, disturbed = [], []
            for _ in range(rounds):
                calm.append(_measure(work, server))
                _wait_until_gone(server)
                with _stalled_readers(server):
                    disturbed.append(_measure(work, server))
                    # They are still there, and have still read nothing.
                    _wait_until_gone(server)
                print(_row("calm", calm[-1]), _row("stalled", disturbed[-1]), sep="\n", flush=True)
    return _judge(calm, disturbed)


def _judge(calm: list[dict[str, Any]], disturbed: list[dict[str, Any]]) -> int:
    ratio = median(r["p99_us"] for r in disturbed) / median(r["p99_us"] for r in calm)
    grown = max(r["grown_kb"] for r in disturbed) - max(r["grown_kb"] for r in calm)
    allowed = STALLED * QUEUE_BYTES // 1024 + SLACK_KB
    print(f"p99 with {STALLED} stalled readers, of p99 without: {ratio:.2f} (wanted: below 2)")
    print(f"Memory beyond the calm rounds: {grown:,} kB (wanted: at most {allowed:,})")
    return 0 if ratio < 2 and grown <= allowed else 1


def _measure(work: Path, server: Server) -> dict[str, Any]:
    before = _resident_kb(server)
    options = ("--rate", str(RATE), "--rates", str(SECONDS), "--sat", "0")
    payload = ("--payload", str(EVENT_BYTES))
    with _filling(server):
        result = load(work, server, SUBSCRIBERS, *options, *payload)
    return {**result["fixed"], "grown_kb": _resident_kb(server) - before}


def _row(name: str, found: dict[str, Any]) -> str:
    return (
        f"{name:8} p50 {found['p50_us'] / 1000:6.1f} ms  p99 {found['p99_us'] / 1000:6.1f} ms  "
        f"grown by {found['grown_kb']:,} kB"
    )


@contextmanager
def _filling(server: Server) -> Iterator[None]:
    """Publish, as an application does."""
    sdk = pusher.Pusher("1", "app-key", "app-secret", host="127.0.0.1", port=server.port, ssl=False)
    stop = threading.Event()

    def publish() -> None:
        while not stop.wait(1 / FILLING_RATE):
            sdk.trigger_batch(FILLING)

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _stalled_readers(server: Server) -> Iterator[None]:
    readers = [_stall(server.port) for _ in range(STALLED)]
    try:
        yield
    finally:
        for reader in readers:
            reader.close()


def _stall(port: int) -> socket.socket:
    """Subscribe, and read nothing more."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.settimeout(10)
    reader.connect(("127.0.0.1", port))
    reader.sendall(
        b"GET /app/app-key?protocol=7 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n"
    )
    greeting = b""
    while b"established" not in greeting or not greeting.endswith(b"}"):
        greeting += reader.recv(4096)
    data = json.loads(greeting[greeting.index(b"{") :])["data"]
    for channel in CHANNELS:
        text = signing.subscription_text(json.loads(data)["socket_id"], channel, None)
        auth = f"app-key:{signing.sign('app-secret', text)}"
        frame = {"event": "pusher:subscribe", "data": {"channel": channel, "auth": auth}}
        payload = json.dumps(frame).encode()
        reader.sendall(b"\x81\xfe" + len(payload).to_bytes(2) + bytes(4) + payload)
        while b"subscription_succeeded" not in reader.recv(4096):
            pass
    return reader


def _wait_until_gone(server: Server) -> None:
    until = time.monotonic() + 15
    while (left := _sockets(server)) > 0:
        if time.monotonic() > until:
            raise RuntimeError(f"{left} sockets were not cut off")
        time.sleep(0.1)


def _sockets(server: Server) -> int:
    """Count the connections that the kernel knows to the server's port."""
    _, *lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    fields = [line.split() for line in lines]
    established, port = "01", f":{server.port:04X}"
    return sum(
        1 for _, local, _, state, *_ in fields if local.endswith(port) and state == established
    )


def _resident_kb(server: Server) -> int:
    """The most that it ever had: a peak between two looks counts too."""
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1])


if __name__ == "__main__":
    started = time.monotonic()
    code = main()
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
