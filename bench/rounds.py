"""Sending beside the least that it can cost, and into rooms of any size: rounds that take turns."""

# `python -m bench.rounds [ROUNDS [SECONDS]]`: what is compared was measured one after the other.

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from bench import sending
from bench.machine import cpu_seconds, free_port, running, wait_until
from bench.people import CONNECTIONS, ROOMS
from bench.sending import Sending
from tests.servers import run_postgresql

ROUNDS = 4
SECONDS = 5
#: participants; a tenth of them listen, where there are more than two
SIZES = (2, 1_000, 10_000)

_SCRIPT = """
math.randomseed(os.time())
local n = 0
request = function()
  n = n + 1
  local body = '{"roomId":"r' .. math.random(0, %d) .. '","content":"hello number ' .. n .. '"}'
  return wrk.format("POST", "/api/chat/send",
    {["Content-Type"] = "application/json", ["Cookie"] = "s=alice"}, body)
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %%d %%f %%d %%f\\n", summary.requests, summary.duration / 1e6,
    summary.errors.status, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True)
class Limit:
    """One run of the least: a second, and what each costs its process."""

    per_second: float
    p99: float
    cpu_us: float


@dataclass(frozen=True)
class Compared:
    """The medians of all rounds: of the limit, and of Kabar by the size of the room."""

    database: str
    limit: Limit
    sent: dict[int, Sending]
    #: of the limit's a second, of its CPU, and of a direct room's a second: medians of each round's
    of_limit: float
    of_limit_cpu: float
    of_direct: dict[int, float]
    of_direct_cpu: dict[int, float]


def limit(url: str, *, seconds: int) -> Limit:
    """Measure the least that a send can cost, on this database."""
    with tempfile.TemporaryDirectory() as folder:
        script, port = Path(folder) / "wrk.lua", free_port()
        script.write_text(_SCRIPT % (ROOMS - 1))
        place = url or f"sqlite:///{folder}/limit.db"
        arguments = [sys.executable, "-m", "bench.sendlimit", "--url", place, "--port", str(port)]
        with running(arguments) as process:
            wait_until(lambda: _answers(port), process)
            cpu = cpu_seconds(process.pid)
            output = subprocess.run(
                [
                    *("taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"),
                    *("--latency", "-s", str(script), f"http://127.0.0.1:{port}"),
                ],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            cpu = cpu_seconds(process.pid) - cpu
    result = re.search(r"RESULT (\d+) ([\d.]+) (\d+) ([\d.]+)", output)
    if result is None:
        raise RuntimeError(f"wrk said: {output}")
    count, took, refused, p99 = map(float, result.groups())
    return Limit((count - refused) / took, p99, cpu / (count - refused) * 1e6)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def compare(
    *, rounds: int = ROUNDS, seconds: int = SECONDS, sizes: Sequence[int] = SIZES
) -> list[Compared]:
    """Run everything once a round, and take the medians."""
    limits: dict[str, list[Limit]] = defaultdict(list)
    sent: dict[str, dict[int, list[Sending]]] = defaultdict(lambda: defaultdict(list))
    with run_postgresql(durable=True) as server:
        for _ in range(rounds):
            for database in ("SQLite", "PostgreSQL"):
                on_server = database == "PostgreSQL"

                def url(*, on_server: bool = on_server) -> str | None:
                    return server.url(server.create_database()) if on_server else None

                place = (url() or "").replace("postgresql:", "postgresql+psycopg:")
                limits[database].append(limit(place, seconds=seconds))
                for size in sizes:
                    run = sending.run(url(), seconds=seconds, participants=size)
                    sent[database][size].append(asyncio.run(run))
                    print(sent[database][size][-1], flush=True)
    return [_medians(database, limits[database], sent[database]) for database in limits]


def _medians(database: str, limits: list[Limit], sent: dict[int, list[Sending]]) -> Compared:
    direct = sent[2]
    return Compared(
        database=database,
        limit=_middle(limits),
        sent={size: _middle(runs) for size, runs in sent.items()},
        of_limit=median(
            run.per_second / least.per_second for run, least in zip(direct, limits, strict=True)
        ),
        of_limit_cpu=median(
            least.cpu_us / run.cpu_us for run, least in zip(direct, limits, strict=True)
        ),
        of_direct={
            size: median(
                run.per_second / one.per_second for run, one in zip(runs, direct, strict=True)
            )
            for size, runs in sent.items()
        },
        of_direct_cpu={
            size: median(one.cpu_us / run.cpu_us for run, one in zip(runs, direct, strict=True))
            for size, runs in sent.items()
        },
    )


T = TypeVar("T", Limit, Sending)


def _middle(runs: list[T]) -> T:
    """Return the run in the middle."""
    return sorted(runs, key=lambda run: run.per_second)[(len(runs) - 1) // 2]


def table(compared: list[Compared]) -> list[tuple[str, ...]]:
    """Return the rows of the page, the head first."""
    rows: list[tuple[str, ...]] = [
        (
            *("database", "room of", "a second", "of the limit", "of its CPU"),
            *("of a direct room", "of its CPU", "p99", "CPU of each", "rang, of"),
        )
    ]
    for one in compared:
        rows.append(
            (
                *(one.database, "the limit", f"{one.limit.per_second:,.0f}", "1", "1", "", ""),
                *(f"{one.limit.p99:.0f} ms", f"{one.limit.cpu_us:.0f} µs", ""),
            )
        )
        for size, run in one.sent.items():
            of_limit = (f"{one.of_limit:.2f}", f"{one.of_limit_cpu:.2f}") if size == 2 else ("", "")
            of_direct = (f"{one.of_direct[size]:.2f}", f"{one.of_direct_cpu[size]:.2f}")
            rows.append(
                (
                    *(one.database, f"{size:,}", f"{run.per_second:,.0f}", *of_limit),
                    *(of_direct if size > 2 else ("", "")),
                    *(f"{run.p99:.0f} ms", f"{run.cpu_us:.0f} µs"),
                    f"{run.rung:,} of {run.rung_wanted:,}" if size > 2 else "",
                )
            )
    return rows


if __name__ == "__main__":
    many = [int(given) for given in sys.argv[1:]]
    found = compare(**dict(zip(("rounds", "seconds"), many, strict=False)))  # type: ignore[arg-type]
    for row in table(found):
        print("| " + " | ".join(row) + " |")
