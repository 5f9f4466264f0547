"""How many deliveries a second does a channel of 1,000 get, beside what the machine can do?"""

# `python -m bench.fanout [ROUNDS]`: the server on core 0, the load generator on core 1, everything
# on loopback. `fanload/limit_server.c` is a bare broadcaster in C: the machine's limit. The servers
# take turns, so that what else happens on the machine happens to all of them alike.

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.machine import Server, free_port, raise_open_files, running, serving_kabar, wait_until

SOURCES = Path(__file__).parent / "fanload"
SUBSCRIBERS = 1_000
IN_FLIGHT = 32
IDLE_CONNECTIONS = 5_000
LARGE_CHANNEL = 10_000
ROUNDS = 5

Result = dict[str, Any]


def rows(rounds: int = ROUNDS) -> list[Result]:
    """Measure everything; a dict per server: medians, and for Kabar how near it is to the limit.

    The last is Kabar with histories, compression (which fanload does not ask for) and console.
    `bursts` and `one_in_flight` are deliveries a second with 32 events on the way and with one;
    `*_cpu` are the server's CPU seconds per million of them; `idle_kb` is resident memory per
    connection with 5,000 of them; `large` deliveries a second on a channel of 10,000.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers_running:
        work = Path(folder)
        compile_tools(work)
        servers = [
            servers_running.enter_context(_limit_server(work, joins=True)),
            servers_running.enter_context(_limit_server(work, joins=False)),
            servers_running.enter_context(serving_kabar(work)),
            servers_running.enter_context(serving_kabar(work, everything=True)),
        ]
        runs: dict[str, list[Result]] = {server.name: [] for server in servers}
        for _ in range(rounds):
            for server in servers:
                runs[server.name].append(_fan_out(work, server))
        found = [_row(name, results) for name, results in runs.items()]
    with tempfile.TemporaryDirectory() as folder:
        compile_tools(Path(folder))
        with serving_kabar(Path(folder)) as server:
            idle = load(Path(folder), server, IDLE_CONNECTIONS, "--sat", "0", "--warm", "0")
            large = load(Path(folder), server, LARGE_CHANNEL, "--win", str(IN_FLIGHT), "--sat", "3")
    joined, single, kabar, full = found
    for each in (kabar, full):
        each["bursts_of_limit"] = each["bursts"] / joined["bursts"]
        each["one_in_flight_of_limit"] = each["one_in_flight"] / single["one_in_flight"]
    kabar["idle_kb"] = idle["kb_per_conn"]
    kabar["large"] = large["sat"]["rate"]
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
    raise_open_files()
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
    port = free_port()
    arguments = [str(work / "limit_server"), str(port), *(["c"] if joins else [])]
    with running(arguments) as process:
        wait_until(lambda: _answers(port), process)
        name = "C, frames joined per turn" if joins else "C, one write per event"
        yield Server(name, "ws", port, process.pid)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def compile_tools(work: Path) -> None:
    for name, libraries in (("fanload", ["-lz"]), ("limit_server", [])):
        subprocess.run(
            ["gcc", "-O2", "-w", "-o", str(work / name), str(SOURCES / f"{name}.c"), *libraries],
            check=True,
        )


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
    kabar, full = found[2:]
    return "\n".join(
        [
            *lines,
            f"Bursts, of the limit:        {kabar['bursts_of_limit']:.2f}",
            f"One in flight, of the limit: {kabar['one_in_flight_of_limit']:.2f}",
            f"Bursts, all of it on:        {full['bursts_of_limit']:.2f}",
            f"One in flight, all of it on: {full['one_in_flight_of_limit']:.2f}",
            f"An idle connection:          {kabar['idle_kb']:.1f} kB",
            f"A channel of {LARGE_CHANNEL:,}:         {kabar['large']:,.0f} deliveries a second",
        ]
    )


if __name__ == "__main__":
    print(show(rows(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))
