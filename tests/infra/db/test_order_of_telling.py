"""What concerns one room or one user is told in the order of its commits, whichever thread runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, update

from kabar.core.events import Event
from kabar.infra.db import Database, Transaction
from kabar.infra.http.idempotency import AnsweredRequest
from tests.infra.db.rows import note
from tests.patience import PATIENCE


class Moved(Event, frozen=True, kw_only=True):
    """Something of a thing has changed, for the `number`th time."""

    thing: str
    number: int

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.thing,)


def move(tx: Transaction, thing: str) -> None:
    """Count the thing up, and tell how far it is; the row is locked from here on."""
    this = AnsweredRequest.key == thing
    tx.execute(update(AnsweredRequest).where(this).values(answer=AnsweredRequest.answer + "|"))
    answer = tx.execute(select(AnsweredRequest.answer).where(this)).scalar_one()
    tx.emit(Moved(thing=thing, number=len(answer)))


@contextmanager
def slow_to_tell(db: Database, first: threading.Event, go_on: threading.Event) -> Iterator[None]:
    """Hold up the first thread that has committed, before it can say so."""
    commit = threading.Lock()
    dialect: Any = db._writer.dialect
    do_commit = dialect.do_commit

    def commit_and_stay(connection: Any) -> None:
        do_commit(connection)
        if commit.acquire(blocking=False):
            first.set()
            go_on.wait(PATIENCE)

    dialect.do_commit = commit_and_stay
    try:
        yield
    finally:
        dialect.do_commit = do_commit


async def test_what_was_committed_first_is_told_first(db: Database, told: list[Event]) -> None:
    """Seen on PostgreSQL: `message-read 34 → 0`, then `new-message 33 → 1`."""
    await db.write(note, "room")
    first_has_committed, second_has_moved, go_on = (threading.Event() for _ in range(3))

    def move_second(tx: Transaction) -> None:
        move(tx, "room")
        second_has_moved.set()

    with slow_to_tell(db, first_has_committed, go_on):
        first = asyncio.create_task(db.write(move, "room"))
        await asyncio.to_thread(first_has_committed.wait, 10)
        second = asyncio.create_task(db.write(move_second))
        if not db.is_sqlite:
            await asyncio.to_thread(second_has_moved.wait, 10)
        # As long as the first has said nothing, nothing of the second is heard.
        for _ in range(200):
            await asyncio.sleep(0)
        assert not second.done()
        go_on.set()
        await asyncio.gather(first, second)

    assert [event.number for event in told if isinstance(event, Moved)] == [1, 2]


async def test_however_many_threads_move_it_the_numbers_come_in_order(
    db: Database, told: list[Event]
) -> None:
    things = [f"room{number}" for number in range(4)]
    for thing in things:
        await db.write(note, thing)

    await asyncio.gather(*(db.write(move, things[number % 4]) for number in range(200)))

    for thing in things:
        heard = [e.number for e in told if isinstance(e, Moved) and e.thing == thing]
        assert heard == list(range(1, 51))


async def test_other_things_do_not_wait(db: Database, told: list[Event]) -> None:
    if db.is_sqlite:
        return  # one writer: everything waits for everything
    await db.write(note, "a")
    await db.write(note, "b")
    first_has_committed, go_on = threading.Event(), threading.Event()

    with slow_to_tell(db, first_has_committed, go_on):
        first = asyncio.create_task(db.write(move, "a"))
        await asyncio.to_thread(first_has_committed.wait, 10)
        await db.write(move, "b")
        go_on.set()
        await first

    assert [e.thing for e in told if isinstance(e, Moved)] == ["b", "a"]
