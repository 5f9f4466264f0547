"""ServiceHealth: does the service take what it is sent? For `/up` and, once a minute, the log."""

from __future__ import annotations

import time
from collections.abc import Callable

from kabar.core.log import get_log

_SAY_EVERY_SECONDS = 60.0

_log = get_log("hosted")


class ServiceHealth:
    """Remembers since when calls to the service fail, and how many events were dropped."""

    def __init__(
        self, waiting: Callable[[], int], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`waiting` says how many events are not sent yet."""
        self._waiting = waiting
        self._now = now
        #: since when calls fail; None: the last one went well
        self._down_since: float | None = None
        self._because = ""
        self._dropped = 0
        self._dropped_because = ""
        self._said_down_at = self._said_dropped_at = float("-inf")

    @property
    def is_down(self) -> bool:
        return self._down_since is not None

    def went_well(self) -> None:
        if self._down_since is not None and self._said_down_at >= self._down_since:
            seconds = round(self._now() - self._down_since)
            _log.info("service_is_back", down_seconds=seconds, waiting=self._waiting())
        self._down_since = None

    def failed(self, because: str) -> None:
        if self._down_since is None:
            self._down_since = self._now()
        self._because = because
        self.say()

    def dropped(self, count: int, because: str) -> None:
        """Count events that will not be sent."""
        self._dropped += count
        self._dropped_because = because
        self.say()

    def say(self) -> None:
        """Log what is wrong and was not logged yet, at most once a minute."""
        now = self._now()
        if self._down_since is not None and now - self._said_down_at >= _SAY_EVERY_SECONDS:
            self._said_down_at = now
            _log.warning(
                "service_is_down",
                for_seconds=round(now - self._down_since),
                waiting=self._waiting(),
                because=self._because,
            )
        if self._dropped and now - self._said_dropped_at >= _SAY_EVERY_SECONDS:
            self._said_dropped_at = now
            _log.warning("events_not_sent", count=self._dropped, last_because=self._dropped_because)
            self._dropped = 0

    async def check(self) -> str | None:
        """Return what `/up` says. The reason is only in the log: it may hold secrets."""
        if self._down_since is None:
            return None
        return f"the service takes nothing; {self._waiting()} events wait"
