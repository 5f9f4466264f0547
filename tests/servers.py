"""Real servers for tests, started for one session on this machine and gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from tests import quick
from tests.patience import in_time

_DEBIAN = Path("/usr/lib/postgresql")
_SHARED = {"max_connections": "200", "listen_addresses": ""}
#: a test server loses nothing that anybody would miss
_SETTINGS = {
    **_SHARED,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
}


class MissingServer(Exception):
    """A program that the tests need is not installed; the message says which."""


class PostgreSQL:
    """A server of its own in a temporary folder, reached by a Unix socket."""

    def __init__(self, folder: Path, maker: psycopg.Connection) -> None:
        self.folder = folder
        #: one connection for all: it takes longer to open than what it does
        self._maker = maker
        self._made = 0

    def url(self, database: str) -> str:
        url = URL.create(
            "postgresql", username="postgres", database=database, query={"host": str(self.folder)}
        )
        return url.render_as_string()

    def create_database(self, *, template: str = "template0") -> str:
        """Make a database like the template; return its name."""
        self._made += 1
        name = f"kabar_{self._made}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        if self._maker.info.server_version >= 150_000:
            # As its files, and not page by page through the log: two thirds of the time.
            statement += sql.SQL(" STRATEGY FILE_COPY")
        self._maker.execute(statement)
        return name

    def drop_database(self, name: str) -> None:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        self._maker.execute(drop)

    def pause(self) -> None:
        """Stop all of its processes where they are: lines stay open, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(main)], capture_output=True, text=True
        ).stdout.split()
        for process in (main, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, which)


@contextmanager
def run_postgresql(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """Start PostgreSQL; stop it and remove its folder at the end. Raises `MissingServer`.

    `durable`: on a disk, with the settings that it comes with.
    """
    quick.starts("PostgreSQL")
    programs = _postgresql_programs()
    place = None if durable else _fastest_place()
    folder = Path(tempfile.mkdtemp(prefix="kabar-pg-", dir=place))
    data = folder / "data"
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    options = " ".join(
        f"-c {name}='{value}'" for name, value in (_SHARED if durable else _SETTINGS).items()
    )
    try:
        _run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        _run(
            *(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "60"),
            *("-o", f"-k {folder} {options}", "start"),
        )
        try:
            with psycopg.connect(
                host=str(folder), user="postgres", dbname="postgres", autocommit=True
            ) as maker:
                yield PostgreSQL(folder, maker)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def run_pgbouncer(server: PostgreSQL, *, connections: int) -> Iterator[PgBouncer]:
    """Start PgBouncer in front of a server, in transaction mode. Raises `MissingServer`."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise MissingServer("PgBouncer is not installed: apt-get install pgbouncer")
    folder = Path(tempfile.mkdtemp(prefix="kabar-pgb-"))
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={server.folder} user=postgres\n[pgbouncer]\n"
        f"unix_socket_dir = {folder}\nlisten_addr =\nauth_type = any\npool_mode = transaction\n"
        f"default_pool_size = {connections}\nlogfile = {folder / 'log'}\n"
    )
    if os.getuid() == 0:
        for each in (folder, settings):
            shutil.chown(each, "postgres", "postgres")
    process = subprocess.Popen([*_as_postgres(), program, "--quiet", settings], cwd="/")
    try:
        made = PgBouncer(folder)
        made.wait_until_it_serves(process)
        yield made
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


class PgBouncer:
    """A pooler in a temporary folder, reached by a Unix socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        query = {"host": str(self.folder), "port": "6432"}
        url = URL.create("postgresql", username="postgres", database=database, query=query)
        return url.render_as_string()

    def wait_until_it_serves(self, process: subprocess.Popen[bytes]) -> None:
        with in_time():
            while process.poll() is None:
                with suppress(psycopg.OperationalError):
                    psycopg.connect(self.url("postgres")).close()
                    return
                time.sleep(0.05)
        log = self.folder / "log"
        raise RuntimeError(f"PgBouncer failed: {log.read_text() if log.exists() else ''}")


def _fastest_place() -> Path | None:
    """Return a folder in memory, where there is one: a database is copied for every test."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) else None


def _postgresql_programs() -> Path:
    on_path = shutil.which("pg_ctl")
    if on_path and shutil.which("initdb"):
        return Path(on_path).parent
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if not versions:
        raise MissingServer("PostgreSQL is not installed: apt-get install postgresql")
    return versions[-1].parent


def _as_postgres() -> list[str]:
    return ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []


def _run(*command: Any) -> None:
    """Run a program of PostgreSQL, which refuses to be run by root."""
    # Not to a pipe: the server that pg_ctl leaves behind would hold it open for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [*_as_postgres(), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed: {output.read().decode()}")
