"""Turns: how many search at once? A search reads more than other requests, which must not wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kabar.core.errors import TooManyRequests

#: of one person: one that is typed, and one that it replaces
_OF_ONE = 2
#: here, for all together: fewer than there are readers
_AT_ONCE = 2
_MOST_WAITING = 100


class TooManySearches(TooManyRequests):
    """You search already. Wait for what it finds, then try again."""


class SearchTurns:
    """So many searches read at once; the others wait, few of each person."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    @asynccontextmanager
    async def of(self, user_id: str) -> AsyncIterator[None]:
        """Wait for one's turn, or raise `TooManySearches`."""
        if self._of[user_id] >= _OF_ONE or self._of.total() >= _MOST_WAITING:
            raise TooManySearches(headers={"Retry-After": "1"})
        self._of[user_id] += 1
        try:
            async with self._turns:
                yield
        finally:
            self._of[user_id] -= 1
            if not self._of[user_id]:
                del self._of[user_id]
