"""Striped locks: what concerns one room or one user is told in the order of its commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

#: two names that share one by chance wait for each other's commit, and that is all
_STRIPES = 256


class StripedLocks:
    """Held from before a commit until its events are on their way to the loop.

    Who changes a room or a user holds a lock of the database on it, so the next one gets there
    after this commit; that one then waits here until what this commit tells has been handed over,
    whichever thread the system lets run. Nobody waits in a circle: who holds a stripe asks the
    database for no further lock.
    """

    def __init__(self) -> None:
        self._locks = [Lock() for _ in range(_STRIPES)]

    @contextmanager
    def held(self, names: Iterable[str]) -> Iterator[None]:
        numbers = sorted({hash(name) % _STRIPES for name in names})
        taken = 0
        try:
            for number in numbers:
                self._locks[number].acquire()
                taken += 1
            yield
        finally:
            for number in numbers[:taken]:
                self._locks[number].release()
