"""Typing: how often is it passed on to the room that somebody is typing? It is never stored."""

from __future__ import annotations

import time
from collections.abc import Callable

from cachetools import TTLCache

#: `user-typing` of one person in one room is passed on at most this often
TYPING_SECONDS = 2.0
#: after so long a "typing" is forgotten, though no "stopped" has come
_FORGET_SECONDS = 60.0
#: if more are typing, "typing" of who began longest ago may pass sooner, and their "stopped" not
_REMEMBER_MOST = 100_000


class TypingGate:
    """Remembers who was last passed on as typing, in which room and when.

    "Stopped" passes once after each "typing", so that nobody is shown typing for longer than they
    are; the two seconds count from the last "typing".
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
