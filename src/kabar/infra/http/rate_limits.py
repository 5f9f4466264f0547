"""Rate limits: how often something may happen, or fail, before a client has to wait."""

from __future__ import annotations

import math
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from kabar.core.errors import TooManyRequests

#: A text, or a tuple of them, which no text can be mistaken for.
Key = str | tuple[str, ...]


class RateLimit:
    """At most so many in a moving window (`10/15 minutes`), counted in this process."""

    def __init__(self, rate: str, *, says: str | None = None) -> None:
        """`says`: what is told to who has to wait."""
        self._says = says
        self._item = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, key: Key) -> None:
        """Raise `TooManyRequests` if there were too many already."""
        reset_at, remaining = self._limiter.get_window_stats(self._item, repr(key))
        if remaining <= 0:
            wait = max(1, math.ceil(reset_at - time.time()))
            raise TooManyRequests(self._says, headers={"Retry-After": str(wait)})

    def count(self, key: Key) -> None:
        """Count one."""
        self._limiter.hit(self._item, repr(key))

    def spend(self, key: Key) -> None:
        """Count one, or raise `TooManyRequests`."""
        self.check(key)
        self.count(key)
