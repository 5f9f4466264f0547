"""Nobody waits for the database for ever, and no thread of it dies unseen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from kabar.core.errors import Unavailable
from kabar.infra.db import Database, Transaction
from kabar.infra.db.engine import database_url
from tests.infra.db.conftest import held_up
from tests.infra.db.rows import note, noted
from tests.patience import PATIENCE, patiently

Unit = Callable[[Transaction], object]


@asynccontextmanager
async def opened(
    database: str, *, seconds: float = 60.0, most: int = 100
) -> AsyncIterator[Database]:
    db = Database(
        database_url(database, Path()), readers=1, writers=1, max_waiting=most, seconds=seconds
    )
    await db.start()
    yield db
    await db.close()


@asynccontextmanager
async def held_up_reader(db: Database) -> AsyncIterator[None]:
    """Keep the one thread that reads busy."""
    entered, go_on = threading.Event(), threading.Event()

    def hold(_tx: Transaction) -> None:
        entered.set()
        go_on.wait(PATIENCE)

    holding = asyncio.create_task(db.read(hold))
    await asyncio.to_thread(entered.wait, 10)
    try:
        yield
    finally:
        go_on.set()
        await asyncio.gather(holding, return_exceptions=True)


def nothing(_tx: Transaction, _items: object = None) -> list[None]:
    """Is never begun."""
    raise AssertionError


async def let_time_pass(db: Database) -> None:
    """Let everybody have waited for an hour."""
    await asyncio.sleep(0)
    for job in db._waiting._since:
        db._waiting._since[job] -= 3600
    db._waiting._look()


async def test_who_waits_too_long_is_told_so_and_nothing_is_done_for_them(database: str) -> None:
    async with opened(database) as db:
        go_on = threading.Event()
        # One thread each; on SQLite one has the units and the batches.
        asks: list[Any] = [db.write, db.read, *([] if db.is_sqlite else [db.write_together])]
        entered = threading.Barrier(len(asks) + 1)

        def hold(_tx: Transaction, _items: object = None) -> list[None]:
            entered.wait(PATIENCE)
            go_on.wait(PATIENCE)
            return [None]

        more = {db.write_together: (None,)}
        held = [asyncio.create_task(ask(hold, *more.get(ask, ()))) for ask in asks]
        await asyncio.to_thread(entered.wait, 10)
        asking = [db.write(nothing), db.write_together(nothing, None), db.read(nothing)]
        waiting = [asyncio.create_task(each) for each in asking]
        await let_time_pass(db)
        for outcome in await asyncio.gather(*waiting, *held, return_exceptions=True):
            assert isinstance(outcome, Unavailable)
            assert outcome.headers == {"Retry-After": "1"}
        go_on.set()
        assert await db.write(note, "b") == "b"
        assert await noted(db) == ["b"]


async def test_what_was_begun_is_done_although_nobody_waits_for_it_any_more(database: str) -> None:
    async with opened(database) as db:
        entered, go_on = threading.Event(), threading.Event()

        def note_late(tx: Transaction) -> None:
            entered.set()
            go_on.wait(PATIENCE)
            note(tx, "late")

        writing = asyncio.create_task(db.write(note_late))
        await asyncio.to_thread(entered.wait, 10)
        await let_time_pass(db)
        with pytest.raises(Unavailable):
            await writing
        go_on.set()
    async with opened(database) as again:
        assert await noted(again) == ["late"]


async def test_time_passes_by_itself(database: str) -> None:
    """One timer looks after all: also after those who came while it ran."""
    go_on = threading.Event()
    async with opened(database, seconds=0.2) as db:
        for _ in range(2):
            asking = [db.read(lambda _tx: go_on.wait(PATIENCE)) for _ in range(2)]
            outcomes = await asyncio.gather(*asking, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [Unavailable] * 2
        go_on.set()


async def test_in_a_hurry_nobody_waits_longer_than_half_of_what_is_left(database: str) -> None:
    go_on = threading.Event()
    async with opened(database) as db:
        asking = asyncio.create_task(db.read(lambda _tx: go_on.wait(PATIENCE)))
        await asyncio.sleep(0)
        db.hurry(0.4)
        for waiting in (asking, noted(db), noted(db)):
            with pytest.raises(Unavailable):
                await waiting
        go_on.set()


async def test_when_too_many_read_more_are_turned_away(database: str) -> None:
    async with opened(database, most=2) as db:
        async with held_up_reader(db):
            waiting = [asyncio.create_task(noted(db)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(Unavailable) as refused:
                await db.read(nothing)
            assert refused.value.headers == {"Retry-After": "1"}
        assert await asyncio.gather(*waiting) == [[], []]


async def test_who_hangs_up_is_not_read_for(database: str) -> None:
    async with opened(database) as db:
        async with held_up_reader(db):
            asking = asyncio.create_task(db.read(nothing))
            await asyncio.sleep(0)
            asking.cancel()
        assert await noted(db) == []


@pytest.mark.parametrize("failure", [SystemExit, KeyboardInterrupt, StopIteration, GeneratorExit])
async def test_no_unit_ends_the_thread_that_runs_it(
    database: str, failure: type[BaseException]
) -> None:
    def fail(_tx: Transaction) -> None:
        raise failure

    async with opened(database) as db:
        for ask in (db.write, db.read):
            with pytest.raises(RuntimeError, match=failure.__name__):
                await ask(fail)
        assert await db.write(note, "a") == "a"
        assert await noted(db) == ["a"]
        assert db.trouble() is None


@pytest.mark.parametrize("which", ["_units", "_batches", "_reads"])
async def test_a_thread_that_has_died_is_seen(database: str, which: str) -> None:
    async with opened(database) as db:
        queue = getattr(db, which)
        assert db.trouble() is None
        queue._waiting.end(1)
        await asyncio.to_thread(queue._threads[0].join, 10)
        assert db.trouble() == "a thread has died"


async def test_that_somebody_waits_long_is_seen(database: str) -> None:
    async with opened(database) as db, held_up(db):
        assert db.trouble() is None
        for job in db._waiting._since:
            db._waiting._since[job] -= 5
        assert db.trouble() == "somebody has waited for 5 seconds"


async def test_closing_takes_no_longer_than_it_may(database: str) -> None:
    never = threading.Event()
    async with opened(database) as db:
        hanging = [
            asyncio.create_task(ask(lambda _tx: never.wait(PATIENCE)))
            for ask in (db.write, db.read)
        ]
        await asyncio.sleep(0)
        async with patiently():
            await db.close(seconds=0.5)
        never.set()
        await asyncio.gather(*hanging)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_statement_of_postgresql_that_takes_too_long_is_given_up(database: str) -> None:
    async with opened(database, seconds=1.0) as db:
        for ask in (db.write, db.read):
            with pytest.raises(Unavailable):
                await ask(lambda tx: tx.execute(text("SELECT pg_sleep(60)")))
            assert (await ask(lambda tx: tx.execute(text("SELECT 1")).scalar_one())) == 1
