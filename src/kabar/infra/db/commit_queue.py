"""Who runs units of work: threads that commit together what waits together."""

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
from kabar.infra.db.failures import as_told, is_out_of_reach, may_be_tried_again
from kabar.infra.db.lanes import Lanes
from kabar.infra.db.outbox import Committed
from kabar.infra.db.transaction import Transaction

_log = get_log("db")
_RETRIES = 8

Batch = Callable[[Transaction, Sequence[Any]], Sequence[Any]]
Store = Callable[[Transaction], list[Committed]]


class Job:
    """A unit that waits: alone (`unit`), or as one `item` of a `batch`."""

    __slots__ = ("batch", "future", "item", "unit")

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


class CommitQueue:
    """Threads in front of a database; what waits together is one transaction.

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
        lanes: Lanes,
    ) -> None:
        self._engine = engine
        self._group_limit = group_limit
        self._store = store
        self._finish = finish
        self._lanes = lanes
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

    def close(self) -> None:
        """Run what waits, then stop."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

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
            self._run(group)
            if closing:
                return

    def _run(self, group: list[Job]) -> None:
        if len(group) > 1:
            try:
                self._commit(group)
                return
            except DBAPIError as failure:
                if is_out_of_reach(failure):
                    self._finish(group, [as_told(failure)] * len(group), [])
                    return
                _log.info("group_rolled_back", size=len(group), because=repr(failure)[:300])
            except Exception as failure:
                _log.info("group_rolled_back", size=len(group), because=repr(failure)[:300])
        for job in group:
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
                self._finish([job], [as_told(failure)], [])
                return
            except Exception as failure:
                self._finish([job], [failure], [])
                return

    def _commit(self, group: list[Job]) -> None:
        with self._engine.connect() as connection, connection.begin() as begun:
            tx = Transaction(connection, utc_now())
            outcomes = _outcomes(tx, group)
            committed = self._store(tx) if tx.events or tx.retold else []
            with self._lanes.held(
                lane for row in committed for event in row.events for lane in event.lanes
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
