"""How many deliveries a second does a channel of 1,000 get, beside what the machine can do?"""

# `python bench/fanout.py [ROUNDS]`: the server on core 0, the load generator on core 1, everything
# on loopback. `fanload/limit_server.c` is a bare broadcaster in C: the machine's limit. The servers
# take turns, so that what else happens on the machine happens to all of them alike.

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

SOURCES = Path(__file__).parent / "fanload"
SUBSCRIBERS = 1_000
IN_FLIGHT = 32
IDLE_CONNECTIONS = 5_000
ROUNDS = 5

_APPS_FILE = """
[[apps]]
id = "1"
key = "app-key"
secret = "app-secret"
client_events_per_second = 0
"""


@dataclass(frozen=True)
class Server:
    """Somebody to measure: what it is called, how fanload speaks to it, and where it is."""

    name: str
    mode: str
    port: int
    pid: int


Result = dict[str, Any]


def rows(rounds: int = ROUNDS) -> list[Result]:
    """Measure everything; a dict per server: medians, and for Kabar how near it is to the limit.

    `bursts` and `one_in_flight` are deliveries a second with 32 events on the way and with one;
    `*_cpu` are the server's CPU seconds per million of them; `idle_kb` is resident memory per
    connection with 5,000 of them.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        work = Path(folder)
        compile_tools(work)
        servers = [
            running.enter_context(_limit_server(work, joins=True)),
            running.enter_context(_limit_server(work, joins=False)),
            running.enter_context(kabar_server(work)),
        ]
        runs: dict[str, list[Result]] = {server.name: [] for server in servers}
        for _ in range(rounds):
            for server in servers:
                runs[server.name].append(_fan_out(work, server))
        found = [_row(name, results) for name, results in runs.items()]
    with tempfile.TemporaryDirectory() as folder:
        compile_tools(Path(folder))
        with kabar_server(Path(folder)) as server:
            idle = load(Path(folder), server, IDLE_CONNECTIONS, "--sat", "0", "--warm", "0")
    joined, single, kabar = found
    kabar["bursts_of_limit"] = kabar["bursts"] / joined["bursts"]
    kabar["one_in_flight_of_limit"] = kabar["one_in_flight"] / single["one_in_flight"]
    kabar["idle_kb"] = idle["kb_per_conn"]
    return found


def _row(name: str, results: list[Result]) -> Result:
    return {
        "server": name,
        "bursts": median(result["sat"]["rate"] for result in results),
        "bursts_cpu": median(result["sat"]["cpu_per_M"] for result in results),
        "one_in_flight": median(result["win1"]["rate"] for result in results),
        "one_in_flight_cpu": median(result["win1"]["cpu_per_M"] for result in results),
    }


def _fan_out(work: Path, server: Server) -> Result:
    return load(work, server, SUBSCRIBERS, "--win", str(IN_FLIGHT), "--sat", "2", "--win1", "1")


def load(work: Path, server: Server, connections: int, *options: str) -> Result:
    _raise_open_files()
    output = subprocess.run(
        [
            *("taskset", "-c", "1", str(work / "fanload"), "--mode", server.mode),
            *("--port", str(server.port), "--pids", str(server.pid)),
            *("--n", str(connections), *options),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    ).stdout
    result: Result = json.loads(output)
    if result["dead"]:
        raise RuntimeError(f"{server.name} lost {result['dead']} connections")
    return result


# ── servers ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _limit_server(work: Path, *, joins: bool) -> Iterator[Server]:
    port = _free_port()
    arguments = [str(work / "limit_server"), str(port), *(["c"] if joins else [])]
    with _process(arguments) as process:
        _wait_until(lambda: _answers(port), process)
        name = "C, frames joined per turn" if joins else "C, one write per event"
        yield Server(name, "ws", port, process.pid)


@contextmanager
def kabar_server(work: Path, **settings: str) -> Iterator[Server]:
    apps_file, port = work / "apps.toml", _free_port()
    apps_file.write_text(_APPS_FILE)
    environment = {"KABAR_APPS_FILE": str(apps_file), "KABAR_LOG_LEVEL": "warning", **settings}
    arguments = [sys.executable, "-m", "kabar", "serve", "--port", str(port)]
    with _process([*arguments, "--data", str(work / "data")], environment) as process:
        _wait_until(lambda: _is_up(port), process)
        yield Server("Kabar", "soketi", port, process.pid)


@contextmanager
def _process(
    arguments: list[str], environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    _raise_open_files()
    process = subprocess.Popen(
        ["taskset", "-c", "0", *arguments],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not is_ready():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} does not serve")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/up", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


# ── the machine ──────────────────────────────────────────────────────────────────────────────


def compile_tools(work: Path) -> None:
    for name, libraries in (("fanload", ["-lz"]), ("limit_server", [])):
        subprocess.run(
            ["gcc", "-O2", "-w", "-o", str(work / name), str(SOURCES / f"{name}.c"), *libraries],
            check=True,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _raise_open_files() -> None:
    """Let this process and its children have as many sockets as the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def show(found: list[Result]) -> str:
    """Return the table that a terminal shows."""
    lines = [
        f"{'':28}{'bursts':>12}{'one':>12}{'CPU s/M':>10}{'CPU s/M, one':>14}",
        *(
            f"{row['server']:28}{row['bursts']:12,.0f}{row['one_in_flight']:12,.0f}"
            f"{row['bursts_cpu']:10.2f}{row['one_in_flight_cpu']:14.2f}"
            for row in found
        ),
    ]
    kabar = found[-1]
    return "\n".join(
        [
            *lines,
            f"Bursts, of the limit:        {kabar['bursts_of_limit']:.2f}",
            f"One in flight, of the limit: {kabar['one_in_flight_of_limit']:.2f}",
            f"An idle connection:          {kabar['idle_kb']:.1f} kB",
        ]
    )


if __name__ == "__main__":
    print(show(rows(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))
