"""Units that wait together are committed together, and none takes another with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.exc import IntegrityError

from kabar.core.errors import Conflict, KabarError
from kabar.core.events import Event
from kabar.infra.db import Database, Transaction
from tests.infra.db.conftest import Together
from tests.infra.db.rows import Noted, note, noted, told_keys


class NotToday(Conflict):
    """Not today."""


def refuse_at_once(_tx: Transaction) -> None:
    raise NotToday


def tell_then_refuse(tx: Transaction) -> None:
    tx.emit(Noted(key="half"))
    raise NotToday


def write_then_refuse(tx: Transaction) -> None:
    note(tx, "half")
    raise NotToday


def break_at_once(_tx: Transaction) -> None:
    raise ZeroDivisionError


def write_then_break(tx: Transaction) -> None:
    note(tx, "half")
    raise ZeroDivisionError


def write_twice(tx: Transaction) -> None:
    note(tx, "half")
    note(tx, "half")


def tell_what_cannot_be_stored(tx: Transaction) -> None:
    """The outbox, written last, is where this one fails."""
    note(tx, "half")
    tx.emit(Noted(key="\ud800"))


FAILURES: list[tuple[Callable[[Transaction], None], type[Exception]]] = [
    (refuse_at_once, NotToday),
    (tell_then_refuse, NotToday),
    (write_then_refuse, NotToday),
    (break_at_once, ZeroDivisionError),
    (write_then_break, ZeroDivisionError),
    (write_twice, IntegrityError),
    (tell_what_cannot_be_stored, UnicodeEncodeError),
]


@pytest.mark.parametrize(("fail", "error"), FAILURES)
async def test_a_unit_that_fails_costs_the_others_nothing(
    db: Database,
    together: Together,
    told: list[Event],
    fail: Callable[[Transaction], None],
    error: type[Exception],
) -> None:
    outcomes = await together(
        db.write(note, "a"), db.write(fail), db.write(note, "b"), db.write(note, "c")
    )

    assert outcomes[0] == "a"
    assert isinstance(outcomes[1], error)
    assert outcomes[2:] == ["b", "c"]
    assert await noted(db) == ["a", "b", "c"]
    assert sorted(told_keys(told)) == ["a", "b", "c"]


@pytest.mark.parametrize(("fail", "error"), FAILURES)
async def test_a_unit_that_fails_alone_leaves_nothing(
    db: Database,
    told: list[Event],
    fail: Callable[[Transaction], None],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await db.write(fail)

    assert await noted(db) == []
    assert told == []
    assert await db.write(note, "next") == "next"


async def test_a_unit_that_refuses_before_it_wrote_does_not_make_the_others_run_twice(
    db: Database, together: Together
) -> None:
    runs: Counter[str] = Counter()

    def note_counted(tx: Transaction, key: str) -> None:
        runs[key] += 1
        note(tx, key)

    await together(
        db.write(note_counted, "a"), db.write(refuse_at_once), db.write(note_counted, "b")
    )

    assert runs == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    "fail", [write_then_refuse, write_then_break, write_twice, tell_what_cannot_be_stored]
)
async def test_a_unit_that_fails_after_it_wrote_does_not_undo_the_group_commit(
    db: Database, together: Together, fail: Callable[[Transaction], None]
) -> None:
    """Six that failed cut forty others to a quarter: each was run and committed anew."""
    runs: Counter[str] = Counter()

    def note_counted(tx: Transaction, key: str) -> None:
        runs[key] += 1
        note(tx, key)

    def note_all_counted(tx: Transaction, keys: Sequence[str]) -> list[str]:
        runs.update(keys)
        return [note(tx, key) for key in keys]

    await together(
        db.write(note_counted, "a"),
        db.write(fail),
        db.write_together(note_all_counted, "b"),
        db.write(fail),
        db.write(note_counted, "c"),
        db.write_together(note_all_counted, "d"),
    )

    assert runs == {"a": 1, "b": 1, "c": 1, "d": 1}
    assert await noted(db) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_waits_together_on_sqlite_is_one_transaction(
    db: Database, together: Together
) -> None:
    def instant(tx: Transaction) -> object:
        return tx.connection, tx.now

    outcomes = await together(*(db.write(instant) for _ in range(5)))

    assert len(set(outcomes)) == 1


# ── units that take all that wait ────────────────────────────────────────────────────────────


def note_all(tx: Transaction, keys: Sequence[str]) -> list[str | KabarError]:
    """Refuse what begins with `no`, break on `broken`, write the others."""
    answers: list[str | KabarError] = []
    for key in keys:
        if key == "broken":
            raise ZeroDivisionError
        answers.append(NotToday() if key.startswith("no") else note(tx, key))
    return answers


async def test_a_batch_takes_all_that_wait_and_answers_each(
    db: Database, together: Together, told: list[Event]
) -> None:
    sizes: list[int] = []

    def batch(tx: Transaction, keys: Sequence[str]) -> list[str | KabarError]:
        sizes.append(len(keys))
        return note_all(tx, keys)

    outcomes = await together(*(db.write_together(batch, key) for key in ("a", "no", "b")))

    assert outcomes[0] == "a"
    assert isinstance(outcomes[1], NotToday)
    assert outcomes[2] == "b"
    assert sizes == [3]
    assert await noted(db) == told_keys(told) == ["a", "b"]


@pytest.mark.parametrize("bad", ["broken", "a"])
async def test_an_item_that_breaks_its_batch_costs_the_others_nothing(
    db: Database, together: Together, told: list[Event], bad: str
) -> None:
    """Whether it breaks the code, or a constraint that an earlier one had kept."""
    keys = ("a", "b", bad, "c", "no")
    outcomes = await together(*(db.write_together(note_all, key) for key in keys))

    assert outcomes[:2] == ["a", "b"]
    assert isinstance(outcomes[2], ZeroDivisionError | IntegrityError)
    assert outcomes[3] == "c"
    assert isinstance(outcomes[4], NotToday)
    assert await noted(db) == told_keys(told) == ["a", "b", "c"]


async def test_a_batch_that_forgets_an_item_is_taken_back(db: Database, together: Together) -> None:
    def forgetful(tx: Transaction, keys: Sequence[str]) -> list[str]:
        return [note(tx, key) for key in keys if key != "b"]

    outcomes = await together(*(db.write_together(forgetful, key) for key in ("a", "b")))

    assert outcomes[0] == "a"
    assert isinstance(outcomes[1], ValueError)
    assert await noted(db) == ["a"]


async def test_units_and_batches_that_wait_together_do_not_disturb_each_other(
    db: Database, together: Together
) -> None:
    outcomes = await together(
        db.write(note, "a"),
        db.write_together(note_all, "b"),
        db.write(write_then_refuse),
        db.write_together(note_all, "broken"),
        db.write_together(note_all, "c"),
    )

    assert [o for o in outcomes if isinstance(o, str)] == ["a", "b", "c"]
    assert isinstance(outcomes[2], NotToday)
    assert isinstance(outcomes[3], ZeroDivisionError)
    assert await noted(db) == ["a", "b", "c"]
