"""PostgreSQL, directly and through a pooler: who is there, and what holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from kabar.core.errors import Unavailable
from kabar.core.settings import Settings
from kabar.infra.db import Database, Transaction
from kabar.infra.db.engine import database_url, open_writer, shown_url
from kabar.server.from_settings import database_threads
from tests.infra.db.rows import note, noted
from tests.servers import PgBouncer, PostgreSQL

MANY = 300
LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


@pytest.fixture
def name(postgresql: PostgreSQL, empty_postgresql: str) -> str:
    return postgresql.create_database(template=empty_postgresql)


@pytest.fixture(params=["directly", "through PgBouncer"])
def url(request: pytest.FixtureRequest, name: str, postgresql: PostgreSQL) -> str:
    """The URL of a database, as both of them are asked for it."""
    if request.param == "directly":
        return postgresql.url(name)
    pooler: PgBouncer = request.getfixturevalue("pgbouncer")
    return pooler.url(name)


@asynccontextmanager
async def opened(url: str, **more: object) -> AsyncIterator[Database]:
    given = {"readers": 4, "writers": 4, **more}
    db = Database(database_url(url, Path()), **given)  # type: ignore[arg-type]
    await db.start()
    yield db
    await db.close()


def asking(number: int) -> Callable[[Transaction], int]:
    """Ask one of twelve questions that look alike to whoever counts parameters."""
    which = number % 12
    statement = text(f"SELECT {which} * 1000 + CAST(:n AS integer)")

    def ask(tx: Transaction) -> int:
        found: int = tx.execute(statement, {"n": number}).scalar_one()
        return found

    return ask


async def test_nobody_gets_the_answer_to_another_question(url: str) -> None:
    """A statement that was prepared on one connection is not there, or another, on the next."""
    async with opened(url) as db:
        numbers = range(MANY)
        asked = await asyncio.gather(
            *(db.read(asking(number)) for number in numbers),
            *(db.write(asking(number)) for number in numbers),
        )
        expected = [number % 12 * 1000 + number for number in numbers]
        assert asked == expected * 2
        await asyncio.gather(*(db.write(note, f"{number:04}") for number in numbers))
        assert await noted(db) == [f"{number:04}" for number in numbers]


async def test_times_are_utc_and_limited_in_every_transaction(url: str) -> None:
    def settings(tx: Transaction) -> list[str]:
        return [tx.execute(text(f"SHOW {name}")).scalar_one() for name in ("TimeZone", *LIMITS)]

    async with opened(url, seconds=7.0) as db:
        both = [*(db.read(settings) for _ in range(9)), *(db.write(settings) for _ in range(9))]
        for found in await asyncio.gather(*both):
            assert found == ["UTC", "7s", "3500ms", "21s"]


async def test_what_is_set_for_us_is_not_set_for_who_comes_after(
    name: str, pgbouncer: PgBouncer
) -> None:
    def shown() -> list[str]:
        with psycopg.connect(pgbouncer.url(name)) as connection:
            rows = (connection.execute(f"SHOW {each}").fetchone() for each in LIMITS)
            return [row[0] for row in rows if row is not None]

    before = shown()
    async with opened(pgbouncer.url(name), seconds=7.0) as db:
        await asyncio.gather(*(db.write(note, str(number)) for number in range(50)))
        assert [shown() for _ in range(5)] == [before] * 5


async def test_a_statement_that_takes_too_long_is_given_up(url: str) -> None:
    async with opened(url, seconds=1.0) as db:
        for ask in (db.write, db.read):
            with pytest.raises(Unavailable):
                await ask(lambda tx: tx.execute(text("SELECT pg_sleep(60)")))
            assert await ask(lambda tx: tx.execute(text("SELECT 1")).scalar_one()) == 1


async def test_statements_are_prepared_where_that_is_safe(
    name: str, postgresql: PostgreSQL
) -> None:
    def prepared(tx: Transaction) -> int:
        count = text("SELECT count(*) FROM pg_prepared_statements")
        found: int = tx.execute(count).scalar_one()
        return found

    async with opened(postgresql.url(name), writers=1) as db:
        assert [await db.write(prepared) for _ in range(9)][-1] > 0


async def test_the_options_of_the_url_are_the_connections(
    name: str, postgresql: PostgreSQL
) -> None:
    """Also where we have an opinion of our own."""
    with psycopg.connect(postgresql.url(name), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA mine")
    options = "-csearch_path%3Dmine%20-cstatement_timeout%3D12345"
    async with opened(f"{postgresql.url(name)}&options={options}") as db:
        for ask in (db.read, db.write):
            for setting, value in (("search_path", "mine"), ("statement_timeout", "12345ms")):
                assert await ask(_show, setting) == value
        assert await db.write(_show, "TimeZone") == "UTC"


def _show(tx: Transaction, setting: str) -> str:
    return str(tx.execute(text(f"SHOW {setting}")).scalar_one())


@pytest.mark.parametrize("threads", [4, 5, 12])
async def test_there_are_no_more_connections_than_threads(
    threads: int, name: str, postgresql: PostgreSQL
) -> None:
    url = postgresql.url(name)
    settings = Settings(postgres_threads=threads)
    readers, writers = database_threads(database_url(url, Path()), settings)
    assert min(readers, writers) > 0
    async with opened(url, readers=readers, writers=writers) as db:

        def keys(_tx: Transaction, items: list[None]) -> list[None]:
            return items

        await asyncio.gather(
            *(db.read(asking(number)) for number in range(200)),
            *(db.write(asking(number)) for number in range(200)),
            *(db.write_together(keys, None) for _ in range(200)),  # type: ignore[arg-type]
        )
        with psycopg.connect(postgresql.url("postgres")) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]
            ).fetchone()
    assert found is not None
    assert 1 < found[0] <= threads


def test_the_password_is_shown_to_nobody() -> None:
    for url in ("postgresql://u:s3cret@h/d?sslmode=require", "postgresql://h/d?password=s3cret"):
        assert "s3cret" not in shown_url(database_url(url, Path()))


async def test_migrations_may_take_as_long_as_they_need(name: str, postgresql: PostgreSQL) -> None:
    engine = open_writer(
        database_url(postgresql.url(name), Path()), connections=1, synchronous="FULL"
    )
    with engine.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "0"
    engine.dispose()
