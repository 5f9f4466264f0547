"""Time for tests: no test is hurt by a machine that is slow, and none waits for nothing."""

from __future__ import annotations

import asyncio
import heapq
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from itertools import count
from typing import TypeVarTuple, Unpack

import uvloop

Ts = TypeVarTuple("Ts")

#: seconds after which what a test waits for will not come any more. Nobody waits so long but in
#: vain: it is a net, and says nothing of how fast anything has to be
PATIENCE = 120.0
MILLISECONDS = PATIENCE * 1000
#: the most that may pass on the clock of a loop in one of its turns
_STEP = 0.01


def patiently() -> asyncio.Timeout:
    """Wait for what surely comes: `async with patiently():`."""
    return asyncio.timeout(PATIENCE)


@contextmanager
def in_time() -> Iterator[None]:
    """The same, for what holds up its thread: it fails when the time is over, not meanwhile."""
    until = time.monotonic() + PATIENCE
    yield
    if time.monotonic() > until:
        raise TimeoutError


class Clock:
    """Goes with the world's while the loop has nothing to do, and stands while it cannot run.

    A server and its client are often on one loop here. When the machine runs others for a second,
    that second has been neither's: it must not count against a limit of 0.4.
    """

    def __init__(self) -> None:
        self.now = time.monotonic()
        self._seen = self.now

    def turn(self, *, has_news: bool) -> None:
        """Count the last turn, unless it brought news: who is being told something is not idle."""
        seen = time.monotonic()
        if not has_news:
            self.now += min(seen - self._seen, _STEP)
        self._seen = seen


class _Selector(selectors.DefaultSelector):
    """Waits a step at a time."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(_STEP if timeout is None else min(timeout, _STEP))
        self._clock.turn(has_news=bool(found))
        return found


class PatientLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop, with a patient clock."""

    def __init__(self) -> None:
        self._clock = Clock()
        super().__init__(_Selector(self._clock))

    def time(self) -> float:
        return self._clock.now


class PatientUvloop(uvloop.Loop):
    """The loop that serves in earnest, with a patient clock: it keeps the timers itself."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = Clock()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()
        self._tick()

    def time(self) -> float:
        return self._clock.now

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def _timer_handle_cancelled(self, timer: asyncio.TimerHandle) -> None:
        """A cancelled timer is passed over when its time comes."""

    def _tick(self) -> None:
        self._clock.turn(has_news=False)
        while self._timers and self._timers[0][0] <= self._clock.now:
            _, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled():
                timer._run()
        super().call_later(_STEP, self._tick)
