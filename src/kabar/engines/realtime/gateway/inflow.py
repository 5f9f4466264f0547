"""Inflow: sharing the loop's time among peers that send much at once, so that none floods it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import perf_counter

#: data of at most this length is taken at once: as a rule one frame
SHORT_BYTES = 256
#: longer data is taken in slices of this length
SLICE_BYTES = 2048
#: time in one turn of the loop for all slices together; at least one is taken. 256 kB are read
#: at once, in which there is room for 40,000 frames
_TURN_SECONDS = 0.005

#: takes a slice, and returns whether there is more
TakeSlice = Callable[[], bool]


class Inflow:
    """Bytes that have been read from one peer and wait to be parsed."""

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
    """Takes a slice of each waiting peer in turn, for a few milliseconds of each turn of the loop.

    So one peer that floods, or a thousand, delay all others by those milliseconds only. As long
    as there is time nobody waits: frames that came together leave together.
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
        """Start the clock of this turn, and ask for the next turn."""
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
