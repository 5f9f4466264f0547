"""How much of what peers send at once is taken in one turn of the loop, whoever sends it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import perf_counter

#: as short as one frame is, as a rule: taken at once
SHORT_BYTES = 256
#: of what is longer, taken in one go
SLICE_BYTES = 2048
#: all who say more have so much of a turn together, and one slice; in 256 kB, which are read at
#: once, there is room for 40,000 frames
_TURN_SECONDS = 0.005

#: takes a slice, and tells whether there is more
TakeSlice = Callable[[], bool]


class Inflow:
    """What has been read from one peer and not been taken yet."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)

    @property
    def is_empty(self) -> bool:
        return not self._data

    def add(self, data: bytes) -> None:
        self._data = memoryview(bytes(self._data) + data)

    def next_slice(self) -> bytes:
        slice_, self._data = bytes(self._data[:SLICE_BYTES]), self._data[SLICE_BYTES:]
        return slice_


class InboundScheduler:
    """Where those wait who said much at once: a slice of each in turn, however many there are.

    So one who floods, or a thousand who do, hold up everybody else by a few milliseconds. As long
    as there is time in a turn nobody waits: frames that came together leave together.
    """

    def __init__(self, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._call_soon = call_soon
        self._waiting: deque[TakeSlice] = deque()
        self._is_due = False
        self._until = 0.0

    def join(self, take_slice: TakeSlice) -> None:
        self._waiting.append(take_slice)
        if not self._is_due:
            self._begin()
        self._take()

    def _begin(self) -> None:
        """Count the time of this turn, and have that of the next one counted anew."""
        self._until = perf_counter() + _TURN_SECONDS
        self._is_due = True
        self._call_soon(self._turn)

    def _turn(self) -> None:
        self._is_due = False
        if self._waiting:
            self._begin()
            self._take_one()
            self._take()

    def _take(self) -> None:
        while self._waiting and perf_counter() < self._until:
            self._take_one()

    def _take_one(self) -> None:
        take_slice = self._waiting.popleft()
        if take_slice():
            self._waiting.append(take_slice)
