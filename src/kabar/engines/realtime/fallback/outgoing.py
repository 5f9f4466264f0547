"""Outgoing: the lines that a fallback is to write next, in order, and the last one."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from kabar.engines.realtime.fallback import framing

#: a line longer than this takes no further frame
_LINE_BYTES = 64 * 1024


class Outgoing:
    """The opening line, then the frames that wait, or a heartbeat when there are none; at the end
    the closing line. A line takes all frames that wait."""

    __slots__ = ("_frames", "_is_open", "_last", "_pulse", "size")

    def __init__(self) -> None:
        #: bytes of the frames that wait
        self.size = 0
        self._frames: deque[bytes] = deque()
        self._is_open = False
        self._pulse = b""
        self._last: bytes | None = None

    @property
    def is_ending(self) -> bool:
        """Whether nothing more may be added."""
        return self._last is not None

    @property
    def is_over(self) -> bool:
        """Whether the last line has been taken."""
        return self._last == b""

    def add(self, frames: Sequence[bytes]) -> None:
        self._frames.extend(frames)
        self.size += sum(map(len, frames))

    def beat(self, pulse: bytes) -> None:
        """Write this heartbeat, unless there are frames to write."""
        self._pulse = pulse

    def end(self, code: int, reason: str) -> None:
        """Write the closing line after the frames that wait."""
        self._last = framing.closing(code, reason)

    def clear(self) -> None:
        """Drop the frames that wait."""
        self._frames.clear()
        self.size = 0

    def drop(self) -> None:
        """Write nothing more, not even the closing line."""
        self.clear()
        self._last = b""

    def next_line(self) -> bytes | None:
        """Take the line that is to be written next, if there is one."""
        line: bytes | None = None
        if not self._is_open:
            self._is_open, line = True, framing.OPEN
        elif self._frames:
            self._pulse, line = b"", framing.messages(self._take_some())
        elif self._last:
            self._last, line = b"", self._last
        elif self._pulse and not self.is_ending:
            self._pulse, line = b"", self._pulse
        return line

    def _take_some(self) -> list[bytes]:
        taken: list[bytes] = []
        length = 0
        while self._frames and length < _LINE_BYTES:
            taken.append(self._frames.popleft())
            length += len(taken[-1])
        self.size -= length
        return taken
