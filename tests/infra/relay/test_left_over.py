"""What a dead process left untold is told, as far as it is still true, or given up and shown."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from kabar.core.times import utc_now
from kabar.infra.db import Database, Transaction, outbox
from kabar.infra.db.outbox import OutboxRow
from kabar.infra.relay import Relay
from tests.infra.db.rows import noted
from tests.patience import patiently
from tests.recorder import Recorder
from tests.relaying import (
    Said,
    leave_unheard,
    note_said,
    opened,
    outbox_of,
    relay_of,
    say,
    texts,
)

FAR = timedelta(days=1)


async def test_what_a_dead_process_left_is_published_and_handled_on_the_next_start(
    database: str,
) -> None:
    await leave_unheard(database, "a", "b")

    async with opened(database) as db, relay_of(db, note_said) as (relay, heard):
        async with patiently():
            while not heard.all or not relay.is_idle:
                await asyncio.sleep(0)

        assert texts(heard) == ["a", "b"]
        assert await noted(db) == ["a", "b"]
        assert await outbox_of(db) == {}


async def test_a_row_that_comes_twice_is_handled_once(database: str) -> None:
    """Another node may have taken it up while this one was slow."""
    await leave_unheard(database, "a")

    async with opened(database) as db, relay_of(db, note_said, runs=False) as (relay, heard):
        with capture_logs() as logs:
            assert await relay.left_over.sweep(utc_now() + FAR) == 2
            assert await relay.left_over.sweep(utc_now() + FAR) == 2
            await relay.settle()

        assert "handler_failed" not in {entry["event"] for entry in logs}
        assert texts(heard) == ["a", "a"], "published at least once"
        assert await noted(db) == ["a"], "handled exactly once"
        assert await outbox_of(db) == {}


async def test_a_row_that_comes_twice_in_one_batch_is_one_to_its_handler(db: Database) -> None:
    """From the commit, and from a sweep that took it for left over while the handler was busy."""
    calls: list[list[str]] = []

    def remember(_tx: Transaction, events: Sequence[Said]) -> None:
        calls.append([event.text for event in events])

    async with relay_of(db, remember, runs=False) as (relay, _):
        await db.write(say, "a", "b")
        assert await relay.left_over.sweep(utc_now() + FAR) == 2
        await db.write(say, "c")
        await relay.settle()

        assert calls == [["a", "b", "c"]]
        assert await outbox_of(db) == {}


@pytest.mark.parametrize("events", ['[{"type":"Unheard","event_id":"1"}]', "not JSON"])
async def test_what_this_version_does_not_understand_is_left_to_the_next(
    database: str, events: str
) -> None:
    """It is told in the log, in one line; nothing of it is lost, however long it takes."""
    await leave_unheard(database, "a")

    async with opened(database) as db, relay_of(db, note_said, runs=False) as (relay, heard):
        understood = await db.read(lambda tx: tx.execute(select(OutboxRow.events)).scalars().all())
        await db.write(lambda tx: tx.execute(update(OutboxRow).values(events=events)))
        for _ in range(20):
            with capture_logs() as logs:
                assert await relay.left_over.sweep(utc_now() + FAR) == 2
                assert await relay.left_over.sweep(utc_now() + timedelta(minutes=9)) == 0

            assert heard.all == []
            (told,) = [entry for entry in logs if entry["log_level"] == "error"]
            assert (told["event"], told["rows"]) == ("events_not_understood", 2)

    async with opened(database) as db, relay_of(db, note_said, runs=False) as (relay, heard):
        await db.write(lambda tx: tx.execute(update(OutboxRow).values(events=understood[0])))
        assert await relay.left_over.sweep(utc_now() + timedelta(minutes=11)) == 2
        await relay.settle()

        assert texts(heard) == ["a"]
        assert await noted(db) == ["a"]
        assert await outbox_of(db) == {}


async def test_a_row_for_a_handler_that_is_no_more_is_given_up_after_its_attempts_and_shown(
    database: str,
) -> None:
    """Another version that runs beside this one may still have it; then nobody has."""
    await leave_unheard(database, "a")

    async with opened(database) as db, relay_of(db, runs=False) as (relay, heard):
        assert await relay.check() is None
        for _ in range(12):
            await relay.left_over.sweep(utc_now() + FAR)
            await relay.settle()

        assert texts(heard) == ["a"]
        ((attempts, available_at),) = (await outbox_of(db)).values()
        assert (attempts, available_at) == (12, None)
        assert await relay.check() == "1 given up; see `kabar outbox list`"
        (shown,) = await db.read(outbox.given_up, limit=10)
        assert (shown.consumer, shown.attempts) == ("tests.relaying.note_said", 12)

    async with opened(database) as db, relay_of(db, note_said, runs=False) as (relay, _):
        assert await db.write(outbox.try_given_up) == 1
        await relay.left_over.sweep(utc_now() + FAR)
        await relay.settle()

        assert await noted(db) == ["a"]
        assert await relay.check() is None


async def test_what_is_no_longer_true_is_not_told_again(database: str) -> None:
    await leave_unheard(database, "old", "true")

    def still_so(_tx: Transaction, events: Sequence[Said]) -> Sequence[Said]:
        return [event for event in events if event.text == "true"]

    async with opened(database) as db:
        heard = Recorder()
        relay = Relay(
            db, events=(Said,), handlers={Said: []}, publisher=heard, recalls={Said: still_so}
        )
        await db.write(say, "meanwhile")
        await relay.left_over.sweep(utc_now() + FAR)
        await relay.settle()

        assert texts(heard)[-1] == "true"
        assert "old" not in texts(heard)


async def test_what_cannot_be_recalled_is_given_up_like_all_else(database: str) -> None:
    await leave_unheard(database, "a")

    def broken(_tx: Transaction, _events: Sequence[Said]) -> Sequence[Said]:
        raise ZeroDivisionError

    async with opened(database) as db:
        relay = Relay(
            db, events=(Said,), handlers={Said: []}, publisher=Recorder(), recalls={Said: broken}
        )
        for _ in range(12):
            await relay.left_over.sweep(utc_now() + FAR)
            await relay.settle()

        assert await relay.check() == "2 given up; see `kabar outbox list`"
