"""CommitQueue: runs units of work in threads, and commits together what waits together."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.infra.db.failures import error_for_caller, is_out_of_reach, may_be_tried_again
from kabar.infra.db.outbox import Committed
from kabar.infra.db.stripes import StripedLocks
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


class CommitQueue:
    """A queue of jobs, and threads that run them: all that wait together in one transaction.

    A unit that fails costs the others of its group nothing: what it wrote and told is taken back,
    the rest goes on. If the database itself fails, all of them are told so: the commit may have
    been done, and to do it again might do it twice.
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
        telling: StripedLocks,
    ) -> None:
        self._engine = engine
        self._group_limit = group_limit
        self._store = store
        self._finish = finish
        self._telling = telling
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
        with self._engine.connect() as connection, connection.begin() as begun:
            tx = Transaction(connection, utc_now())
            outcomes = _outcomes(tx, group)
            committed = self._store(tx) if tx.events or tx.retold else []
            with self._telling.held(
                name for row in committed for event in row.events for name in event.concerns
            ):
                begun.commit()
                self._finish(group, outcomes, committed)


def _outcomes(tx: Transaction, group: list[Job]) -> list[Any]:
    outcomes: dict[int, Any] = {}
    batches: dict[Batch, list[int]] = {}
    for number, job in enumerate(group):
        if job.batch is not None:
            batches.setdefault(job.batch, []).append(number)
        elif job.unit is not None:
            outcomes[number] = (
                job.unit(tx) if len(group) == 1 else _result_or_failure(tx, partial(job.unit, tx))
            )
    for batch, numbers in batches.items():
        items = [group[number].item for number in numbers]
        outcomes.update(zip(numbers, _outcomes_of_batch(tx, batch, items, group), strict=True))
    return [outcomes[number] for number in range(len(group))]


def _outcomes_of_batch(
    tx: Transaction, batch: Batch, items: Sequence[Any], group: list[Job]
) -> Sequence[Any]:
    def whole() -> Sequence[Any]:
        results = batch(tx, items)
        if len(results) != len(items):
            raise ValueError(f"{batch!r} forgot what it was asked for")
        return results

    if len(group) == 1:
        return whole()
    results: Sequence[Any] | Exception = _result_or_failure(tx, whole)
    if not isinstance(results, Exception):
        return results
    # One of them cannot be done, and a batch does not say which.
    _log.info("batch_taken_apart", size=len(items), because=repr(results)[:300])
    if len(items) == 1:
        return [results]
    return [_outcomes_of_batch(tx, batch, [item], group)[0] for item in items]


def _result_or_failure(tx: Transaction, run: Callable[[], Any]) -> Any:
    """Return what it answers, or with what it failed: then nothing of it is left."""
    try:
        with tx.savepoint():
            return run()
    except DBAPIError as failure:
        if is_out_of_reach(failure) or may_be_tried_again(failure):
            raise
        return failure
    except Exception as failure:
        return failure
