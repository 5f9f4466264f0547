"""Search: finds the first few of very many channels or sockets without blocking the loop."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Sequence
from time import monotonic
from typing import NamedTuple, TypeVar

from cachetools import TLRUCache

from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.hub import Space

T = TypeVar("T")

#: rows of a list
MAX_ROWS = 200
#: items that are looked at in one turn of the loop: about a millisecond
_SLICE = 4_000
#: items that one question may have looked at per second: 100,000 channels are ranked every 5 s
_PER_SECOND = 20_000
_MAX_KEPT = 16

#: the rows, and how many there would be
Found = tuple[list[T], int]


async def largest_channels(space: Space, prefix: str) -> Found[str]:
    """Return the channels with most subscriptions whose names begin with `prefix`."""
    largest: list[tuple[int, str]] = []
    count = floor = 0
    size_of = space.counts.of
    async for names in _in_slices(list(space.counts)):
        wanted = [name for name in names if name.startswith(prefix)]
        count += len(wanted)
        # Only what is larger than the smallest of the best so far is sorted at all.
        larger = [(-size, name) for name in wanted if (size := size_of(name)) > floor]
        if larger:
            largest = heapq.nsmallest(MAX_ROWS, largest + larger)
            floor = -largest[-1][0] if len(largest) == MAX_ROWS else 0
    return [name for _, name in largest], count


async def sockets_of(
    space: Space, prefix: str, names_of: Callable[[Socket], Sequence[str]]
) -> Found[Socket]:
    """Return the newest sockets, one of whose names (id, address, user) begins with `prefix`."""
    found: list[Socket] = []
    count = 0
    newest_first = list(reversed(space.by_id.values()))
    if not prefix:
        return newest_first[:MAX_ROWS], len(newest_first)
    async for sockets in _in_slices(newest_first):
        for socket in sockets:
            if any(name.startswith(prefix) for name in names_of(socket)):
                count += 1
                if count <= MAX_ROWS:
                    found.append(socket)
    return found, count


class _Answer(NamedTuple):
    page: object
    looked_at: int


class RecentPages:
    """Keeps an answer for a while: the more items were looked at for it, the longer."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._kept: TLRUCache[object, _Answer] = TLRUCache(_MAX_KEPT, ttu=_until, timer=now)

    def find(self, question: object) -> object | None:
        found = self._kept.get(question)
        return None if found is None else found.page

    def keep(self, question: object, answer: object, looked_at: int) -> None:
        self._kept[question] = _Answer(answer, looked_at)


def _until(_question: object, answer: _Answer, now: float) -> float:
    return now + answer.looked_at / _PER_SECOND


async def _in_slices(items: Sequence[T]) -> AsyncIterator[Sequence[T]]:
    for start in range(0, len(items), _SLICE):
        if start:
            await asyncio.sleep(0)
        yield items[start : start + _SLICE]
