"""Which part of a file does a request ask for (RFC 9110, 14)?"""

from __future__ import annotations

import re
from typing import NamedTuple

from kabar.core.errors import KabarError

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotSatisfiable(KabarError):
    """The file does not reach so far."""

    status = 416
    title = "Range Not Satisfiable"


class Part(NamedTuple):
    """A stretch of a file; `is_all` when nothing else was asked for."""

    start: int
    length: int
    is_all: bool


def asked_part(header: str | None, *, size: int, is_same: bool) -> Part:
    """Return the part, or all of it where several are asked for, or another version (`If-Range`).

    One need not answer in several parts; who asks for hundreds that overlap gets the file once.
    """
    found = _ONE_RANGE.fullmatch(header.strip()) if header and is_same else None
    if found is None or found[0] == "bytes=-":
        return Part(0, size, is_all=True)
    first, last = found[1], found[2]
    if first:
        start = int(first)
        end = min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return Part(0, size, is_all=True)
    else:
        start, end = max(0, size - int(last)), size - 1
    if start > end:
        raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return Part(start, end - start + 1, is_all=False)
