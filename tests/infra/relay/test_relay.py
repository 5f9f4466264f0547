"""What is committed is heard of: at once, and in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from kabar.core.errors import Conflict
from kabar.core.times import utc_now
from kabar.infra.db import Database, Transaction
from kabar.infra.relay import Handler, Relay
from tests.infra.db.rows import Noted, note, noted
from tests.patience import patiently
from tests.recorder import Recorder
from tests.relaying import (
    Gone,
    Out,
    Said,
    idle,
    note_said,
    opened,
    outbox_of,
    relay_of,
    say,
    short,
    texts,
)
from tests.servers import PostgreSQL

FAR = timedelta(days=1)


async def test_it_is_published_by_the_time_the_writer_goes_on(db: Database) -> None:
    async with relay_of(db) as (_, heard):
        for number in range(20):
            await db.write(say, f"{number}a", f"{number}b")
            assert texts(heard)[-2:] == [f"{number}a", f"{number}b"]

        assert texts(heard) == [f"{n}{letter}" for n in range(20) for letter in "ab"]


async def test_what_is_rolled_back_is_not_heard_of(db: Database) -> None:
    def say_and_refuse(tx: Transaction) -> None:
        note(tx, "a")
        say(tx, "never")
        raise Conflict

    async with relay_of(db) as (_, heard):
        with pytest.raises(Conflict):
            await db.write(say_and_refuse)

        assert heard.all == []
        assert await outbox_of(db) == {}


async def test_who_may_hear_no_more_is_cut_off_before_the_others_are_told(db: Database) -> None:
    def tell(tx: Transaction) -> None:
        say(tx, "bye")
        tx.emit(Gone(user_id="ben"))
        say(tx, "at last")
        tx.emit(Out(user_id="cleo"))

    async with relay_of(db) as (_, heard):
        await db.write(tell)

    assert [short(one) for one in heard.all] == [
        'said {"text":"bye"}',
        "revoked ben",
        'gone {"userId":"ben"}',
        'said {"text":"at last"}',
        "dismissed cleo",
    ]


async def test_the_outbox_is_empty_once_all_have_heard(db: Database) -> None:
    async with relay_of(db, note_said) as (relay, _):
        await db.write(say, "a", "b")
        await idle(relay)

        assert await noted(db) == ["a", "b"]
        assert await outbox_of(db) == {}


async def test_what_waits_for_a_handler_comes_in_one_transaction_and_in_order(
    db: Database,
) -> None:
    calls: list[list[str]] = []

    def remember(_tx: Transaction, events: Sequence[Said]) -> None:
        calls.append([event.text for event in events])

    async with relay_of(db, remember, runs=False) as (relay, _):
        for number in range(10):
            await db.write(say, str(number))
        await relay.settle()

    assert calls == [[str(number) for number in range(10)]]


async def test_a_handler_may_tell_something_itself(db: Database) -> None:
    def answer(tx: Transaction, events: Sequence[Noted]) -> None:
        say(tx, *(f"noted {event.key}" for event in events))

    async with relay_of(db, handlers={Noted: [answer]}) as (relay, heard):
        await db.write(note, "a")
        await idle(relay)

    assert texts(heard) == ["noted a"]


# ── handlers that fail ───────────────────────────────────────────────────────────────────────


class Moody:
    """A handler that breaks on one text for as long as it likes."""

    def __init__(self, bad: str) -> None:
        self.bad: str | None = bad

    def handler(self) -> Handler:
        def note_unless_bad(tx: Transaction, events: Sequence[Said]) -> None:
            note_said(tx, events)
            if any(event.text == self.bad for event in events):
                raise ZeroDivisionError

        return note_unless_bad


async def test_a_handler_that_fails_is_asked_again_and_the_others_notice_nothing(
    db: Database,
) -> None:
    moody = Moody("b")
    async with relay_of(db, moody.handler(), runs=False) as (relay, heard):
        for text in "abc":
            await db.write(say, text)
        before = utc_now()
        await relay.settle()

        assert texts(heard) == ["a", "b", "c"]
        assert await noted(db) == ["a", "c"]
        ((attempts, again_at),) = (await outbox_of(db)).values()
        assert attempts == 1
        assert again_at is not None
        assert again_at - utc_now() <= timedelta(seconds=2) <= again_at - before
        assert await relay.left_over.sweep(before + timedelta(seconds=1)) == 0, (
            "not before its time"
        )

        moody.bad = None
        assert await relay.left_over.sweep(utc_now() + FAR) == 1
        await relay.settle()
        assert await noted(db) == ["a", "b", "c"]
        assert await outbox_of(db) == {}


async def test_it_waits_longer_each_time_and_gives_up_in_the_end(db: Database) -> None:
    waits: list[tuple[float, float]] = []
    async with relay_of(db, Moody("a").handler(), runs=False) as (relay, _):
        await db.write(say, "a")
        before = utc_now()
        await relay.settle()
        while (row := next(iter((await outbox_of(db)).values())))[1] is not None:
            at_least, at_most = row[1] - utc_now(), row[1] - before
            waits.append((at_least.total_seconds(), at_most.total_seconds()))
            assert await relay.left_over.sweep(utc_now() + FAR) == 1
            before = utc_now()
            await relay.settle()

        assert row == (12, None)
        assert await relay.left_over.sweep(utc_now() + 365 * FAR) == 0
    expected = [min(2**attempt, 600) for attempt in range(1, 12)]
    assert all(low <= e <= high for (low, high), e in zip(waits, expected, strict=True))


class Brittle(Recorder):
    """A publisher that breaks on one user for as long as it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.is_broken = True

    def revoke(self, channel: str, user_id: str) -> None:
        if self.is_broken:
            raise ZeroDivisionError
        super().revoke(channel, user_id)


async def test_what_cannot_be_published_is_tried_again_and_holds_nothing_up(db: Database) -> None:
    """Neither what was committed with it, nor what a sweep brings after it."""

    def lose_ben(tx: Transaction) -> None:
        tx.emit(Gone(user_id="ben"))
        say(tx, "with it")

    brittle = Brittle()
    async with relay_of(db, note_said, runs=False, publisher=brittle) as (relay, _):
        before = utc_now()
        await db.write(lose_ben)
        await db.write(say, "after it")
        await relay.settle()

        assert texts(brittle) == ["after it"]
        assert await noted(db) == ["after it", "with it"]
        ((attempts, again_at),) = (await outbox_of(db)).values()
        assert attempts == 1
        assert again_at is not None
        assert again_at - before >= timedelta(seconds=2)

        assert await relay.left_over.sweep(utc_now() + FAR) == 1
        await relay.settle()
        ((attempts, _),) = (await outbox_of(db)).values()
        assert attempts == 2

        brittle.is_broken = False
        assert await relay.left_over.sweep(utc_now() + FAR) == 1
        await relay.settle()
        assert [short(one) for one in brittle.all][1:] == [
            "revoked ben",
            'gone {"userId":"ben"}',
            'said {"text":"with it"}',
        ]
        assert await outbox_of(db) == {}


async def test_an_end_without_a_database_is_an_end(
    postgresql: PostgreSQL, empty_postgresql: str
) -> None:
    """What could not be cleared is left for the next start."""
    name = postgresql.create_database(template=empty_postgresql)
    async with (
        opened(postgresql.url(name)) as db,
        relay_of(db, note_said, runs=False) as (relay, heard),
    ):
        await db.write(say, "a")
        postgresql.drop_database(name)

        async with patiently():
            await relay.settle()

        assert texts(heard) == ["a"]


# ── without realtime ─────────────────────────────────────────────────────────────────────────


async def test_with_realtime_off_all_else_works_and_the_log_says_so_once_a_minute(
    db: Database,
) -> None:
    relay = Relay(db, events=(Said,), handlers={Said: [note_said]}, publisher=None)
    with capture_logs() as logs:
        for number in range(5):
            await db.write(say, str(number))
        relay._warned_at -= 61
        await db.write(say, "5")
    await relay.settle()

    assert await noted(db) == ["0", "1", "2", "3", "4", "5"]
    assert await outbox_of(db) == {}
    warnings = [entry for entry in logs if entry["event"] == "realtime_is_off"]
    assert [(w["log_level"], w["publications_not_sent"]) for w in warnings] == [
        ("warning", 1),
        ("warning", 5),
    ]
