"""Database: runs units of work for the rest of Kabar: `read`, `write`, `write_together`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import URL

from kabar.core.errors import KabarError, TooManyRequests, Unavailable
from kabar.core.log import get_log
from kabar.infra.db import clock, outbox
from kabar.infra.db.commit_queue import CommitQueue
from kabar.infra.db.engine import open_readers, open_writer
from kabar.infra.db.jobs import Job
from kabar.infra.db.outbox import Committed, Consumers
from kabar.infra.db.readers import Readers
from kabar.infra.db.stripes import StripedLocks
from kabar.infra.db.transaction import Transaction
from kabar.infra.db.units import Units
from kabar.infra.db.waiting import Waiting

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

#: how long an event in the outbox belongs to the process that wrote it; then others take it over
LEASE = timedelta(seconds=10)
#: who waits for so long is worth a word to whoever asks how the server is
_LONG = 2.0

_log = get_log("db")


class TooManyAtOnce(TooManyRequests):
    """Too many requests of yours are being answered. Wait for them, then try again."""


class Database(Units):
    """Runs units of work, plain functions `(tx, …)`, off the event loop.

    SQLite: one writer thread owns the one writing connection and commits everything that waits in
    one transaction; readers have connections of their own. PostgreSQL: a small pool of threads, a
    transaction per unit; only what is made for it (`write_together`) is committed together.

    Callers take turns, and of one no more than `max_of_one` wait or are done in any queue.
    Whoever waits longer than `seconds` is told that it is `Unavailable`. What was begun by then may
    be done all the same; what was not is not.
    """

    def __init__(
        self,
        url: URL,
        *,
        synchronous: str = "FULL",
        readers: int = 4,
        writers: int = 4,
        max_waiting: int = 10_000,
        max_of_one: int = 100,
        group_seconds: float = 0.02,
        seconds: float = 60.0,
    ) -> None:
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._max_waiting = max_waiting
        self._max_of_one = max_of_one
        self._group_seconds = group_seconds
        # Items are cheap: what they must not do is to fill the queue.
        self._max_items_of_one = max(max_of_one, max_waiting // 10)
        self._seconds = seconds
        self._writer = open_writer(
            url, connections=writers + 1, synchronous=synchronous, seconds=seconds
        )
        self._reader = open_readers(url, connections=readers + 1, seconds=seconds)
        self._readers = readers
        self._writers = writers
        self._consumers: Consumers = lambda _event: ()
        self._note: Callable[[Transaction], None] = lambda _tx: None
        self._on_commit: Callable[[list[Committed]], None] = lambda _committed: None

    def keep(self, note: Callable[[Transaction], None]) -> None:
        """Set who writes down, in each transaction that tells something, what it tells."""
        self._note = note

    def tell(self, consumers: Consumers, on_commit: Callable[[list[Committed]], None]) -> None:
        """Set which consumers hear of which events, and what is called with committed ones.

        `on_commit` is called on the event loop, before `write` returns to its caller.
        """
        self._consumers = consumers
        self._on_commit = on_commit

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting = Waiting(self._seconds)
        self._reads = Readers("reader", self._reader, threads=self._readers, finish=self._finish)
        self._first_reads = Readers("first-reader", self._reader, threads=1, finish=self._finish)
        queue = partial(
            CommitQueue,
            group_seconds=self._group_seconds,
            engine=self._writer,
            store=self._store,
            finish=self._finish,
            telling=StripedLocks(),
        )
        if self.is_sqlite:
            self._units = self._batches = queue("writer", threads=1, group_limit=512)
        else:
            self._units = queue("writer", threads=self._writers, group_limit=1)
            self._batches = queue("batches", threads=1, group_limit=512)

    async def close(self, seconds: float = 10.0) -> None:
        """Finish what waits, then close every connection; what does not end in time is left."""
        until = time.monotonic() + seconds
        ended = [await asyncio.to_thread(queue.close, until) for queue in self._queues()]
        self._waiting.close()
        if all(ended):
            self._writer.dispose()
            self._reader.dispose()
        else:
            # Its threads still have their connections; they end with the process.
            _log.error("database_left_behind", seconds=seconds)

    def hurry(self, seconds: float) -> None:
        """Say how much time is left until the process must be gone."""
        self._waiting.hurry(seconds)

    def trouble(self) -> str | None:
        """Say what is wrong, as far as one can see without asking the database."""
        if not all(queue.is_alive for queue in self._queues()):
            return "a thread has died"
        longest = self._waiting.longest
        return f"somebody has waited for {longest:.0f} seconds" if longest > _LONG else None

    def _queues(self) -> list[CommitQueue | Readers]:
        writers = [self._units] if self._units is self._batches else [self._units, self._batches]
        return [*writers, self._reads, self._first_reads]

    async def read(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit that only reads, in one snapshot."""
        return await self.read_for(None, unit, *args, **kwargs)

    async def read_for(
        self,
        caller: str | None,
        unit: Callable[Concatenate[Transaction, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """The same for a user, who takes turns with the others."""
        result: T = await self._run(
            self._reads, unit=lambda tx: unit(tx, *args, **kwargs), caller=caller
        )
        return result

    async def read_first(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a short unit that everything else waits for: it has a reader of its own, so that
        no list that takes long stands before it."""
        result: T = await self._run(self._first_reads, unit=lambda tx: unit(tx, *args, **kwargs))
        return result

    async def write(
        self, unit: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit and return its result once it is committed."""
        return await self.write_for(None, unit, *args, **kwargs)

    async def write_for(
        self,
        caller: str | None,
        unit: Callable[Concatenate[Transaction, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """The same for a user, who takes turns with the others."""
        result: T = await self._run(
            self._units, unit=lambda tx: unit(tx, *args, **kwargs), caller=caller
        )
        return result

    async def write_together(
        self,
        batch: Callable[[Transaction, Sequence[Item]], Sequence[T | KabarError]],
        item: Item,
        *,
        caller: str | None = None,
    ) -> T:
        """Pass `item`, with all others that wait, to `batch`; return the item's own result.

        `batch` returns a result or an error for each item, in order. For an item with an error it
        must not have written anything.
        """
        result: T = await self._run(
            self._batches, batch=batch, item=item, caller=caller, most=self._max_items_of_one
        )
        return result

    async def _run(
        self,
        queue: CommitQueue | Readers,
        *,
        caller: str | None = None,
        most: int | None = None,
        **job: Any,
    ) -> Any:
        if caller is not None and queue.count_of(caller) >= (most or self._max_of_one):
            raise TooManyAtOnce(headers={"Retry-After": "1"})
        if len(queue) >= self._max_waiting:
            raise Unavailable
        wanted = Job(self._loop.create_future(), caller=caller, **job)
        return await self._waiting.wait(queue, wanted)

    def _store(self, tx: Transaction) -> list[Committed]:
        self._note(tx)
        clock.tick(tx)
        return outbox.store(tx, self._consumers, LEASE)

    def _finish(self, jobs: list[Job], outcomes: list[Any], committed: list[Committed]) -> None:
        # A thread that was left behind may find that there is no loop any more.
        with suppress(RuntimeError):
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
                continue  # the caller was cancelled; its unit is committed all the same
            if isinstance(outcome, BaseException):
                is_for_tasks = isinstance(outcome, Exception) and type(outcome) is not StopIteration
                job.future.set_exception(outcome if is_for_tasks else RuntimeError(repr(outcome)))
            else:
                job.future.set_result(outcome)
