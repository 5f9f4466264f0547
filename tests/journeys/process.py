"""A Kabar of its own process, as a user starts it, and its other commands."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self, TextIO

import aiohttp

from tests import quick
from tests.house.tree import ROOT
from tests.journeys.forge import Forked, fork_kabar
from tests.patience import PATIENCE, patiently

#: a machine that is busy is no reason for a test to fail, and nobody to hang up on
PATIENT = {
    "KABAR_DATABASE_TIMEOUT": str(PATIENCE),
    "KABAR_REQUEST_TIMEOUT": str(PATIENCE),
}


class KabarProcess:
    """`kabar serve` on a free port, until it is stopped or killed."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.port = 0
        self.app_key = ""
        #: what the last start printed
        self.printed: list[str] = []
        self.environment = environment
        self._process: asyncio.subprocess.Process | Forked | None = None
        self._heard: TextIO | None = None
        #: what it writes to standard error
        self.log_file = data / "kabar.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> Self:
        """Start, and wait until it serves; a second start takes the same port."""
        quick.starts("Kabar")
        self.data.mkdir(exist_ok=True)
        heard, says = os.pipe()
        with self.log_file.open("ab") as log, os.fdopen(says, "wb"):
            self._process = await self._started(says, log.fileno())
        # Open until it ends: it may have more to say.
        self._heard = os.fdopen(heard)
        self.printed = []
        try:
            async with patiently():
                while not self.printed or not self.printed[-1].startswith("Data "):
                    line = (await asyncio.to_thread(self._heard.readline)).strip()
                    assert line, f"kabar ended: {self.log()[-2000:]}"
                    self.printed.append(line)
                told = dict(line.split(maxsplit=1) for line in self.printed)
                self.port = int(told["Kabar"].rsplit(":", 1)[1])
                self.app_key = told["App"].split()[-1]
                async with aiohttp.ClientSession() as http, http.get(f"{self.url}/up") as answer:
                    assert answer.status == 200, await answer.text()
        except BaseException:
            self.signal(signal.SIGKILL)
            raise
        return self

    async def _started(self, out: int, log: int) -> asyncio.subprocess.Process | Forked:
        environment = clean_environment() | PATIENT | self.environment
        with Path(os.devnull).open() as nothing:
            files = (nothing.fileno(), out, log)
            return fork_kabar(
                self._arguments(), environment=environment, cwd=self.data, files=files
            )

    def _arguments(self) -> tuple[str, ...]:
        return ("serve", "--port", str(self.port), "--data", str(self.data))

    async def stop(self) -> int:
        """Send SIGTERM and return the exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def kill(self) -> None:
        """Pull the plug: SIGKILL."""
        self.signal(signal.SIGKILL)
        await self.ended()

    def signal(self, which: signal.Signals) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(which)

    async def ended(self) -> int:
        assert self._process is not None
        code = await self._process.wait()
        if self._heard is not None:
            self._heard.close()
            self._heard = None
        return code

    def log(self) -> str:
        return self.log_file.read_text()

    async def own_app(self) -> dict[str, str]:
        """Return id, key and secret of Kabar's own app, as the command line tells them."""
        ended = await run_kabar(
            "apps", "list", "--json", "--data", str(self.data), environment=self.environment
        )
        assert ended.code == 0, ended.err
        app: dict[str, str] = json.loads(ended.out)[0]
        return app


class TypedKabarProcess(KabarProcess):
    """Started as somebody types it, and not forked from a process that has read the code."""

    async def _started(self, out: int, log: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *kabar(*self._arguments()),
            env=clean_environment() | PATIENT | self.environment,
            cwd=self.data,
            stdout=out,
            stderr=log,
        )


class Ended(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


async def run_kabar(
    *arguments: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Ended:
    """Run a command of Kabar that ends by itself."""
    quick.starts("Kabar")
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with Path(os.devnull).open() as nothing:
            process = fork_kabar(
                arguments,
                environment=clean_environment() | dict(environment or {}),
                cwd=cwd,
                files=(nothing.fileno(), out.fileno(), err.fileno()),
            )
        try:
            async with patiently():
                code = await process.wait()
        except TimeoutError:
            process.send_signal(signal.SIGKILL)
            await process.wait()
            raise
        for told in (out, err):
            told.seek(0)
        return Ended(code, out.read().decode(), err.read().decode())


class Command(NamedTuple):
    """A command of Kabar that ends by itself, and what it finds around it."""

    arguments: Sequence[str]
    environment: Mapping[str, str] = {}
    folder: Path = ROOT


async def run_kabar_often(
    *commands: Sequence[str] | Command, environment: Mapping[str, str] | None = None
) -> list[Ended]:
    """Run many commands of Kabar that end by themselves, one after the other, in one process."""
    whole = [each if isinstance(each, Command) else Command(each) for each in commands]
    ended = await run(
        *(sys.executable, "-m", "tests.journeys.commands"),
        cwd=ROOT,
        environment=environment,
        given=json.dumps([(list(each[0]), dict(each[1]), str(each[2])) for each in whole]),
    )
    assert ended.code == 0, ended.err
    return [Ended(*each) for each in json.loads(ended.out)]


async def run(
    *command: str,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: str = "",
) -> Ended:
    """Run a program to its end; it is `given` this to read."""
    quick.starts(command[0])
    process = await asyncio.create_subprocess_exec(
        *command,
        env=clean_environment() | dict(environment or {}),
        cwd=cwd,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(5 * PATIENCE):
            out, err = await process.communicate(given.encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


def kabar(*arguments: str) -> tuple[Any, ...]:
    """Return the command line of Kabar with these arguments."""
    return (sys.executable, "-m", "kabar", *arguments)


def clean_environment() -> dict[str, str]:
    """Return the environment without settings that the person running the tests may have."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KABAR_", "PUSHER_"))
    }
    # Dozens of starts: what Python has compiled is kept, whatever the tests' own Python does.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {"PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "compiled")}
