"""Typing: passed on to the room, never stored, and not more often than people can read."""

from __future__ import annotations

import time
from collections.abc import Callable

#: `user-typing` of one person in one room is passed on at most this often
TYPING_SECONDS = 2.0
#: who has not said that they stopped will not say it any more
_FORGET_SECONDS = 60.0
_TIDY_ABOVE = 10_000


class TypingGate:
    """Remembers who has just been seen typing where.

    "Stopped" passes once after each "typing", so that it is not shown for longer than it is so;
    the two seconds count from the "typing".
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._passed: dict[tuple[str, str], tuple[float, bool]] = {}
        self._tidy_above = _TIDY_ABOVE

    def may_pass(self, room_id: str, user_id: str, *, typing: bool) -> bool:
        now = self._clock()
        at, was_typing = self._passed.get((room_id, user_id), (float("-inf"), False))
        passes = now - at >= TYPING_SECONDS if typing else was_typing
        if passes:
            self._passed[(room_id, user_id)] = (now if typing else at, typing)
            if len(self._passed) > self._tidy_above:
                self._tidy(now)
        return passes

    def _tidy(self, now: float) -> None:
        self._passed = {
            key: (at, is_typing)
            for key, (at, is_typing) in self._passed.items()
            if now - at < (_FORGET_SECONDS if is_typing else TYPING_SECONDS)
        }
        # So that it is not done at every call while very many are typing.
        self._tidy_above = max(_TIDY_ABOVE, 2 * len(self._passed))
