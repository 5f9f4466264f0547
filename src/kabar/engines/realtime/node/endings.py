"""Whose sessions have ended of late: what was looked up before may be out of date."""

from __future__ import annotations

from kabar.engines.realtime.clock import Clock

#: longer than any look-up may take
_SECONDS = 60.0


class Endings:
    """Remembers them for a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        #: the latest of each user, oldest first
        self._at: dict[tuple[str, str], float] = {}

    def note(self, app_id: str, user_id: str) -> None:
        now = self._clock.now()
        self._at.pop((app_id, user_id), None)
        self._at[app_id, user_id] = now
        while self._at:
            oldest = next(iter(self._at))
            if self._at[oldest] > now - _SECONDS:
                break
            del self._at[oldest]

    def has_any_since(self, app_id: str, user_id: str, moment: float) -> bool:
        ended_at = self._at.get((app_id, user_id))
        return ended_at is not None and ended_at >= moment
