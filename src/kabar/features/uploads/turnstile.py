"""How many files may be on their way at once: who sends slowly holds up nobody but themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kabar.core.errors import TooManyRequests, Unavailable


class Turnstile:
    """Counts those who are inside, in all and of each user."""

    def __init__(self, *, at_once: int, per_user: int) -> None:
        self._at_once = at_once
        self._per_user = per_user
        self._inside: Counter[str] = Counter()

    @contextmanager
    def passage(self, user_id: str) -> Iterator[None]:
        """Let one in, or raise."""
        if self._inside[user_id] >= self._per_user:
            raise TooManyRequests(
                "You are sending several files already. Wait for one of them.",
                headers={"Retry-After": "1"},
            )
        if self._inside.total() >= self._at_once:
            raise Unavailable("Too many files are on their way. Try again in a moment.")
        self._inside[user_id] += 1
        try:
            yield
        finally:
            self._inside[user_id] -= 1
            if not self._inside[user_id]:
                del self._inside[user_id]
