"""The outbox: what is committed is not forgotten until it was heard."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select, update

from kabar.infra.db import Database, Transaction, outbox
from kabar.infra.db.outbox import Committed, LeftOver, OutboxRow
from tests.infra.db.rows import Noted

LEASE = timedelta(seconds=10)


def store(tx: Transaction, *keys: str) -> list[Committed]:
    """Store events of these keys for one consumer."""
    for key in keys:
        tx.emit(Noted(key=key))
    rows = outbox.store(tx, lambda _event: ["reader"], LEASE)
    tx.events.clear()
    return rows


def claim(tx: Transaction, *, after: timedelta, limit: int = 500) -> list[LeftOver]:
    return outbox.claim_left_over(tx, older_than=tx.now + after, lease=LEASE, limit=limit)


def all_rows(tx: Transaction) -> dict[str, tuple[int, datetime | None]]:
    found = tx.execute(select(OutboxRow.id, OutboxRow.attempts, OutboxRow.available_at))
    return {row_id: (attempts, at) for row_id, attempts, at in found}


async def test_each_consumer_gets_one_row_with_its_events_in_order(db: Database) -> None:
    def write(tx: Transaction) -> list[Committed]:
        for key in "abc":
            tx.emit(Noted(key=key))
        stored = outbox.store(tx, lambda _event: ["one", "two"], LEASE)
        tx.events.clear()
        return stored

    rows = await db.write(write)

    assert [row.consumer for row in rows] == ["one", "two"]
    left = await db.write(claim, after=LEASE)
    assert {(row.consumer, row.row_id) for row in left} == {
        (row.consumer, row.row_id) for row in rows
    }
    for row in left:
        written = msgspec.json.decode(row.events, type=list[Noted])
        assert [event.key for event in written] == ["a", "b", "c"]
        assert tuple(written) == rows[0].events


async def test_who_takes_a_row_has_it_alone(db: Database) -> None:
    (row,) = await db.write(store, "a")

    assert await db.write(outbox.take, [row.row_id, "unknown"]) == {row.row_id}
    assert await db.write(outbox.take, [row.row_id]) == set()
    assert await db.read(all_rows) == {}


async def test_a_row_is_left_alone_while_its_process_may_be_alive(db: Database) -> None:
    (row,) = await db.write(store, "a")

    assert await db.write(claim, after=LEASE - timedelta(seconds=1)) == []
    assert [left.row_id for left in await db.write(claim, after=2 * LEASE)] == [row.row_id]


async def test_what_was_claimed_is_claimed_for_a_while(db: Database) -> None:
    await db.write(store, "a")
    await db.write(claim, after=2 * LEASE)

    assert await db.write(claim, after=LEASE - timedelta(seconds=1)) == []
    assert len(await db.write(claim, after=2 * LEASE)) == 1


async def test_left_over_rows_come_oldest_first_and_not_all_at_once(db: Database) -> None:
    ids = [(await db.write(store, str(number)))[0].row_id for number in range(5)]

    def age(tx: Transaction) -> None:
        for number, row_id in enumerate(ids):
            at = tx.now - timedelta(minutes=number)
            tx.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(created_at=at))

    await db.write(age)
    first = await db.write(claim, after=LEASE, limit=3)
    rest = await db.write(claim, after=LEASE / 2, limit=3)

    assert [row.row_id for row in first] == ids[:1:-1]
    assert rest == []


async def test_a_postponed_row_remembers_how_often_it_failed(db: Database) -> None:
    (row,) = await db.write(store, "a")

    def fail(tx: Transaction) -> None:
        outbox.postpone(tx, row.row_id, attempts=3, until=tx.now + timedelta(minutes=5))

    await db.write(fail)

    assert await db.write(claim, after=timedelta(minutes=4)) == []
    (left,) = await db.write(claim, after=timedelta(minutes=6))
    assert (left.row_id, left.attempts) == (row.row_id, 3)


async def test_a_row_that_was_given_up_is_kept_for_a_person_to_look_at(db: Database) -> None:
    (row,) = await db.write(store, "a")

    await db.write(outbox.postpone, row.row_id, attempts=12, until=None)

    assert await db.write(claim, after=timedelta(days=365)) == []
    assert await db.read(all_rows) == {row.row_id: (12, None)}
