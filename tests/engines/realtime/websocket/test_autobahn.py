"""RFC 6455 and RFC 7692 by Autobahn's cases; `make autobahn` runs those that take minutes too."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engines.realtime.support import running
from tests.engines.realtime.websocket.echo import AUTOBAHN_LIMITS, EchoSocket
from tests.patience import patiently

#: all but the large messages and compression
PROTOCOL = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"]
#: every set of parameters, with short messages, and messages in fragments
COMPRESSION = ["12.1.1", "12.1.11", *[f"13.{parameters}.2" for parameters in range(1, 8)]]
LARGE = ["9.1.1", "9.2.1", "9.3.5", "9.4.5", "9.5.6", "9.7.1", "9.8.1"]


@pytest.mark.parametrize(
    ("cases", "compress_from"),
    [(PROTOCOL, None), (LARGE, None), (["1.1.*", "5.*", "6.2.*"], 0), (COMPRESSION, 0)],
)
async def test_autobahn_finds_no_fault(
    cases: list[str], compress_from: int | None, tmp_path: Path
) -> None:
    limits = replace(AUTOBAHN_LIMITS, compress_from=compress_from)
    async with running(limits=limits, socket_class=EchoSocket) as server:
        # A process of its own: the cases come with stand-ins for modules of Python 2.
        process = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("kosoku"), f"ws://127.0.0.1:{server.port}"),
            *(argument for case in cases for argument in ("--include", case)),
            *("--parallelism", "2", "--outdir", tmp_path),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with patiently():
            told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()
    (of_agent,) = json.loads((tmp_path / "index.json").read_text()).values()
    assert len(of_agent) >= len(cases)
