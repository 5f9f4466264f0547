"""What comes in pieces: a message in fragments, and frames in one read."""

from __future__ import annotations

import codecs

#: of a client's frame beside what it carries: two bytes, and its mask
_LEAST_BYTES = 6
#: lengths from here on are written behind the first two bytes
_LONG = 126


def is_one_frame(data: bytes) -> bool:
    """Say whether this little that was read is not more than one frame, if one begins with it."""
    if len(data) < 2:
        return True
    length = data[1] & 0x7F
    if length == _LONG:
        length = 2 + int.from_bytes(data[2:4])
    elif length > _LONG:
        return True
    return len(data) <= _LEAST_BYTES + length


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
