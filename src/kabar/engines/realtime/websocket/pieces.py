"""A message that comes in fragments."""

from __future__ import annotations

import codecs

_Utf8 = codecs.getincrementaldecoder("utf-8")


class Pieces:
    """Puts them together. Its user bounds how many there are, and how large together."""

    __slots__ = ("_check", "_parts")

    def __init__(self, *, is_text: bool) -> None:
        # Wrong text is found in the fragment that has it: the rest need not be waited for.
        self._check = _Utf8() if is_text else None
        self._parts: list[bytes] = []

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, part: bytes) -> None:
        """Take the next; raises UnicodeDecodeError if no text can begin so."""
        if self._check is not None:
            self._check.decode(part)
        self._parts.append(part)

    def whole(self) -> str | bytes:
        """Return the message; raises UnicodeDecodeError if it breaks off within a character."""
        data = b"".join(self._parts)
        return data if self._check is None else data.decode()
