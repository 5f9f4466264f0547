"""Jobs: units of work that wait for a thread, and the queue in which their callers take turns."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Condition
from typing import Any

from kabar.infra.db.transaction import Transaction

Batch = Callable[[Transaction, Sequence[Any]], Sequence[Any]]


class Job:
    """A unit of work that waits: a `unit` by itself, or one `item` for a `batch`."""

    __slots__ = ("batch", "caller", "future", "is_given_up", "is_taken", "item", "unit")

    def __init__(
        self,
        future: asyncio.Future[Any],
        *,
        unit: Callable[[Transaction], Any] | None = None,
        batch: Batch | None = None,
        item: Any = None,
        caller: str | None = None,
    ) -> None:
        self.future = future
        self.unit = unit
        self.batch = batch
        self.item = item
        #: the user for whom it is done
        self.caller = caller
        self.is_given_up = False
        #: a thread has it
        self.is_taken = False

    @property
    def lane(self) -> Hashable:
        """What waits for it to have its turn: the same caller's; without one, nothing."""
        return self.caller or self

    def give_up(self, because: Exception) -> None:
        """Answer for it; if nobody has begun it, nobody will. Called on the loop."""
        self.is_given_up = True
        if not self.future.done():
            self.future.set_exception(because)


class _Lane:
    """What one caller wants."""

    __slots__ = ("taken", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[Job] = deque()
        #: so many of theirs are being done
        self.taken = 0


class FairQueue:
    """Jobs that wait, from which threads take: each caller's in their order, and the callers in
    turn, so that nobody waits behind all that somebody else wants.

    `at_once`: so many of one caller's are done at the same time, and the others' threads are free.
    """

    def __init__(self, *, at_once: int | None = None) -> None:
        self._at_once = at_once
        self._lanes: dict[Hashable, _Lane] = {}
        #: those that have their turn now, the next one first
        self._turns: OrderedDict[Hashable, _Lane] = OrderedDict()
        self._waiting = 0
        #: so many threads are to end once nothing waits
        self._ends = 0
        self._changed = Condition()

    def __len__(self) -> int:
        return self._waiting

    def count_of(self, caller: str) -> int:
        """Return how many of a caller's wait or are being done."""
        lane = self._lanes.get(caller)
        return 0 if lane is None else len(lane.waiting) + lane.taken

    def put(self, job: Job) -> None:
        with self._changed:
            lane = self._lanes.get(job.lane)
            if lane is None:
                lane = self._lanes[job.lane] = _Lane()
            lane.waiting.append(job)
            self._waiting += 1
            if self._may_go(lane):
                self._turns.setdefault(job.lane, lane)
                self._changed.notify()

    def take(self, most: int) -> list[Job]:
        """Wait until there is something, and return at most so many. Nothing: the thread ends."""
        with self._changed:
            while not self._turns:
                if self._ends and not self._waiting:
                    self._ends -= 1
                    return []
                self._changed.wait()
            taken: list[Job] = []
            while self._turns and len(taken) < most:
                key, lane = self._turns.popitem(last=False)
                job = lane.waiting.popleft()
                job.is_taken = True
                taken.append(job)
                lane.taken += 1
                if self._may_go(lane):
                    self._turns[key] = lane
            self._waiting -= len(taken)
            return taken

    def put_back(self, jobs: Sequence[Job]) -> None:
        """Return what was taken and not begun: it comes next, in the same order."""
        with self._changed:
            for job in reversed(jobs):
                lane = self._lanes[job.lane]
                job.is_taken = False
                lane.taken -= 1
                lane.waiting.appendleft(job)
                self._waiting += 1
                self._turns[job.lane] = lane
                self._turns.move_to_end(job.lane, last=False)
            self._changed.notify_all()

    def done(self, jobs: Iterable[Job]) -> None:
        """Say that these were done; once more does no harm."""
        with self._changed:
            for job in jobs:
                if not job.is_taken:
                    continue
                job.is_taken = False
                lane = self._lanes[job.lane]
                lane.taken -= 1
                if not lane.waiting:
                    if not lane.taken:
                        del self._lanes[job.lane]
                elif job.lane not in self._turns and self._may_go(lane):
                    self._turns[job.lane] = lane
                    # No more threads than there is something for: each that wakes up takes the GIL.
                    self._changed.notify()
            if self._ends:
                self._changed.notify_all()

    def end(self, threads: int) -> None:
        """Let so many threads end, as soon as nothing waits."""
        with self._changed:
            self._ends += threads
            self._changed.notify_all()

    def _may_go(self, lane: _Lane) -> bool:
        return bool(lane.waiting) and (self._at_once is None or lane.taken < self._at_once)
