"""Processes of Kabar without the second that reading its code takes: forked from one that has."""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from tests.house.tree import ROOT

_LARGEST = 1 << 20


class Forked:
    """A process that runs the command line of Kabar, as `asyncio.subprocess.Process` has it."""

    def __init__(self, pid: int, ending: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        #: the end of a pipe on which the exit code comes
        self._ending = ending

    def send_signal(self, which: signal.Signals) -> None:
        if self.returncode is not None or select.select([self._ending], [], [], 0)[0]:
            raise ProcessLookupError
        os.kill(self.pid, which)

    async def wait(self) -> int:
        loop = asyncio.get_running_loop()
        while self.returncode is None:
            has_ended = asyncio.Event()
            loop.add_reader(self._ending, has_ended.set)
            try:
                await has_ended.wait()
            finally:
                loop.remove_reader(self._ending)
            self._note_end()
        return self.returncode

    def _note_end(self) -> None:
        if self.returncode is None:
            self.returncode = int(os.read(self._ending, 16))
            os.close(self._ending)


def fork_kabar(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    cwd: Path | None,
    files: tuple[int, int, int],
) -> Forked:
    """Start `kabar …` with these standard files."""
    ending, told = os.pipe()
    try:
        asked = {"arguments": arguments, "environment": dict(environment), "cwd": str(cwd or ROOT)}
        forge = _forge()
        socket.send_fds(forge, [json.dumps(asked).encode()], [*files, told])
        pid = int(forge.recv(16))
    finally:
        os.close(told)
    return Forked(pid, ending)


@cache
def _forge() -> socket.socket:
    """Start the process that forks, once for a run of tests; it ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.forge", str(its.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


# ── in the process that forks ────────────────────────────────────────────────────────────────


def _serve(channel: socket.socket) -> dict[str, Any]:
    """Fork for each who asks; return in the child, with what is asked of it."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    endings: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([channel.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_who_ended(endings)
        if channel.fileno() in ready:
            asked, files, _, _ = socket.recv_fds(channel, _LARGEST, 4)
            if not asked:
                os._exit(0)
            *standard, told = files
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for number, file in enumerate(standard):
                    os.dup2(file, number)
                for file in [*files, *endings.values(), woken, waker]:
                    os.close(file)
                channel.close()
                found: dict[str, Any] = json.loads(asked)
                return found
            for file in standard:
                os.close(file)
            endings[pid] = told
            channel.send(str(pid).encode())


def _tell_who_ended(endings: dict[int, int]) -> None:
    for pid in list(endings):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            told = endings.pop(pid)
            os.write(told, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(told)


def _run() -> NoReturn:
    from kabar.cli.main import main

    with socket.socket(fileno=int(sys.argv[1])) as channel:
        # What all have in common stays in common: the collector would write to each object.
        gc.collect()
        gc.freeze()
        asked = _serve(channel)
    gc.unfreeze()
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["kabar", *asked["arguments"]]
    main()
    sys.exit()


if __name__ == "__main__":
    _run()
