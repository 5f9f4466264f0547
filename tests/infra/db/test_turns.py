"""Callers take turns at the database: nobody waits for all that somebody else wants."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from kabar.infra.db import Database, Transaction
from kabar.infra.db.database import TooManyAtOnce
from kabar.infra.db.engine import database_url
from kabar.infra.db.jobs import FairQueue, Job
from tests.infra.db.conftest import held_up
from tests.infra.db.rows import note, noted
from tests.patience import PATIENCE, patiently


def job_of(caller: str | None, name: str) -> Job:
    return Job(asyncio.get_running_loop().create_future(), item=name, caller=caller)


async def test_who_wants_one_thing_comes_before_the_second_of_who_wants_many() -> None:
    queue = FairQueue()
    wanted = ("ann", "a1"), ("ann", "a2"), ("ann", "a3"), ("bob", "b1"), (None, "x"), (None, "y")
    for caller, name in wanted:
        queue.put(job_of(caller, name))

    assert [job.item for job in queue.take(4)] == ["a1", "b1", "x", "y"]
    assert [job.item for job in queue.take(4)] == ["a2", "a3"]


async def test_what_was_not_begun_comes_next() -> None:
    """Also before the next thing of who has just had a turn."""
    queue = FairQueue()
    for caller, name in (("ann", "a1"), ("ann", "a2"), ("ann", "a3"), ("bob", "b1"), ("cat", "c1")):
        queue.put(job_of(caller, name))

    done, *rest = queue.take(4)
    queue.put_back(rest)
    queue.done([done])

    assert [job.item for job in (done, *rest)] == ["a1", "b1", "c1", "a2"]
    assert [job.item for job in queue.take(9)] == ["b1", "c1", "a2", "a3"]


async def test_who_has_their_share_waits_until_something_of_it_is_done() -> None:
    queue = FairQueue(at_once=2)
    for number in range(3):
        queue.put(job_of("ann", f"a{number}"))
    queue.put(job_of("bob", "b"))

    taken = queue.take(9)
    assert [job.item for job in taken] == ["a0", "b", "a1"]
    assert (queue.count_of("ann"), queue.count_of("bob"), queue.count_of("cat")) == (3, 1, 0)
    queue.done(taken)
    assert [job.item for job in queue.take(9)] == ["a2"]
    assert (queue.count_of("ann"), queue.count_of("bob")) == (1, 0)


async def test_a_unit_may_call_what_it_is_given_as_it_likes(db: Database) -> None:
    def whose(_tx: Transaction, *, caller: str) -> str:
        return caller

    for ask in (db.read, db.write):
        assert await ask(whose, caller="ann") == "ann"
    for ask_for in (db.read_for, db.write_for):
        assert await ask_for("bob", whose, caller="ann") == "ann"


async def test_one_callers_reads_leave_readers_for_others(db: Database) -> None:
    """Four searches at once were enough to stop everybody's reads."""
    go_on = threading.Event()
    many = [
        asyncio.create_task(db.read_for("ann", lambda _tx: go_on.wait(PATIENCE))) for _ in range(9)
    ]
    await asyncio.sleep(0)

    async with patiently():
        assert await db.read_for("bob", lambda _tx: "read") == "read"

    assert not go_on.is_set()
    go_on.set()
    assert await asyncio.gather(*many) == [True] * 9


async def test_who_has_too_much_waiting_is_told_so_and_others_are_not(database: str) -> None:
    db = Database(database_url(database, Path()), synchronous="NORMAL", max_of_one=3)
    await db.start()
    async with held_up(db):
        waiting = [asyncio.create_task(db.write_for("ann", note, str(n))) for n in range(3)]
        other = asyncio.create_task(db.write_for("bob", note, "bob"))
        await asyncio.sleep(0)
        with pytest.raises(TooManyAtOnce) as refused:
            await db.write_for("ann", note, "4")
        assert refused.value.headers == {"Retry-After": "1"}
        assert await db.read_for("ann", lambda _tx: "another queue") == "another queue"

    await asyncio.gather(*waiting, other)
    assert await db.write_for("ann", note, "later") == "later"
    await db.close()


@pytest.fixture
async def hasty(database: str) -> AsyncIterator[Database]:
    """A database whose groups have no time: each has one unit."""
    db = Database(database_url(database, Path()), synchronous="NORMAL", group_seconds=0)
    await db.start()
    yield db
    await db.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_group_begins_nothing_more_when_its_time_is_over(hasty: Database) -> None:
    """Whoever waits for its commit waits for all that is in it: 70 rooms took 8.7 seconds."""
    transactions: dict[str, Transaction] = {}

    def unit(tx: Transaction, key: str) -> str:
        transactions[key] = tx
        return note(tx, key)

    def batch(tx: Transaction, keys: Sequence[str]) -> list[str]:
        transactions.update(dict.fromkeys(keys, tx))
        return [note(tx, key) for key in keys]

    async with held_up(hasty):
        writes = [
            asyncio.create_task(write)
            for write in (
                hasty.write_for("ann", unit, "a1"),
                hasty.write_for("ann", unit, "a2"),
                hasty.write_for("bob", unit, "b1"),
                hasty.write_together(batch, "c", caller="cat"),
                hasty.write_together(batch, "d", caller="dan"),
            )
        ]
        await asyncio.sleep(0)

    assert await asyncio.gather(*writes) == ["a1", "a2", "b1", "c", "d"]
    assert list(transactions) == ["c", "d", "a1", "b1", "a2"], "batches first, then in turns"
    assert transactions["c"] is transactions["d"] is transactions["a1"]
    assert len({id(tx) for tx in transactions.values()}) == 3
    assert await noted(hasty) == ["a1", "a2", "b1", "c", "d"]


async def test_all_is_done_although_the_time_is_always_over(hasty: Database) -> None:
    keys = [f"{number:02}" for number in range(20)]
    async with held_up(hasty):
        writes = [asyncio.create_task(hasty.write_for(f"user{key[-1]}", note, key)) for key in keys]
        await asyncio.sleep(0)

    assert await asyncio.gather(*writes) == keys
    assert await noted(hasty) == keys


async def test_a_session_is_looked_up_though_all_readers_are_at_long_lists(db: Database) -> None:
    go_on = threading.Event()
    at_it = threading.Semaphore(0)

    def long_list(_tx: Transaction) -> None:
        at_it.release()
        go_on.wait(PATIENCE)

    lists = [asyncio.create_task(db.read(long_list)) for _ in range(3 * db._readers)]
    try:
        for _ in range(db._readers):
            assert await asyncio.to_thread(at_it.acquire, timeout=PATIENCE)
        assert await db.read_first(lambda _tx: "whose session it is") == "whose session it is"
        assert not any(task.done() for task in lists)
    finally:
        go_on.set()
        await asyncio.gather(*lists)
