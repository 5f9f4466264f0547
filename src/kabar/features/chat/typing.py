"""Typing: how often is it passed on to the room that somebody is typing? It is never stored."""

from __future__ import annotations

import time
from collections.abc import Callable

#: `user-typing` of one person in one room is passed on at most this often
TYPING_SECONDS = 2.0
#: after so long a "typing" is forgotten, though no "stopped" has come
_FORGET_SECONDS = 60.0
_TIDY_ABOVE = 10_000


class TypingGate:
    """Remembers who was last passed on as typing, in which room and when.

    "Stopped" passes once after each "typing", so that nobody is shown typing for longer than they
    are; the two seconds count from the last "typing".
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
        # So that it is not tidied at every call while very many are typing.
        self._tidy_above = max(_TIDY_ABOVE, 2 * len(self._passed))
