"""Typing: passed on to the room, never stored, and not more often than people can read."""

from __future__ import annotations

import time
from collections.abc import Callable

from cachetools import TTLCache

#: `user-typing` of one person in one room is passed on at most this often
TYPING_SECONDS = 2.0
#: who has not said that they stopped will not say it any more
_FORGET_SECONDS = 60.0
#: if more are typing, "typing" of who began longest ago may pass sooner, and their "stopped" not
_REMEMBER_MOST = 100_000


class TypingGate:
    """Remembers who has just been seen typing where.

    "Stopped" passes once after each "typing", so that it is not shown for longer than it is so;
    the two seconds count from the "typing".
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        #: when somebody was last seen typing in a room, and whether they still are
        self._passed: TTLCache[tuple[str, str], tuple[float, bool]] = TTLCache(
            _REMEMBER_MOST, _FORGET_SECONDS, clock
        )

    def may_pass(self, room_id: str, user_id: str, *, typing: bool) -> bool:
        now = self._clock()
        at, was_typing = self._passed.get((room_id, user_id), (float("-inf"), False))
        passes = now - at >= TYPING_SECONDS if typing else was_typing
        if passes:
            self._passed[(room_id, user_id)] = (now if typing else at, typing)
        return passes
