"""Reading, writing, and what happens when the database does not answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from kabar.core.errors import Unavailable
from kabar.core.events import Event
from kabar.infra.db import Database, Transaction
from kabar.infra.db.engine import database_url
from kabar.infra.db.outbox import Committed
from tests.infra.db.conftest import held_up
from tests.infra.db.rows import Noted, note, noted, told_keys
from tests.patience import PATIENCE, patiently
from tests.servers import PostgreSQL


async def test_a_write_returns_once_it_is_committed(db: Database) -> None:
    assert await db.write(note, "a") == "a"
    assert await noted(db) == ["a"]


async def test_it_is_told_before_the_writer_goes_on(db: Database, told: list[Event]) -> None:
    await db.write(note, "a")

    assert told_keys(told) == ["a"]


async def test_a_listener_that_breaks_does_not_leave_the_writer_waiting(db: Database) -> None:
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: complaints.append(repr(context["exception"]))
    )

    def break_down(_committed: list[Committed]) -> None:
        raise ZeroDivisionError

    db.tell(lambda _event: ["somebody"], break_down)

    async with patiently():
        assert await db.write(note, "a") == "a"
    assert complaints == ["ZeroDivisionError()"]


async def test_events_that_nobody_wants_are_not_stored(db: Database) -> None:
    db.tell(lambda _event: (), lambda _committed: None)

    await db.write(note, "a")

    count = text('SELECT count(*) FROM "KabarOutbox"')
    assert await db.read(lambda tx: tx.execute(count).scalar_one()) == 0


async def test_a_read_sees_one_snapshot_whatever_is_committed_meanwhile(db: Database) -> None:
    has_looked, has_changed = threading.Event(), threading.Event()
    count = text('SELECT count(*) FROM "KabarIdempotency"')

    def look_twice(tx: Transaction) -> tuple[int, int]:
        before = tx.execute(count).scalar_one()
        has_looked.set()
        has_changed.wait(PATIENCE)
        return before, tx.execute(count).scalar_one()

    looking = asyncio.create_task(db.read(look_twice))
    await asyncio.to_thread(has_looked.wait, 10)
    await db.write(note, "a")
    has_changed.set()

    assert await looking == (0, 0)
    assert await noted(db) == ["a"]


async def test_who_hangs_up_has_asked_all_the_same(db: Database, told: list[Event]) -> None:
    """A request that is cancelled has been made; it is not half done."""
    async with held_up(db):
        asking = asyncio.create_task(db.write(note, "a"))
        await asyncio.sleep(0)
        asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    await db.write(note, "b")
    assert await noted(db) == ["a", "b"]
    assert sorted(told_keys(told)) == ["a", "b"]


async def test_closing_finishes_what_waits(database: str, told: list[Event]) -> None:
    async with opened(database) as db:
        async with held_up(db):
            waiting = [asyncio.create_task(db.write(note, key)) for key in "abc"]
            await asyncio.sleep(0)
        await db.close()
        assert await asyncio.gather(*waiting) == ["a", "b", "c"]

    async with opened(database) as again:
        assert await noted(again) == ["a", "b", "c"]


async def test_when_too_much_waits_more_is_turned_away(database: str) -> None:
    async with opened(database, max_waiting=2) as db:
        async with held_up(db):
            waiting = [asyncio.create_task(db.write(note, key)) for key in "ab"]
            await asyncio.sleep(0)
            with pytest.raises(Unavailable) as refused:
                await db.write(note, "c")
        await asyncio.gather(*waiting)

        assert refused.value.headers == {"Retry-After": "1"}
        assert await db.write(note, "d") == "d"
        assert await noted(db) == ["a", "b", "d"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_full_disk_is_unavailable_and_what_was_there_stays(
    db: Database, told: list[Event]
) -> None:
    await db.write(note, "a")

    def allow_pages(tx: Transaction, more: int) -> None:
        pages = tx.execute(text("PRAGMA page_count")).scalar_one()
        tx.execute(text(f"PRAGMA max_page_count = {pages + more}"))

    await db.write(allow_pages, 1)
    with pytest.raises(Unavailable):
        await db.write(note, "b" * 100_000)
    assert await noted(db) == ["a"]

    await db.write(allow_pages, 1000)
    await db.write(note, "c")
    assert told_keys(told) == ["a", "c"]


async def test_a_database_that_is_gone_is_unavailable_until_it_is_back(
    postgresql: PostgreSQL, empty_postgresql: str
) -> None:
    name = postgresql.create_database(template=empty_postgresql)
    async with opened(postgresql.url(name)) as db:
        await db.write(note, "a")

        _shut(postgresql, name, allowed=False)
        with pytest.raises(Unavailable):
            await db.write(note, "b")
        with pytest.raises(Unavailable):
            await db.read(lambda tx: tx.execute(text("SELECT 1")).scalar_one())

        _shut(postgresql, name, allowed=True)
        assert await db.write(note, "c") == "c"
        assert await noted(db) == ["a", "c"]
    postgresql.drop_database(name)


def _shut(server: PostgreSQL, name: str, *, allowed: bool) -> None:
    """Close a database to everybody, those in it too; or open it again."""
    url = f"host={server.folder} user=postgres dbname=postgres"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}".encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


@asynccontextmanager
async def opened(database: str, *, max_waiting: int = 100) -> AsyncIterator[Database]:
    db = Database(database_url(database, Path()), writers=2, max_waiting=max_waiting)
    db.tell(lambda event: ["somebody"] if event is Noted else (), lambda _committed: None)
    await db.start()
    yield db
    await db.close()
