"""CommitQueue: runs units of work in threads, and commits together what waits together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.infra.db.failures import error_for_caller, is_out_of_reach, may_be_tried_again
from kabar.infra.db.jobs import Batch, FairQueue, Job
from kabar.infra.db.outbox import Committed
from kabar.infra.db.stripes import StripedLocks
from kabar.infra.db.transaction import Transaction

_log = get_log("db")
_RETRIES = 8

Store = Callable[[Transaction], list[Committed]]


class CommitQueue:
    """A queue of jobs, and threads that run them: all that wait together in one transaction.

    A group begins no further unit after `group_seconds`: whoever waits for its commit waits for all
    that is in it. Batches are cheap, however much they take together; a unit may be anything.

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
        group_seconds: float,
        store: Store,
        finish: Callable[[list[Job], list[Any], list[Committed]], None],
        telling: StripedLocks,
    ) -> None:
        self._engine = engine
        self._group_limit = group_limit
        self._group_seconds = group_seconds
        self._store = store
        self._finish = finish
        self._telling = telling
        # Where units have threads of their own, one caller has no more than half of them.
        self._waiting = FairQueue(at_once=max(1, threads // 2) if group_limit == 1 else None)
        self._threads = [
            Thread(target=self._work, name=f"kabar-{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: Job) -> None:
        self._waiting.put(job)

    def __len__(self) -> int:
        return len(self._waiting)

    def count_of(self, caller: str) -> int:
        return self._waiting.count_of(caller)

    @property
    def is_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def close(self, until: float) -> bool:
        """Run what waits, then stop. Say whether it could all be done by then (monotonic)."""
        self._waiting.end(len(self._threads))
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while group := self._waiting.take(self._group_limit):
            later: set[Job] = set()
            try:
                later = self._run([job for job in group if not job.is_given_up])
            except BaseException as failure:
                # Whatever it was: without this thread nobody would be answered any more.
                self._answer(group, [failure] * len(group), [])
            finally:
                self._waiting.put_back([job for job in group if job in later])
                self._waiting.done(group)

    def _answer(self, jobs: list[Job], outcomes: list[Any], committed: list[Committed]) -> None:
        # Before anybody hears of it: whoever is answered may ask again at once.
        self._waiting.done(jobs)
        self._finish(jobs, outcomes, committed)

    def _run(self, group: list[Job]) -> set[Job]:
        """Do what there is time for; return the rest."""
        if len(group) > 1:
            try:
                return self._commit(group)
            except DBAPIError as failure:
                if is_out_of_reach(failure):
                    self._answer(group, [error_for_caller(failure)] * len(group), [])
                    return set()
                _log.info("group_rolled_back", size=len(group), because=repr(failure)[:300])
            except Exception as failure:
                _log.info("group_rolled_back", size=len(group), because=repr(failure)[:300])
        for job in group:
            if not job.is_given_up:
                self._run_alone(job)
        return set()

    def _run_alone(self, job: Job) -> None:
        for attempt in range(_RETRIES):
            try:
                self._commit([job])
                return
            except DBAPIError as failure:
                if may_be_tried_again(failure) and attempt < _RETRIES - 1:
                    time.sleep(random.uniform(0, 0.005 * 2**attempt))
                    continue
                self._answer([job], [error_for_caller(failure)], [])
                return
            except Exception as failure:
                self._answer([job], [failure], [])
                return

    def _commit(self, group: list[Job]) -> set[Job]:
        """Commit what there is time for; return the rest."""
        with self._engine.connect() as connection, connection.begin() as begun:
            tx = Transaction(connection, utc_now())
            outcomes = _outcomes(tx, group, seconds=self._group_seconds)
            committed = self._store(tx) if tx.events or tx.retold else []
            with self._telling.held(
                name for row in committed for event in row.events for name in event.concerns
            ):
                begun.commit()
                self._answer(list(outcomes), list(outcomes.values()), committed)
        return {job for job in group if job not in outcomes}


def _outcomes(tx: Transaction, group: list[Job], *, seconds: float) -> dict[Job, Any]:
    """Run what there is time for; return what came of each."""
    until = time.monotonic() + seconds
    outcomes: dict[Job, Any] = {}
    batches: dict[Batch, list[Job]] = {}
    for job in group:
        if job.batch is not None:
            batches.setdefault(job.batch, []).append(job)
    for batch, jobs in batches.items():
        outcomes.update(zip(jobs, _outcomes_of_batch(tx, batch, jobs, group), strict=True))
    is_first = True
    for job in group:
        if job.unit is not None and (is_first or time.monotonic() < until):
            is_first = False
            outcomes[job] = (
                job.unit(tx) if len(group) == 1 else _result_or_failure(tx, partial(job.unit, tx))
            )
    return outcomes


def _outcomes_of_batch(
    tx: Transaction, batch: Batch, jobs: Sequence[Job], group: list[Job]
) -> Sequence[Any]:
    items = [job.item for job in jobs]

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
    return [_outcomes_of_batch(tx, batch, [job], group)[0] for job in jobs]


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
