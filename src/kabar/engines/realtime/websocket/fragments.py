"""Fragments: putting together a message that comes in several frames."""

from __future__ import annotations

import codecs

_Utf8 = codecs.getincrementaldecoder("utf-8")


class Fragments:
    """The fragments of one message so far. The caller bounds their number and size."""

    __slots__ = ("_check", "_parts")

    def __init__(self, *, is_text: bool) -> None:
        # Text that is not UTF-8 is refused at the fragment that has it, not at the end.
        self._check = _Utf8() if is_text else None
        self._parts: list[bytes] = []

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, part: bytes) -> None:
        """Take the next fragment; raises UnicodeDecodeError if it is not UTF-8 so far."""
        if self._check is not None:
            self._check.decode(part)
        self._parts.append(part)

    def whole(self) -> str | bytes:
        """Return the message; raises UnicodeDecodeError if it breaks off within a character."""
        data = b"".join(self._parts)
        return data if self._check is None else data.decode()
