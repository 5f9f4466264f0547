"""Relay: publishes committed events and hands them to their handlers, until that has worked."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from kabar.core.events import Event, Publication, Publisher, Revocation
from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.infra.db import Database, Transaction, outbox
from kabar.infra.db.outbox import Committed
from kabar.infra.relay.left_over import LeftOvers, Recall
from kabar.infra.relay.tellers import Teller, Tellers

#: the consumer of outbox rows whose events go to sockets
REALTIME = "realtime"
#: a handler gets at most this many events in one transaction
_BATCH = 1000
_WAITING_LIMIT = 20_000
_ATTEMPTS = 12
_LONGEST_BACK_OFF = timedelta(minutes=10)
#: of the ten seconds that stopping may take
_SETTLE_SECONDS = 3.0

#: what one feature does because of another's events; runs in a transaction of its own
Handler = Callable[[Transaction, Sequence[Any]], None]

_log = get_log("relay")


class Relay:
    """Publishes events right after their commit, and passes them to their handlers.

    Each outbox row is deleted when that is done; a handler's row in the same transaction as the
    handler's work, which is so done exactly once. Rows of a dead process are taken over by others.
    So every event is published at least once, and handled exactly once.
    """

    def __init__(
        self,
        db: Database,
        *,
        events: Sequence[type[Event]],
        handlers: Mapping[type[Event], Sequence[Handler]],
        publisher: Publisher | None,
        tellers: Mapping[type[Event], Sequence[Teller]] | None = None,
        recalls: Mapping[type[Event], Recall] | None = None,
    ) -> None:
        """`tellers` read, after the commit, what sockets hear of it later; `recalls` say what of
        an event is still true when it is told long after it happened."""
        self._db = db
        self._handlers = {_name(h): h for several in handlers.values() for h in several}
        self._publisher = publisher
        self.left_over = LeftOvers(
            db,
            events=events,
            take_up=self.committed,
            failed=self._was_not_told,
            recalls=recalls or {},
        )
        self._published: deque[str] = deque()
        self._not_published: deque[tuple[Committed, Exception]] = deque()
        self._waiting: dict[str, deque[Committed]] = defaultdict(deque)
        self._wake: dict[str, asyncio.Event] = {
            consumer: asyncio.Event() for consumer in (REALTIME, *self._handlers)
        }
        self._tellers = None
        if publisher is not None:
            self._tellers = Tellers(
                db,
                tellers or {},
                publisher,
                done=self._has_been_told,
                failed=self._was_not_told,
            )
        self._handling = 0
        self._unpublished = 0
        self._warned_at = float("-inf")

        @cache
        def consumers(event: type[Event]) -> tuple[str, ...]:
            is_told = event.publications is not Event.publications or event in (tellers or {})
            told = (REALTIME,) if is_told else ()
            return (*told, *(_name(handler) for handler in handlers.get(event, ())))

        db.tell(consumers, self.committed)

    def committed(self, rows: Iterable[Committed]) -> None:
        """Take the outbox rows of a transaction; called on the loop, in the order of commits."""
        for row in rows:
            if row.consumer == REALTIME:
                try:
                    self._publish(row.events)
                except Exception as failure:
                    # It must not hold up the rows after it.
                    self._was_not_told(row, failure)
                else:
                    if self._tellers is None or not self._tellers.put(row):
                        self._has_been_told(row)
            elif row.consumer not in self._handlers:
                # It may be another version's that runs beside this one: it is tried for a while.
                self._was_not_told(row, NoSuchHandler(row.consumer))
            elif len(self._waiting[row.consumer]) < _WAITING_LIMIT:
                self._waiting[row.consumer].append(row)
                self._wake[row.consumer].set()
            # else: too many wait; it stays in the outbox, and a sweep finds it later

    def _has_been_told(self, row: Committed) -> None:
        self._published.append(row.row_id)
        self._wake[REALTIME].set()

    def _was_not_told(self, row: Committed, failure: Exception) -> None:
        self._not_published.append((row, failure))
        self._wake[REALTIME].set()

    def _publish(self, events: Iterable[Event]) -> None:
        publisher = self._publisher
        if publisher is None:
            self._say_unpublished(sum(1 for event in events for _ in event.publications()))
            return
        waiting: list[Publication] = []
        for event in events:
            for said in event.publications():
                if isinstance(said, Publication):
                    waiting.append(said)
                    continue
                publisher.publish(waiting)
                waiting = []
                if isinstance(said, Revocation):
                    publisher.revoke(said.channel, said.user_id)
                else:
                    publisher.reauthorize(said.user_id)
        publisher.publish(waiting)

    def _say_unpublished(self, count: int) -> None:
        self._unpublished += count
        if self._unpublished and time.monotonic() - self._warned_at > 60:
            _log.warning("realtime_is_off", publications_not_sent=self._unpublished)
            self._unpublished = 0
            self._warned_at = time.monotonic()

    def works(self) -> list[tuple[str, Callable[[], Any]]]:
        """Return what has to run beside the server: a name and a coroutine function each."""
        return [
            ("outbox", self._forget_published),
            ("sweep", self.left_over.sweep_now_and_then),
            *([("tellers", self._tellers.run)] if self._tellers is not None else []),
            *((name, lambda name=name: self._handle(name)) for name in self._handlers),
        ]

    @property
    def is_idle(self) -> bool:
        """Whether everything that was committed so far is published and handled."""
        is_published = not (self._published or self._not_published or self._tellers)
        return is_published and not (self._handling or any(self._waiting.values()))

    async def settle(self, seconds: float = _SETTLE_SECONDS) -> None:
        """Finish the rows that wait; called when the works have ended, before the database closes.

        Rows that cannot be finished in time stay in the outbox for the next start.
        """
        seconds = min(seconds, _SETTLE_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                while not self.is_idle:
                    if self._tellers is not None:
                        await self._tellers.tell_waiting()
                    await self._delete_published()
                    for name in self._handlers:
                        await self._handle_waiting(name)
        except TimeoutError:
            _log.warning("outbox_not_settled", seconds=seconds)

    async def _forget_published(self) -> None:
        wake = self._wake[REALTIME]
        while True:
            await wake.wait()
            wake.clear()
            await self._delete_published()
            # Published rows are in nobody's way: deleting them a few times a second is enough.
            await asyncio.sleep(0.1)

    async def _delete_published(self) -> None:
        while self._not_published:
            await self._postpone(*self._not_published.popleft())
        row_ids = list(self._published)
        if not row_ids:
            return
        try:
            await self._db.write(outbox.take, row_ids)
        except Exception:
            _log.exception("outbox_not_cleared", rows=len(row_ids))
            await asyncio.sleep(1)
            self._wake[REALTIME].set()
        else:
            for _ in row_ids:
                self._published.popleft()

    async def _handle(self, name: str) -> None:
        wake = self._wake[name]
        while True:
            await wake.wait()
            wake.clear()
            await self._handle_waiting(name)

    async def _handle_waiting(self, name: str) -> None:
        waiting = self._waiting[name]
        while waiting:
            batch: list[Committed] = []
            size = 0
            while waiting and size < _BATCH:
                batch.append(waiting.popleft())
                size += len(batch[-1].events)
            self._handling += 1
            try:
                await self._handle_batch(name, batch)
            finally:
                self._handling -= 1

    async def _handle_batch(self, name: str, batch: list[Committed]) -> None:
        try:
            await self._db.write(_run_handler, self._handlers[name], batch)
        except Exception as failure:
            if len(batch) == 1:
                await self._postpone(batch[0], failure)
            else:
                # One event that fails must not stop the others: handle row by row.
                for row in batch:
                    await self._handle_batch(name, [row])

    async def _postpone(self, row: Committed, failure: Exception) -> None:
        attempts = row.attempts + 1
        until = None
        if attempts < _ATTEMPTS:
            until = utc_now() + min(timedelta(seconds=2**attempts), _LONGEST_BACK_OFF)
        _log.error(
            "handler_failed" if until else "handler_gave_up",
            handler=row.consumer,
            outbox_row=row.row_id,
            attempts=attempts,
            exc_info=failure,
        )
        try:
            await self._db.write(outbox.postpone, row.row_id, attempts=attempts, until=until)
        except Exception:
            # The row keeps its lease and comes back with a sweep.
            _log.exception("outbox_not_postponed", outbox_row=row.row_id)

    async def check(self) -> str | None:
        """Say, for `/up`, whether something waits for a person to look at it."""
        count = await self._db.read(outbox.count_given_up)
        return f"{count} given up; see `kabar outbox list`" if count else None


class NoSuchHandler(Exception):
    """Nobody here acts on this any more."""


def _run_handler(tx: Transaction, handler: Handler, rows: Sequence[Committed]) -> None:
    mine = outbox.take(tx, [row.row_id for row in rows])
    # A row may come twice: from its commit, and from a sweep that took it for a left-over.
    once = {row.row_id: row for row in rows if row.row_id in mine}
    events = [event for row in once.values() for event in row.events]
    if events:
        handler(tx, events)


def _name(handler: Handler) -> str:
    return f"{handler.__module__.removeprefix('kabar.features.')}.{handler.__qualname__}"
