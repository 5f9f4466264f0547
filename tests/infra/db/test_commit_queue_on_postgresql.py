"""What PostgreSQL asks to try again is tried again; what it may have done is not."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import Unavailable
from kabar.infra.db import Database, Transaction
from kabar.infra.http.idempotency import AnsweredRequest
from tests.infra.db.conftest import Together
from tests.infra.db.rows import note
from tests.patience import PATIENCE

#: SQLite has one writer: there is nobody to collide with
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def note_each(tx: Transaction, keys: Sequence[str]) -> list[str]:
    return [note(tx, key) for key in keys]


def touch(tx: Transaction, key: str) -> None:
    tx.execute(update(AnsweredRequest).where(AnsweredRequest.key == key).values(answer="touched"))


@on_postgresql
async def test_two_units_in_a_deadlock_both_succeed(db: Database, together: Together) -> None:
    both_hold_one = threading.Barrier(2)
    runs: Counter[str] = Counter()
    await db.write(note, "a")
    await db.write(note, "b")

    def touch_both(tx: Transaction, first: str, second: str) -> str:
        runs[first] += 1
        touch(tx, first)
        if runs[first] == 1:
            both_hold_one.wait(PATIENCE)
        touch(tx, second)
        return first

    outcomes = await together(db.write(touch_both, "a", "b"), db.write(touch_both, "b", "a"))

    assert outcomes == ["a", "b"]
    assert sorted(runs.values()) == [1, 2]


@on_postgresql
async def test_a_serialisation_failure_is_tried_again(db: Database, together: Together) -> None:
    has_looked, has_changed = threading.Event(), threading.Event()
    runs = 0
    await db.write(note, "a")

    def look_then_touch(tx: Transaction) -> int:
        nonlocal runs
        runs += 1
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        tx.execute(text('SELECT 1 FROM "KabarIdempotency"')).all()
        has_looked.set()
        has_changed.wait(PATIENCE)
        touch(tx, "a")
        return runs

    def interfere(tx: Transaction) -> None:
        has_looked.wait(PATIENCE)
        with tx.connection.engine.begin() as other:
            touch(Transaction(other, tx.now), "a")
        has_changed.set()

    outcomes = await together(db.write(look_then_touch), db.write(interfere))

    assert outcomes == [2, None]


@on_postgresql
async def test_what_fails_again_and_again_is_given_up_as_unavailable(db: Database) -> None:
    runs = 0

    def never(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        tx.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises(Unavailable):
        await db.write(never)

    assert runs == 8


@on_postgresql
async def test_a_batch_whose_connection_breaks_is_not_done_again(
    db: Database, together: Together
) -> None:
    """It may have been committed all the same: who wants to be sure asks again by client id."""
    runs = 0

    def break_off(tx: Transaction, keys: Sequence[str]) -> list[str]:
        nonlocal runs
        runs += 1
        answers = [note(tx, key) for key in keys]
        tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return answers

    outcomes = await together(*(db.write_together(break_off, key) for key in ("a", "b")))

    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert runs == 1
    assert await db.write_together(note_each, "c") == "c"


async def test_a_mistake_in_a_statement_is_not_called_unavailable(db: Database) -> None:
    def wrong(tx: Transaction) -> None:
        tx.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(DBAPIError):
        await db.write(wrong)
