"""How much of what a peer sends at once is taken in one turn of the loop."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

#: taken in one go: what a client says in one breath is shorter
SLICE_BYTES = 2048
#: a turn takes no longer than this, and one slice; in 256 kB, which are read at once, there is room
#: for 40,000 frames
_TURN_SECONDS = 0.005


class Inflow:
    """What has been read and not been taken yet."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)

    @property
    def is_empty(self) -> bool:
        return not self._data

    def add(self, data: bytes) -> None:
        self._data = memoryview(bytes(self._data) + data)

    def turn(self) -> Iterator[bytes]:
        """Yield as much as there is time for now."""
        until = perf_counter() + _TURN_SECONDS
        while self._data:
            slice_, self._data = bytes(self._data[:SLICE_BYTES]), self._data[SLICE_BYTES:]
            yield slice_
            if perf_counter() >= until:
                return
