"""CommitQueue: runs units of work in threads, and commits together what waits together."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import KabarError
from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.infra.db.failures import error_for_caller, is_out_of_reach, may_be_tried_again
from kabar.infra.db.outbox import Committed
from kabar.infra.db.transaction import Transaction

_log = get_log("db")
_RETRIES = 8

Batch = Callable[[Transaction, Sequence[Any]], Sequence[Any]]
Store = Callable[[Transaction], list[Committed]]


class Job:
    """A unit of work that waits: a `unit` by itself, or one `item` for a `batch`."""

    __slots__ = ("batch", "future", "is_given_up", "item", "unit")

    def __init__(
        self,
        future: asyncio.Future[Any],
        *,
        unit: Callable[[Transaction], Any] | None = None,
        batch: Batch | None = None,
        item: Any = None,
    ) -> None:
        self.future = future
        self.unit = unit
        self.batch = batch
        self.item = item
        self.is_given_up = False

    def give_up(self, because: Exception) -> None:
        """Answer for it; if nobody has begun it, nobody will. Called on the loop."""
        self.is_given_up = True
        if not self.future.done():
            self.future.set_exception(because)


class _HalfDone(Exception):
    """A unit failed after it had written something: its group must be rolled back."""


class CommitQueue:
    """A queue of jobs, and threads that run them: all that wait together in one transaction.

    A unit that fails before it has written anything does not affect the others. If one fails later,
    the group is rolled back and its units are run again one by one. If the database itself fails,
    all of them fail: the commit may have happened, and running them again might do it twice.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        *,
        threads: int,
        group_limit: int,
        store: Store,
        finish: Callable[[list[Job], list[Any], list[Committed]], None],
    ) -> None:
        self._engine = engine
        self._group_limit = group_limit
        self._store = store
        self._finish = finish
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [
            Thread(target=self._work, name=f"kabar-{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: Job) -> None:
        self._waiting.put(job)

    def __len__(self) -> int:
        return self._waiting.qsize()

    @property
    def is_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def close(self, until: float) -> bool:
        """Run what waits, then stop. Say whether it could all be done by then (monotonic)."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            group = [first]
            closing = False
            while len(group) < self._group_limit:
                try:
                    job = self._waiting.get_nowait()
                except Empty:
                    break
                if job is None:
                    closing = True
                    break
                group.append(job)
            try:
                self._run([job for job in group if not job.is_given_up])
            except BaseException as failure:
                # Whatever it was: without this thread nobody would be answered any more.
                self._finish(group, [failure] * len(group), [])
            if closing:
                return

    def _run(self, group: list[Job]) -> None:
        if len(group) > 1:
            try:
                self._commit(group)
                return
            except _HalfDone:
                pass
            except DBAPIError as failure:
                if is_out_of_reach(failure):
                    self._finish(group, [error_for_caller(failure)] * len(group), [])
                    return
                _log.info("group_rolled_back", size=len(group), because=repr(failure)[:300])
            except Exception as failure:
                _log.info("group_rolled_back", size=len(group), because=repr(failure)[:300])
        for job in group:
            if not job.is_given_up:
                self._run_alone(job)

    def _run_alone(self, job: Job) -> None:
        for attempt in range(_RETRIES):
            try:
                self._commit([job])
                return
            except DBAPIError as failure:
                if may_be_tried_again(failure) and attempt < _RETRIES - 1:
                    time.sleep(random.uniform(0, 0.005 * 2**attempt))
                    continue
                self._finish([job], [error_for_caller(failure)], [])
                return
            except Exception as failure:
                self._finish([job], [failure], [])
                return

    def _commit(self, group: list[Job]) -> None:
        with self._engine.begin() as connection:
            tx = Transaction(connection, utc_now())
            outcomes = _outcomes(tx, group)
            committed = self._store(tx) if tx.events else []
        self._finish(group, outcomes, committed)


def _outcomes(tx: Transaction, group: list[Job]) -> list[Any]:
    outcomes: dict[int, Any] = {}
    batches: dict[Batch, list[int]] = {}
    for number, job in enumerate(group):
        if job.batch is not None:
            batches.setdefault(job.batch, []).append(number)
        elif job.unit is not None:
            outcomes[number] = job.unit(tx) if len(group) == 1 else _result_or_error(tx, job.unit)
    for batch, numbers in batches.items():
        results = batch(tx, [group[number].item for number in numbers])
        outcomes.update(zip(numbers, results, strict=True))
    return [outcomes[number] for number in range(len(group))]


def _result_or_error(tx: Transaction, unit: Callable[[Transaction], Any]) -> Any:
    events = len(tx.events)
    written = _changes(tx)
    try:
        return unit(tx)
    except KabarError as error:
        if _changes(tx) != written:
            raise _HalfDone from error
        del tx.events[events:]
        return error


def _changes(tx: Transaction) -> int:
    """Return how many rows this connection has written. Only SQLite has groups of single units."""
    changes: int = tx.connection.connection.driver_connection.total_changes  # type: ignore[union-attr]
    return changes
