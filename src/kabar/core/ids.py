"""Ids: making the id of a new row or event."""

from __future__ import annotations

import os
import time
from functools import lru_cache

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: a digit for each byte; 32 of them, so that each is as likely as any other
_OF_BYTE = bytes(ord(_DIGITS[byte % 32]) for byte in range(256))


def new_id() -> str:
    """Return a new id: `c`, 8 characters of time, 16 random ones (80 bits).

    It has the form of the `cuid()` that Prisma makes (`^c[0-9a-z]{24}$`), so that rows of ours and
    rows of a Prisma application look alike, and newer ids sort after older ones, which keeps
    inserts at the end of the index.
    """
    chance = os.urandom(16).translate(_OF_BYTE).decode()
    return f"c{_base36(time.time_ns() // 1_000_000)}{chance}"


@lru_cache(maxsize=1)
def _base36(milliseconds: int) -> str:
    """Return 8 digits, enough until the year 2059."""
    digits = []
    for _ in range(8):
        milliseconds, digit = divmod(milliseconds, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
