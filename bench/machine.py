"""Programs to measure, on the core that is theirs, and what the system says of them."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

APP_KEY = "app-key"
APP_SECRET = "app-secret"

_APPS_FILE = f"""
[[apps]]
id = "1"
key = "{APP_KEY}"
secret = "{APP_SECRET}"
client_events_per_second = 0
"""


@dataclass(frozen=True)
class Server:
    """Somebody to measure: what it is called, how fanload speaks to it, and where it is."""

    name: str
    mode: str
    port: int
    pid: int


#: what costs something for each event, and is off unless it is switched on
_EVERYTHING_IN_APP = """
[[apps.history]]
prefix = "private-"
size = 100
seconds = 60
"""
_EVERYTHING = {"KABAR_COMPRESSION": "true", "KABAR_CONSOLE_PASSWORD": "only for the bench"}


@contextmanager
def serving_kabar(work: Path, *, everything: bool = False, **settings: str) -> Iterator[Server]:
    """Run Kabar with one app on core 0; settings are environment variables."""
    name = "Kabar, all of it on" if everything else "Kabar"
    apps_file, port = work / f"{name}.toml", free_port()
    apps_file.write_text(_APPS_FILE + (_EVERYTHING_IN_APP if everything else ""))
    environment = {
        "KABAR_APPS_FILE": str(apps_file),
        "KABAR_LOG_LEVEL": "warning",
        **(_EVERYTHING if everything else {}),
        **settings,
    }
    arguments = [sys.executable, "-m", "kabar", "serve", "--port", str(port)]
    with running([*arguments, "--data", str(work / name)], environment) as process:
        wait_until(lambda: _is_up(port), process)
        yield Server(name, "soketi", port, process.pid)


@contextmanager
def running(
    arguments: list[str], environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program on core 0."""
    raise_open_files()
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


def wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not is_ready():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} does not serve")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def raise_open_files() -> None:
    """Let this process and its children have as many sockets as the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def resident_kb(pid: int) -> int:
    """Return how much memory of its own a process has in use."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def cpu_seconds(pid: int) -> float:
    """Return how long a process has kept a core busy."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/up", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
