"""The options with which each of the two databases is opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import CannotStart
from kabar.infra.db import Database, Transaction
from kabar.infra.db.engine import database_url, open_writer
from tests.infra.db.rows import note


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        (None, "sqlite:///data/kabar.db"),
        ("sqlite:///other.db", "sqlite:///other.db"),
        ("sqlite+aiosqlite:///other.db", "sqlite:///other.db"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        (
            "postgresql+asyncpg://u@h/d?sslmode=require",
            "postgresql+psycopg://u@h/d?sslmode=require",
        ),
    ],
)
def test_a_url_is_understood_however_people_write_it(given: str | None, opened: str) -> None:
    assert database_url(given, Path("data")).render_as_string() == opened


def test_what_is_no_url_is_said_in_one_line() -> None:
    with pytest.raises(CannotStart, match="^KABAR_DATABASE_URL: [^\n]+$"):
        database_url("kabar.db", Path())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("synchronous", "level"), [("FULL", 2), ("NORMAL", 1)])
def test_sqlite_is_durable_and_keeps_its_foreign_keys(
    database: str, synchronous: str, level: int
) -> None:
    engine = open_writer(database_url(database, Path()), connections=9, synchronous=synchronous)
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()

    assert found == {"journal_mode": "wal", "synchronous": level, "foreign_keys": 1}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_write_transaction_on_sqlite_has_the_lock_from_its_beginning(database: str) -> None:
    """One that began by reading could not become a writer while others write."""
    url = database_url(database, Path())
    first = open_writer(url, connections=1, synchronous="FULL")
    second = open_writer(url, connections=1, synchronous="FULL")
    with first.connect() as holder:
        holder.execute(text("SELECT 1"))
        with second.connect() as other:
            other.connection.driver_connection.execute("PRAGMA busy_timeout = 0")  # type: ignore[union-attr]
            with pytest.raises(DBAPIError, match="locked"):
                other.execute(text("SELECT 1"))
    first.dispose()
    second.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_on_postgresql_a_unit_that_only_reads_cannot_write(db: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        await db.read(note, "a")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_postgresql_speaks_utc_whatever_the_server_is_set_to(db: Database) -> None:
    def zone(tx: Transaction) -> str:
        return str(tx.execute(text("SHOW timezone")).scalar_one())

    assert await db.read(zone) == await db.write(zone) == "UTC"
