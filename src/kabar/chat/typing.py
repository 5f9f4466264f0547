"""Typing: passed on to the room, never stored, and not more often than people can read."""

from __future__ import annotations

import time

#: `user-typing` of one person in one room is passed on at most this often
TYPING_SECONDS = 2.0
_TIDY_ABOVE = 10_000


class TypingGate:
    """Remembers who has just been seen typing where.

    "Stopped" passes once after each "typing", so that it is not shown for longer than it is so.
    """

    def __init__(self) -> None:
        self._passed: dict[tuple[str, str], tuple[float, bool]] = {}

    def may_pass(self, room_id: str, user_id: str, *, typing: bool) -> bool:
        now = time.monotonic()
        at, was_typing = self._passed.get((room_id, user_id), (-TYPING_SECONDS, False))
        if now - at < TYPING_SECONDS and not (was_typing and not typing):
            return False
        # A "stopped" does not open the gate again: the two seconds count from the "typing".
        since = at if was_typing and not typing and now - at < TYPING_SECONDS else now
        self._passed[(room_id, user_id)] = (since, typing)
        if len(self._passed) > _TIDY_ABOVE:
            self._tidy(now)
        return True

    def _tidy(self, now: float) -> None:
        self._passed = {
            key: seen for key, seen in self._passed.items() if now - seen[0] < TYPING_SECONDS
        }
