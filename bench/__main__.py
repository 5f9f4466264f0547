"""`make bench`: measures everything, prints the tables, and writes docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import crowds, fanout, million, people, rounds, untouched
from bench.crowds import Arrival, Spread
from bench.rounds import Compared
from bench.untouched import Cost
from tests.servers import MissingServer

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
#: the page without the numbers
TEMPLATE = ROOT / "bench" / "page.md"
#: where the time goes: `py-spy record`, on the server under this load
MISSED = """\
Missed here: {what}. In a direct room the rest of the limit's time goes into what a product adds:
who the caller is, whether the client id was seen, what the room's subscribers hear. In a room of
10,000 it is the kernel's `write`, a thousand for each burst of bells, and the positions of the
thousand who listen, read once a batch."""
FAN_OUT_MISSED = """\
The bar for one event at a time was missed here. Such an event is a thousand calls of the kernel's
`write`, one for each subscriber, in C as in Kabar; the columns of CPU say what Kabar adds to them.
Processes of the same program differ: compare the two rows of Kabar."""
LIBRARIES = ("litestar", "msgspec", "psycopg", "sqlalchemy", "uvicorn", "uvloop", "websockets")

#: what we want to reach: of the limit, and messages a second
FAN_OUT_BAR = 0.75
IDLE_KB_BAR = 10.0
ARRIVAL_BAR = 10
#: of the limit in a direct room, and of a direct room in one of any size
OF_LIMIT_BAR = 0.85
OF_DIRECT_BAR = 0.5
P99_BAR = 50.0


def main() -> None:
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    print("Fan-out, some minutes …", flush=True)
    fan_out = fanout.rows()
    print(fanout.show(fan_out), "\n\nCrowds, a minute …", flush=True)
    arrived, spread = crowds.arrival(), crowds.spread()
    print(crowds.show(arrived, spread), "\n\nSending, ten minutes …", flush=True)
    sent = _sending()
    print("What is not touched, two minutes …", flush=True)
    costs = untouched.measure()
    print("A million messages, some ten minutes …", flush=True)
    of_million = million.measure()
    PAGE.write_text(_page(fan_out, arrived, spread, sent, costs, of_million), encoding="utf-8")
    print(f"{_sending_table(sent)}\n\nWritten to {PAGE.relative_to(ROOT)}")


def _sending() -> list[Compared]:
    try:
        return rounds.compare()
    except MissingServer as missing:
        sys.exit(str(missing))


def _page(
    fan_out: list[dict[str, Any]],
    arrived: Arrival,
    spread: Spread,
    sent: list[Compared],
    costs: list[Cost],
    of_million: list[Cost],
) -> str:
    return TEMPLATE.read_text(encoding="utf-8").format(
        date=f"{datetime.now(UTC):%d %B %Y}",
        machine=_table(("what", ""), _machine()),
        subscribers=f"{fanout.SUBSCRIBERS:,}",
        fan_out=_fan_out_table(fan_out),
        fan_out_bars=_fan_out_bars(*fan_out[2:]),
        fan_out_missed=_fan_out_missed(fan_out[2]),
        crowds=_crowds_table(fan_out[2], arrived, spread),
        connections=people.CONNECTIONS,
        rooms=f"{people.ROOMS:,}",
        p99=f"{P99_BAR:.0f}",
        sending=_sending_table(sent),
        missed=_missed(sent),
        untouched=untouched_table(costs, untouched.SIZES),
        million=million_table(of_million),
    )


def untouched_table(costs: Sequence[Cost], sizes: Sequence[int]) -> str:
    """Return the costs of what touches little, by how much there is."""
    return _table(
        ("database", "what", *(f"of {size:,}" for size in sizes)),
        [
            (cost.database, cost.what, *(f"{each:.2f} ms" for each in cost.by_size))
            for cost in costs
        ],
    )


def million_table(costs: Sequence[Cost]) -> str:
    """Return what lists, pages and searches cost with a million messages, by database."""
    of = {(cost.what, cost.database): cost.by_size[0] for cost in costs}
    databases = list(dict.fromkeys(cost.database for cost in costs))
    return _table(
        ("what", *databases),
        [
            (what, *(f"{of[what, database]:.1f} ms" for database in databases))
            for what in dict.fromkeys(cost.what for cost in costs)
        ],
    )


def _fan_out_table(fan_out: list[dict[str, Any]]) -> str:
    bursts = f"bursts of {fanout.IN_FLIGHT}"
    return _table(
        ("server", bursts, "one at a time", f"CPU s per million, {bursts}", "one at a time"),
        [
            (
                row["server"],
                f"{row['bursts']:,.0f}",
                f"{row['one_in_flight']:,.0f}",
                f"{row['bursts_cpu']:.2f}",
                f"{row['one_in_flight_cpu']:.2f}",
            )
            for row in fan_out
        ],
    )


def _fan_out_bars(kabar: dict[str, Any], full: dict[str, Any]) -> str:
    bar = f"at least {FAN_OUT_BAR}"
    idle = f"an idle connection, of {fanout.IDLE_CONNECTIONS:,}"
    return _table(
        ("of Kabar", "measured", "wanted"),
        [
            ("bursts, of the limit", f"{kabar['bursts_of_limit']:.2f}", bar),
            ("one at a time, of the limit", f"{kabar['one_in_flight_of_limit']:.2f}", bar),
            ("bursts, all of it on", f"{full['bursts_of_limit']:.2f}", bar),
            ("one at a time, all of it on", f"{full['one_in_flight_of_limit']:.2f}", bar),
            (idle, f"{kabar['idle_kb']:.1f} kB", f"at most {IDLE_KB_BAR:.0f} kB"),
        ],
    )


def _fan_out_missed(kabar: dict[str, Any]) -> str:
    return FAN_OUT_MISSED if kabar["one_in_flight_of_limit"] < FAN_OUT_BAR else ""


def _crowds_table(kabar: dict[str, Any], arrived: Arrival, spread: Spread) -> str:
    each = f"{spread.bytes_each:.0f} bytes for each"
    return _table(
        ("what", "measured", "wanted"),
        [
            (
                f"bursts on a channel of {fanout.LARGE_CHANNEL:,}",
                f"{kabar['large']:,.0f} deliveries a second",
                "nobody lost",
            ),
            (
                f"{arrived.guests:,} sign in and join presence channels of {crowds.MEMBERS}",
                f"{arrived.seconds:.1f} s ({arrived.cpu:.1f} s of CPU), {arrived.lost} lost",
                f"within {ARRIVAL_BAR} s, nobody lost",
            ),
            (
                "what those who were there are told of it",
                f"{arrived.told:,} frames",
                f"{arrived.told_at_best:,}: one a member and arrival",
            ),
            (
                f"{spread.channels:,} channels with one subscriber each",
                f"{spread.seconds:.1f} s, {each}",
                "nobody lost",
            ),
            (
                "an event over HTTP on one of them, until its subscriber has it",
                f"{spread.among_all_ms:.2f} ms",
                f"as on the first alone: {spread.alone_ms:.2f} ms",
            ),
        ],
    )


def _sending_table(sent: list[Compared]) -> str:
    head, *rows = rounds.table(sent)
    return _table(head, rows)


def _missed(sent: list[Compared]) -> str:
    """Say what was missed, by how much, and where the time goes."""
    what = [
        f"{one.database}, {name} {found:.2f} instead of {wanted}"
        for one in sent
        for name, found, wanted in (
            ("direct rooms of the limit", one.of_limit, OF_LIMIT_BAR),
            *(
                (f"a room of {size:,} of a direct one", found, OF_DIRECT_BAR)
                for size, found in one.of_direct.items()
            ),
        )
        if found < wanted
    ]
    what += [
        f"{one.database}, p99 in a room of {size:,} {run.p99:.0f} ms instead of {P99_BAR:.0f}"
        for one in sent
        for size, run in one.sent.items()
        if run.p99 > P99_BAR
    ]
    return MISSED.format(what="; ".join(what)) if what else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def _machine() -> list[tuple[str, str]]:
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        ("machine", f"{os.cpu_count()} cores of {processor}, {memory:.0f} GiB"),
        ("system", f"{platform.system()} {platform.release().partition('-')[0]}"),
        ("Python", platform.python_version()),
        ("databases", f"SQLite {sqlite3.sqlite_version}, {_postgresql_version()}"),
        ("libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES)),
    ]


def _postgresql_version() -> str:
    """Return what psql, which comes with the server, calls itself."""
    said = subprocess.run(["psql", "--version"], capture_output=True, text=True, check=True)
    return "PostgreSQL " + said.stdout.split()[2]


if __name__ == "__main__":
    main()
