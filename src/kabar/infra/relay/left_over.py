"""Left-overs: taking over the rows that dead processes have left in the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from kabar.core.events import Event
from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.infra.db import Database, Transaction, outbox
from kabar.infra.db.database import LEASE
from kabar.infra.db.outbox import Committed, LeftOver

#: how long clients take to notice that a server has come back
_RETURN_SECONDS = 3.0
#: until rows that this version does not understand are looked at again
_NOT_UNDERSTOOD = timedelta(minutes=10)

#: Says what is still so, and as it is now, of events that are told long after they happened. It
#: locks what they concern, so that nothing overtakes it on its way.
Recall = Callable[[Transaction, Sequence[Any]], Sequence[Event]]

_log = get_log("relay")


class LeftOvers:
    """Looks through the outbox now and then for rows whose lease has ended."""

    def __init__(
        self,
        db: Database,
        *,
        events: Sequence[type[Event]],
        take_up: Callable[[Iterable[Committed]], None],
        failed: Callable[[Committed, Exception], None],
        recalls: Mapping[type[Event], Recall],
    ) -> None:
        self._db = db
        self._take_up = take_up
        self._failed = failed
        self._recalls = recalls
        self._decoder: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(
            list[_union(events)]  # type: ignore[misc]
        )
        self._started_at = utc_now()

    async def sweep_now_and_then(self) -> None:
        # Clients of the process that died come back first, and then get what it did not publish.
        await asyncio.sleep(_RETURN_SECONDS)
        # On SQLite no other process serves this database: all rows from before our start are left
        # over, whatever their lease.
        older_than = self._started_at + LEASE if self._db.is_sqlite else utc_now()
        while True:
            if not await self.sweep(older_than):
                await asyncio.sleep(LEASE.total_seconds() / 2)
            older_than = utc_now()

    async def sweep(self, older_than: datetime) -> int:
        """Take over rows whose lease ended before `older_than`; return how many there were."""
        try:
            taken = await self._db.write(outbox.claim_left_over, older_than=older_than, lease=LEASE)
        except Exception:
            _log.exception("sweep_failed")
            return 0
        if taken:
            _log.info("outbox_taken_up", rows=len(taken))
            await self._read(taken)
        return len(taken)

    async def _read(self, rows: Sequence[LeftOver]) -> None:
        puzzling: list[tuple[LeftOver, msgspec.MsgspecError]] = []
        for row in rows:
            try:
                events = tuple(self._decoder.decode(row.events))
            except msgspec.MsgspecError as failure:
                puzzling.append((row, failure))
            else:
                await self._bring(Committed(row.row_id, row.consumer, events, row.attempts))
        if puzzling:
            await self._leave(puzzling)

    async def _bring(self, row: Committed) -> None:
        """Bring a row to whom it is for, as far as it is still true.

        What is recalled is told anew, in the transaction that looks: so it comes in its order
        among what is happening now.
        """
        if any(type(event) in self._recalls for event in row.events):
            try:
                await self._db.write(_tell_again, row, self._recalls)
            except Exception as failure:
                self._failed(row, failure)
        else:
            self._take_up([row])

    async def _leave(self, puzzling: Sequence[tuple[LeftOver, msgspec.MsgspecError]]) -> None:
        """Postpone rows that cannot be decoded: a newer version may have written them.

        They are not given up, so that the next version finds them when this one is replaced.
        """
        row, failure = puzzling[0]
        _log.error(
            "events_not_understood",
            rows=len(puzzling),
            outbox_row=row.row_id,
            because=str(failure),
            again_in_seconds=int(_NOT_UNDERSTOOD.total_seconds()),
        )
        try:
            await self._db.write(_postpone, [row for row, _ in puzzling])
        except Exception:
            # They keep their lease and come back with a sweep.
            _log.exception("outbox_not_postponed", outbox_row=row.row_id)


def _tell_again(tx: Transaction, row: Committed, recalls: Mapping[type[Event], Recall]) -> None:
    if not outbox.take(tx, [row.row_id]):
        return  # somebody else was quicker
    for event in row.events:
        recall = recalls.get(type(event))
        for still_true in [event] if recall is None else recall(tx, [event]):
            tx.tell_again(row.consumer, still_true, attempts=row.attempts)


def _postpone(tx: Transaction, rows: Sequence[LeftOver]) -> None:
    for row in rows:
        until = tx.now + _NOT_UNDERSTOOD
        outbox.postpone(tx, row.row_id, attempts=row.attempts, until=until)


def _union(events: Sequence[type[Event]]) -> Any:
    union: Any = events[0]
    for event in events[1:]:
        union = union | event
    return union
