"""Timer wheel: wakes each socket when it is to be looked at again, with one timer for all."""

from __future__ import annotations

import asyncio
from typing import Protocol

from kabar.core.log import get_log

_log = get_log("realtime")


class Sleeper(Protocol):
    """What the wheel wakes. It waits for one time only; `alarm` belongs to the wheel."""

    alarm: int

    def wake(self, now: float) -> None: ...


class TimerWheel:
    """Wakes sleepers at the nearest tick. `now` is the time of the last tick: coarse, but cheap."""

    def __init__(self, tick_seconds: float) -> None:
        self.now = 0.0
        self._tick_seconds = tick_seconds
        self._tick = 0
        self._slots: dict[int, set[Sleeper]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Tick by the running loop's clock until stopped."""
        loop = asyncio.get_running_loop()
        self.now = loop.time()
        self._tick = int(self.now / self._tick_seconds)
        self._turn(loop)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def wake_after(self, sleeper: Sleeper, seconds: float) -> None:
        """Wake it so many seconds from now; an earlier call for it no longer counts."""
        self.forget(sleeper)
        # At least one whole tick ahead: the slot of this tick has been emptied.
        sleeper.alarm = max(self._tick + 1, int((self.now + seconds) / self._tick_seconds) + 1)
        self._slots.setdefault(sleeper.alarm, set()).add(sleeper)

    def forget(self, sleeper: Sleeper) -> None:
        slot = self._slots.get(sleeper.alarm)
        if slot is not None:
            slot.discard(sleeper)
            if not slot:
                del self._slots[sleeper.alarm]

    def advance(self, now: float) -> None:
        """Wake all whose time has come."""
        self.now = now
        reached = int(now / self._tick_seconds)
        while self._tick < reached:
            self._tick += 1
            for sleeper in self._slots.pop(self._tick, ()):
                try:
                    sleeper.wake(now)
                except Exception:
                    # The others of this tick would otherwise never be looked at again.
                    _log.exception("a socket could not be looked after")

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(self._tick_seconds, self._turn, loop)
        self.advance(loop.time())
