"""Inflating: what was sent packed, as far as it is not more than one wants to have."""

from __future__ import annotations

import zlib

#: what we say that we take
ACCEPTED = "gzip, deflate"
_GZIP_OR_ZLIB, _RAW = 47, -15


def inflated(data: bytes, encoding: str, *, most: int) -> bytes | None:
    """Return the first `most` bytes of what was packed so; None: it cannot be read."""
    match encoding.strip().lower():
        case "" | "identity":
            return data[:most]
        case "gzip" | "x-gzip" | "deflate":
            pass
        case _:
            return None
    try:
        return zlib.decompressobj(_GZIP_OR_ZLIB).decompress(data, most)
    except zlib.error:
        pass
    try:
        # Some servers mean this by `deflate`.
        return zlib.decompressobj(_RAW).decompress(data, most)
    except zlib.error:
        return None
