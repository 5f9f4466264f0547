"""The database as the rest of Kabar sees it: read, write, write together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import KabarError, Unavailable
from kabar.core.times import utc_now
from kabar.infra.db import clock, outbox
from kabar.infra.db.commit_queue import CommitQueue, Job
from kabar.infra.db.engine import open_readers, open_writer
from kabar.infra.db.failures import as_told
from kabar.infra.db.lanes import Lanes
from kabar.infra.db.outbox import Committed, Consumers
from kabar.infra.db.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

#: how long only the process that wrote an event carries it; then it is taken for dead
LEASE = timedelta(seconds=10)


class Database:
    """Runs units of work, plain functions `(tx, …)`, off the event loop.

    SQLite: one writer thread owns the one writing connection and commits everything that waits in
    one transaction; readers have connections of their own. PostgreSQL: a small pool of threads, a
    transaction per unit; only what is made for it (`write_together`) is committed together.
    """

    def __init__(
        self,
        url: URL,
        *,
        synchronous: str = "FULL",
        readers: int = 4,
        writers: int = 4,
        max_waiting: int = 10_000,
    ) -> None:
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._max_waiting = max_waiting
        self._writer = open_writer(url, connections=writers + 1, synchronous=synchronous)
        self._reader = open_readers(url, connections=readers + 1)
        self._readers = readers
        self._writers = writers
        self._consumers: Consumers = lambda _event: ()
        self._on_commit: Callable[[list[Committed]], None] = lambda _committed: None

    def tell(self, consumers: Consumers, on_commit: Callable[[list[Committed]], None]) -> None:
        """Say who hears of events. `on_commit` is called on the loop, before the writer is."""
        self._consumers = consumers
        self._on_commit = on_commit

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pool = ThreadPoolExecutor(self._readers, thread_name_prefix="kabar-reader")
        self._first = ThreadPoolExecutor(1, thread_name_prefix="kabar-first-reader")
        queue = partial(
            CommitQueue,
            engine=self._writer,
            store=self._store,
            finish=self._finish,
            lanes=Lanes(),
        )
        if self.is_sqlite:
            self._units = self._batches = queue("writer", threads=1, group_limit=512)
        else:
            self._units = queue("writer", threads=self._writers, group_limit=1)
            self._batches = queue("batches", threads=1, group_limit=512)

    async def close(self) -> None:
        """Finish what waits, then close every connection."""
        for queue in {id(queue): queue for queue in (self._units, self._batches)}.values():
            await asyncio.to_thread(queue.close)
        await asyncio.to_thread(self._pool.shutdown)
        await asyncio.to_thread(self._first.shutdown)
        self._writer.dispose()
        self._reader.dispose()

    async def read(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit that only reads, in one snapshot."""
        return await self._loop.run_in_executor(
            self._pool, partial(self._read, unit, *args, **kwargs)
        )

    async def read_first(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a short unit that everything else waits for: it has a reader of its own, so that
        no list that takes long stands before it."""
        return await self._loop.run_in_executor(
            self._first, partial(self._read, unit, *args, **kwargs)
        )

    async def write(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit and return its result once it is committed."""
        result: T = await self._run(self._units, unit=lambda tx: unit(tx, *args, **kwargs))
        return result

    async def write_together(
        self,
        batch: Callable[[Transaction, Sequence[Item]], Sequence[T | KabarError]],
        item: Item,
    ) -> T:
        """Hand `item` to a unit that takes all that wait at once; return its own result.

        `batch` answers with a result, or with the error, for each item in turn, and what it
        answers with an error it must not have written.
        """
        result: T = await self._run(self._batches, batch=batch, item=item)
        return result

    async def _run(self, queue: CommitQueue, **job: Any) -> Any:
        if len(queue) >= self._max_waiting:
            raise Unavailable(headers={"Retry-After": "1"})
        future: asyncio.Future[Any] = self._loop.create_future()
        queue.put(Job(future, **job))
        return await future

    def _read(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            with self._reader.connect() as connection:
                return unit(Transaction(connection, utc_now()), *args, **kwargs)
        except DBAPIError as failure:
            raise as_told(failure) from failure

    def _store(self, tx: Transaction) -> list[Committed]:
        clock.tick(tx)
        return outbox.store(tx, self._consumers, LEASE)

    def _finish(self, jobs: list[Job], outcomes: list[Any], committed: list[Committed]) -> None:
        self._loop.call_soon_threadsafe(self._settle, jobs, outcomes, committed)

    def _settle(self, jobs: list[Job], outcomes: list[Any], committed: list[Committed]) -> None:
        try:
            if committed:
                self._on_commit(committed)
        finally:
            self._answer(jobs, outcomes)

    def _answer(self, jobs: list[Job], outcomes: list[Any]) -> None:
        for job, outcome in zip(jobs, outcomes, strict=True):
            if job.future.done():
                continue  # the caller went away; what it asked for is done all the same
            if isinstance(outcome, BaseException):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)
