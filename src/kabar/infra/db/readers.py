"""Who runs units that only read: threads with a connection each."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from kabar.core.times import utc_now
from kabar.infra.db.failures import error_for_caller
from kabar.infra.db.jobs import FairQueue, Job
from kabar.infra.db.outbox import Committed
from kabar.infra.db.transaction import Transaction


class Readers:
    """Threads in front of a database, each with one unit at a time, in one snapshot; no more than
    half of them for one caller.

    They are daemons, unlike those of an executor: one that hangs does not keep the process.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        *,
        threads: int,
        finish: Callable[[list[Job], list[Any], list[Committed]], None],
    ) -> None:
        self._engine = engine
        self._finish = finish
        self._waiting = FairQueue(at_once=max(1, threads // 2))
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
        while taken := self._waiting.take(1):
            (job,) = taken
            # Who hung up does not want to know any more, and nothing would be changed by it.
            outcome = None if job.future.done() else self._outcome(job)
            # Before anybody hears of it: whoever is answered may ask again at once.
            self._waiting.done(taken)
            self._finish([job], [outcome], [])

    def _outcome(self, job: Job) -> Any:
        assert job.unit is not None
        try:
            with self._engine.connect() as connection:
                return job.unit(Transaction(connection, utc_now()))
        except DBAPIError as failure:
            return error_for_caller(failure)
        except BaseException as failure:
            return failure
