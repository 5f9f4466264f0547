"""Opening SQLite or PostgreSQL: URLs, connection pools, and the options of each."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from kabar.core.errors import CannotStart
from kabar.infra.db.postgresql import open_postgresql, require_known_parameters

#: 3.38 brought the operator ->>, which `rows.py` needs; 3.35 RETURNING
_OLDEST_SQLITE = (3, 38)


def database_url(url: str | None, data: Path) -> URL:
    """Return the URL in SQLAlchemy's spelling; without one, SQLite in the data folder.

    Raises `CannotStart`, which repeats nothing that may be a part of the password.
    """
    if url is None:
        return URL.create("sqlite", database=str(data / "kabar.db"))
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _wrong("this is not a database URL") from None
    except ValueError:
        raise _wrong("the port must be a number") from None
    if parsed.drivername.partition("+")[0] == "sqlite":
        return _sqlite_url(parsed)
    if url.count("@") > 1:
        raise _wrong("an @ in the name or in the password is written %40")
    if parsed.port is not None and not 0 < parsed.port < 1 << 16:
        raise _wrong("the port must be between 1 and 65535")
    require_known_parameters(parsed)
    return parsed.set(drivername="postgresql+psycopg")


def shown_url(url: URL) -> str:
    """Return the URL without what is secret: its parameters may hold a password too."""
    return url.set(query={}).render_as_string(hide_password=True)


def _sqlite_url(url: URL) -> URL:
    file = url.database or ""
    if url.host is not None or file in {"", ":memory:"} or file.startswith("file:"):
        raise _wrong("SQLite takes a file, as in sqlite:////var/lib/kabar/kabar.db")
    if url.query:
        raise _wrong("SQLite takes no parameters")
    return URL.create("sqlite", database=str(Path(file).expanduser()))


def _wrong(because: str) -> CannotStart:
    return CannotStart(f"KABAR_DATABASE_URL: {because}")


def open_writer(
    url: URL, *, connections: int, synchronous: str, seconds: float | None = None
) -> Engine:
    """Return the engine that writes: on SQLite through one connection, begun IMMEDIATE.

    `seconds`: so long a statement may take on PostgreSQL, and twice as long as waiting for a lock.
    """
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(
            url, connections=1, synchronous=synchronous, begin="BEGIN IMMEDIATE", seconds=seconds
        )
    return open_postgresql(url, connections=connections, seconds=seconds)


def open_readers(url: URL, *, connections: int, seconds: float | None = None) -> Engine:
    """Return the engine that reads: each unit sees one snapshot."""
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(
            url, connections=connections, synchronous="NORMAL", begin="BEGIN", seconds=seconds
        )
    return open_postgresql(
        url,
        connections=connections,
        seconds=seconds,
        isolation_level="REPEATABLE READ",
        postgresql_readonly=True,
    )


def _open_sqlite(
    url: URL, *, connections: int, synchronous: str, begin: str, seconds: float | None
) -> Engine:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise CannotStart(f"SQLite {sqlite3.sqlite_version} is too old: Kabar needs 3.38 or newer")
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={
            "check_same_thread": False,
            # for another process that writes, as long as PostgreSQL waits for a lock
            "timeout": 10 if seconds is None else seconds / 2,
            "cached_statements": 512,
        },
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions of its own: we say when, and which kind.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32768")
        # Pages that many messages change are copied back once in 16 MB of them, not in each 4 MB.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA temp_store = MEMORY")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
