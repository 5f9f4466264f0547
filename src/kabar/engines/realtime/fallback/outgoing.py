"""What waits to be written to a client without a WebSocket, in order, and what comes last."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from kabar.engines.realtime.fallback import framing

#: a line longer than this takes no further frame
_LINE_BYTES = 64 * 1024


class Outgoing:
    """Frames, of which a line takes as many as there are; a sign of life when there are none."""

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
        """Write this if there is nothing else to say."""
        self._pulse = pulse

    def end(self, code: int, reason: str) -> None:
        """Say why, after all that waits."""
        self._last = framing.closing(code, reason)

    def clear(self) -> None:
        """Drop the frames that wait."""
        self._frames.clear()
        self.size = 0

    def drop(self) -> None:
        """Say nothing more at all."""
        self.clear()
        self._last = b""

    def next_line(self) -> bytes | None:
        """Take what is to be written next, if there is anything."""
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
