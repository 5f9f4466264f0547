"""Tellers: what has become of something is read after its commit, and told."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from kabar.core.events import Event, Publication, Publisher
from kabar.infra.db import Database, Transaction
from kabar.infra.db.outbox import Committed

#: Says which of these channels somebody listens to.
Listening = Callable[[AbstractSet[str]], AbstractSet[str]]
#: Reads in one snapshot what is so now, because of these events, and says who hears of it.
Teller = Callable[[Transaction, Sequence[Any], Listening], Iterable[Publication]]

_BATCH = 1000


class Tellers:
    """One at a time: each snapshot is newer than the one before, so what is told never goes back.

    What waits together is read together: the busier it is, the less is told twice.
    """

    def __init__(
        self,
        db: Database,
        tellers: Mapping[type[Event], Sequence[Teller]],
        publisher: Publisher,
        *,
        done: Callable[[Committed], None],
        failed: Callable[[Committed, Exception], None],
    ) -> None:
        self._db = db
        self._tellers = tellers
        self._publisher = publisher
        self._done = done
        self._failed = failed
        self._waiting: deque[Committed] = deque()
        self._wake = asyncio.Event()
        self._telling = 0

    def __len__(self) -> int:
        """Return how many rows are not told yet."""
        return len(self._waiting) + self._telling

    def put(self, row: Committed) -> bool:
        """Take a row, if there is something in it to tell; say so."""
        if not any(type(event) in self._tellers and event.is_told_later for event in row.events):
            return False
        self._waiting.append(row)
        self._wake.set()
        return True

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.tell_waiting()

    async def tell_waiting(self) -> None:
        while self._waiting:
            rows = [self._waiting.popleft() for _ in range(min(len(self._waiting), _BATCH))]
            self._telling += len(rows)
            try:
                await self._tell(rows)
            finally:
                self._telling -= len(rows)

    async def _tell(self, rows: Sequence[Committed]) -> None:
        try:
            told = await self._db.read(_read, self._by_teller(rows), self._publisher.listening)
        except Exception as failure:
            if len(rows) == 1:
                self._failed(rows[0], failure)
            else:
                # One that cannot be told must not hold up the others.
                for row in rows:
                    await self._tell([row])
            return
        self._publisher.publish(told)
        for row in rows:
            self._done(row)

    def _by_teller(self, rows: Iterable[Committed]) -> Mapping[Teller, list[Event]]:
        events: dict[Teller, list[Event]] = defaultdict(list)
        for row in rows:
            for event in row.events:
                if event.is_told_later:
                    for teller in self._tellers.get(type(event), ()):
                        events[teller].append(event)
        return events


def _read(
    tx: Transaction, events: Mapping[Teller, list[Event]], listening: Listening
) -> list[Publication]:
    return [
        publication
        for teller, told in events.items()
        for publication in teller(tx, told, listening)
    ]
