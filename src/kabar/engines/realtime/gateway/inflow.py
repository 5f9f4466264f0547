"""How much of what peers send is taken in one turn of the loop, whoever sends it, and however."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from time import perf_counter

#: what one frame is, as a rule, is no longer
SHORT_BYTES = 256
#: longer data is taken in slices of this length
SLICE_BYTES = 2048
#: All that is taken has so much of a turn together, and one slice: half of it those who say one
#: thing, and half those who say more. In 256 kB, which are read at once, are 40,000 frames.
_TURN_SECONDS = 0.005
#: of a text, beside its characters: what a WebSocket would have put around it
_WRAPPING_BYTES = 6
#: of a text that waits: an empty one is not for nothing
_TEXT_BYTES = 64

#: takes a slice, and returns whether there is more
TakeSlice = Callable[[], bool]


class Inflow:
    """What one peer has said and nobody has taken yet: whole texts first, then bytes."""

    __slots__ = ("_data", "_texts", "is_in_line", "kept_bytes")

    def __init__(self, data: bytes = b"") -> None:
        self._data = memoryview(data)
        self._texts: deque[str | bytes] | None = None
        #: of the texts
        self.kept_bytes = 0
        #: whether its turn will come: it waits for nothing else
        self.is_in_line = False

    @property
    def is_empty(self) -> bool:
        return not (self._texts or self._data)

    @property
    def has_texts(self) -> bool:
        return bool(self._texts)

    def add(self, data: bytes) -> None:
        self._data = memoryview(bytes(self._data) + data)

    def add_text(self, text: str | bytes) -> None:
        if self._texts is None:
            self._texts = deque()
        self._texts.append(text)
        self.kept_bytes += len(text) + _TEXT_BYTES

    def next_slice(self) -> bytes:
        slice_, self._data = bytes(self._data[:SLICE_BYTES]), self._data[SLICE_BYTES:]
        return slice_

    def next_texts(self) -> Iterator[str | bytes]:
        """Take texts, one by one, as many as a slice would have held."""
        left = SLICE_BYTES
        while self._texts and left > 0:
            text = self._texts.popleft()
            self.kept_bytes -= len(text) + _TEXT_BYTES
            left -= len(text) + _WRAPPING_BYTES
            yield text

    def drop_texts(self) -> None:
        self.kept_bytes = 0
        self._texts = None


class InboundScheduler:
    """Where those wait who say something: one thing before many, and of many a slice in turn.

    So one peer that floods, or a thousand, delay all others by those milliseconds only. As long
    as there is time nobody waits: frames that came together leave together.
    """

    def __init__(self, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._call_soon = call_soon
        self._short: deque[TakeSlice] = deque()
        self._long: deque[TakeSlice] = deque()
        self._is_due = False
        #: until when each kind is taken; of the short ones it counts from the first of a turn
        self._short_until: float | None = None
        self._long_until = 0.0

    def has_time(self) -> bool:
        """Say whether something short may be taken at once. Who hears no waits in `join`."""
        now = perf_counter()
        until = self._short_until
        if until is None:
            if not self._is_due:
                self._begin(now)
            until = self._short_until = now + _TURN_SECONDS / 2
        # Who came before goes before.
        return now < until and not self._short

    def join(self, take_slice: TakeSlice, *, is_short: bool = False) -> None:
        """Let somebody wait; where there is time their turn is now."""
        if not self._is_due:
            self._begin(perf_counter())
        if is_short:
            self._short.append(take_slice)
        else:
            self._long.append(take_slice)
            self._take_long()

    def _begin(self, now: float) -> None:
        """Count the time of this turn, and have that of the next one counted anew."""
        self._long_until = now + _TURN_SECONDS / 2
        self._is_due = True
        self._call_soon(self._turn)

    def _turn(self) -> None:
        self._is_due = False
        self._short_until = None
        if self._short or self._long:
            self._begin(perf_counter())
            self._take_short()
            if self._long:
                self._long_until = perf_counter() + _TURN_SECONDS / 2
                self._take_one(self._long)
                self._take_long()

    def _take_short(self) -> None:
        until = perf_counter() + _TURN_SECONDS / 2
        while self._short:
            self._take_one(self._short)
            if perf_counter() >= until:
                break

    def _take_long(self) -> None:
        while self._long and perf_counter() < self._long_until:
            self._take_one(self._long)

    def _take_one(self, waiting: deque[TakeSlice]) -> None:
        take_slice = waiting.popleft()
        if take_slice():
            # Whoever has more than one slice says much.
            self._long.append(take_slice)
