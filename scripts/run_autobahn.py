"""Runs all of Autobahn's cases against our WebSocket, and writes docs/autobahn.md."""

# The cases are Autobahn's own, driven by kosoku, because their original runner needs Python 2. Our
# WebSocket has an echo in place of Pusher's conversation: tests/engines/realtime/websocket/echo.py.

from __future__ import annotations

import platform
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop
from kosoku import FailureError, run_fuzzingclient

from tests.engines.realtime.support import running
from tests.engines.realtime.websocket.echo import AUTOBAHN_LIMITS, EchoSocket

if TYPE_CHECKING:
    from kosoku._kosoku import CaseResult

PAGE = Path(__file__).parents[1] / "docs" / "autobahn.md"
LIBRARIES = ("kosoku", "websockets", "uvicorn", "uvloop")

SECTIONS = {
    1: "Framing",
    2: "Pings and pongs",
    3: "Reserved bits",
    4: "Opcodes",
    5: "Fragmentation",
    6: "UTF-8",
    7: "Closing",
    9: "Limits and performance: up to 16 MiB",
    10: "Miscellaneous",
    12: "Compression: different payloads",
    13: "Compression: different parameters",
}
VERDICTS = ("OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED", "failed")
PASSED = {"OK", "NON-STRICT", "INFORMATIONAL"}

HEAD = """\
# Autobahn's cases

How Kabar's WebSocket does in the cases of the
[Autobahn test suite](https://github.com/crossbario/autobahn-testsuite), which probe RFC 6455 and
RFC 7692 (permessage-deflate). An echo takes the place of Pusher's conversation, and the limits are
raised to the 16 MiB that some cases need; all else is what `kabar serve` runs. A part of the cases
runs in `make test` too.

*This page is made by `make autobahn`, on {date} with Python {python},
{libraries}.*

NON-STRICT: as the RFC allows, but not as early as Autobahn would like. INFORMATIONAL: the RFC
leaves it open. Not offered: the case needs compression, which is off.
"""


def main() -> int:
    print("Without compression, a minute …", flush=True)
    plain = uvloop.run(run(compress_from=None))
    print("With compression, ten minutes …", flush=True)
    compressed = uvloop.run(run(compress_from=0))
    PAGE.write_text(page(plain, compressed), encoding="utf-8")
    failed = [case.case_id for case in (*plain, *compressed) if verdict(case) == "failed"]
    failed += [case.case_id for case in compressed if verdict(case) == "UNIMPLEMENTED"]
    print(f"Written to {PAGE.relative_to(PAGE.parents[1])}; failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


async def run(*, compress_from: int | None) -> list[CaseResult]:
    limits = replace(AUTOBAHN_LIMITS, compress_from=compress_from)
    async with running(limits=limits, socket_class=EchoSocket) as server:
        try:
            return await run_fuzzingclient(f"ws://127.0.0.1:{server.port}")
        except FailureError as failure:
            # Here what is not offered counts as failed. The results are those of all cases.
            return failure.results


def page(plain: list[CaseResult], compressed: list[CaseResult]) -> str:
    head = HEAD.format(
        date=f"{datetime.now(UTC):%d %B %Y}",
        python=platform.python_version(),
        libraries=", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    )
    return "\n".join(
        [
            head,
            "## Without compression (the default)\n",
            *table(plain),
            "\n## With compression (`KABAR_COMPRESSION`)\n",
            *table(compressed),
            "\n## What is not simply OK\n",
            *remarks([*plain, *compressed]),
            "",
        ]
    )


def table(results: Iterable[CaseResult]) -> list[str]:
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for case in results:
        counts[int(case.case_id.partition(".")[0])][verdict(case)] += 1
    total = sum(counts.values(), Counter[str]())
    rows = [(f"{section} {SECTIONS[section]}", counts[section]) for section in sorted(counts)]
    return [
        "| section | OK | NON-STRICT | INFORMATIONAL | not offered | failed |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | " + " | ".join(str(found[each] or "") for each in VERDICTS) + " |"
            for name, found in [*rows, ("**all**", total)]
        ),
    ]


def verdict(case: CaseResult) -> str:
    both = {case.behavior.value, case.behavior_close.value}
    if case.behavior.value == "UNIMPLEMENTED":
        return "UNIMPLEMENTED"
    if not both <= PASSED:
        return "failed"
    return max(both, key=VERDICTS.index)


def remarks(results: Iterable[CaseResult]) -> list[str]:
    """Say what each case that is worth a word expects."""
    found = {
        case.case_id: f"- {case.case_id}, {verdict(case)}: {case.description.partition('<br>')[0]}"
        for case in results
        if verdict(case) not in {"OK", "UNIMPLEMENTED"}
    }
    return list(found.values()) or ["Nothing."]


if __name__ == "__main__":
    sys.exit(main())
