"""Breaker: who does not answer again and again is not asked for a while, so that nobody waits."""

from __future__ import annotations

import time
from collections.abc import Callable

#: failures, one after the other
_MOST = 5
_PAUSE_SECONDS = 10.0


class Breaker:
    """Counts failures. After the pause one is let through to try; the others wait for it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures = 0
        self._closed_until = 0.0

    def lets_through(self) -> bool:
        if self._failures < _MOST:
            return True
        if self._now() < self._closed_until:
            return False
        self._closed_until = self._now() + _PAUSE_SECONDS
        return True

    def answered(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= _MOST:
            self._closed_until = self._now() + _PAUSE_SECONDS
