"""Where the log goes: a line that cannot be written is lost, and nobody waits for it."""

from __future__ import annotations

import io
import os
import select
import sys
import time
from collections.abc import Callable
from threading import Lock
from typing import TextIO

#: as much as a pipe that has room takes at once
_PIECE = 4096
#: a reader that is slow for a moment is waited for; one that has stopped, once
_PATIENCE_SECONDS = 0.2


class LogLines:
    """Standard error, as a file that never fails and never blocks for long.

    Its disk may be full, its pipe unread, its terminal stopped: that is no reason for a server to
    stand still, or for the thread that wanted to tell of a failure to fail of it. `lost` makes the
    line that says how many are missing, once there is room for it.
    """

    def __init__(self, stream: TextIO | None, *, lost: Callable[[int], str]) -> None:
        # Closed from the beginning (`2>&-`), Python has none.
        self._stream = stream or io.StringIO()
        self._lost_line = lost
        self._lock = Lock()
        self._lost = 0
        self._is_torn = False
        try:
            self._descriptor = self._stream.fileno()
        except (OSError, ValueError, io.UnsupportedOperation):
            self._descriptor = -1

    def write(self, text: str) -> int:
        # Whoever holds it is not waited for longer than for the line itself.
        if self._lock.acquire(timeout=2 * _PATIENCE_SECONDS):
            try:
                self._write_or_lose(text)
            finally:
                self._lock.release()
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""

    def _write_or_lose(self, text: str) -> None:
        told = self._lost_line(self._lost) if self._lost else ""
        try:
            self._put(("\n" if self._is_torn else "") + told + text)
        except (OSError, ValueError):
            self._lost += 1
        else:
            self._lost = 0

    def _put(self, text: str) -> None:
        if self._descriptor < 0:
            self._stream.write(text)
            return
        data = memoryview(text.encode("utf-8", "backslashreplace"))
        until = time.monotonic() + (0 if self._lost else _PATIENCE_SECONDS)
        while data:
            if not _has_room(self._descriptor, until):
                raise BlockingIOError
            written = os.write(self._descriptor, data[:_PIECE])
            data = data[written:]
            self._is_torn = bool(data)


def _has_room(descriptor: int, until: float) -> bool:
    looking = select.poll()
    looking.register(descriptor, select.POLLOUT)
    return bool(looking.poll(max(0.0, until - time.monotonic()) * 1000))


def tell(line: str, stream: TextIO | None = None) -> None:
    """Print a line for a person. If nobody can read it, that is no reason to fail either."""
    stream = sys.stdout if stream is None else stream
    try:
        print(line, file=stream, flush=True)
    except (OSError, ValueError):
        # What is left in it would be tried once more at the very end, and make that a failure.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
