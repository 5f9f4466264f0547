"""Opening the database: what each of the two needs to be told."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from kabar.core.errors import CannotStart

#: 3.38 brought the operator ->>, which `rows.py` needs; 3.35 RETURNING
_OLDEST_SQLITE = (3, 38)


def database_url(url: str | None, data: Path) -> URL:
    """Return the URL in SQLAlchemy's spelling; without one, SQLite in the data folder."""
    if url is None:
        return URL.create("sqlite", database=str(data / "kabar.db"))
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise CannotStart("KABAR_DATABASE_URL: this is not a database URL") from None
    return parsed.set(
        drivername="sqlite" if parsed.drivername.startswith("sqlite") else "postgresql+psycopg"
    )


def open_writer(url: URL, *, connections: int, synchronous: str) -> Engine:
    """Return the engine that writes: on SQLite through one connection, begun IMMEDIATE."""
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, connections=1, synchronous=synchronous, begin="BEGIN IMMEDIATE")
    return _open_postgresql(url, connections=connections)


def open_readers(url: URL, *, connections: int) -> Engine:
    """Return the engine that reads: each unit sees one snapshot."""
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, connections=connections, synchronous="NORMAL", begin="BEGIN")
    return _open_postgresql(
        url, connections=connections, isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


def _open_sqlite(url: URL, *, connections: int, synchronous: str, begin: str) -> Engine:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise CannotStart(f"SQLite {sqlite3.sqlite_version} is too old: Kabar needs 3.38 or newer")
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": 10, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions of its own: we say when, and which kind.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("PRAGMA temp_store = MEMORY")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _open_postgresql(url: URL, *, connections: int, **execution_options: Any) -> Engine:
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        # Statements that take milliseconds are not worth compiling: it took six times as long.
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c jit=off"},
        execution_options=execution_options,
    )
