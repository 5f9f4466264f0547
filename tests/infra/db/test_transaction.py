"""A transaction: one instant, and what it tells is heard after the commit only."""

from __future__ import annotations

import threading

from kabar.core.events import Event
from kabar.infra.db import Database, Transaction
from tests.infra.db.rows import Noted, note, told_keys


async def test_nothing_is_heard_before_the_commit(db: Database, told: list[Event]) -> None:
    def tell(tx: Transaction) -> list[Event]:
        tx.emit(Noted(key="a"))
        return list(told)

    assert await db.write(tell) == []
    assert told_keys(told) == ["a"]


async def test_events_are_heard_in_the_order_they_were_told(
    db: Database, told: list[Event]
) -> None:
    def tell_all(tx: Transaction) -> None:
        for number in range(100):
            tx.emit(Noted(key=str(number)))

    await db.write(tell_all)

    assert told_keys(told) == [str(number) for number in range(100)]


async def test_now_is_the_same_for_all_a_transaction_does(db: Database) -> None:
    def look_twice(tx: Transaction) -> bool:
        first = tx.now
        note(tx, "a")
        return tx.now is first and first.microsecond % 1000 == 0 and first.tzinfo is not None

    assert await db.write(look_twice)


async def test_units_run_off_the_loop(db: Database) -> None:
    def thread(_tx: Transaction) -> int:
        return threading.get_ident()

    assert threading.get_ident() not in {await db.read(thread), await db.write(thread)}


async def test_it_knows_its_database(db: Database, database: str) -> None:
    assert await db.read(lambda tx: tx.is_postgresql) == database.startswith("postgresql")
