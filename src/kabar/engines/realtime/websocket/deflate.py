"""Deflate: frames are compressed once for all sockets, without context (RFC 7692)."""

from __future__ import annotations

import zlib
from functools import cache

from kabar.engines.realtime.protocol.wire import text_frame

#: the first byte of a final text frame (0x81), with the bit RSV1: it is compressed
_FINAL_COMPRESSED_TEXT = b"\xc1"
# A sync flush ends with these bytes; RFC 7692 (7.2.1) leaves them out.
_TAIL = b"\x00\x00\xff\xff"

_WIDEST = 15
#: zlib has no window of 8 bits for raw streams; the library declines clients that insist on it
_NARROWEST = 9

# Higher levels and larger hash tables take two to four times as long for events of a few hundred
# bytes, and save two in a hundred.
_LEVEL = 3
_MEMORY = 5


class Deflater:
    """Compresses frames for all clients whose window is this large, each frame by itself."""

    __slots__ = ("_least_bytes", "_window_bits")

    def __init__(self, window_bits: int, least_bytes: int) -> None:
        self._window_bits = window_bits
        self._least_bytes = least_bytes

    def text_frame(self, payload: bytes) -> bytes:
        """Return a text frame, compressed if it has at least `least_bytes`."""
        if len(payload) < self._least_bytes:
            return text_frame(payload)
        compressor = zlib.compressobj(_LEVEL, wbits=-self._window_bits, memLevel=_MEMORY)
        deflated = compressor.compress(payload) + compressor.flush(zlib.Z_SYNC_FLUSH)
        return _FINAL_COMPRESSED_TEXT + text_frame(deflated.removesuffix(_TAIL))[1:]


def deflater_for(window_bits: int, least_bytes: int) -> Deflater:
    """Return a deflater whose frames a client with this window can read.

    There are only two, one for most clients and one for those with little memory, so that each
    frame is compressed at most twice.
    """
    return _deflater(_WIDEST if window_bits >= _WIDEST else _NARROWEST, least_bytes)


@cache
def _deflater(window_bits: int, least_bytes: int) -> Deflater:
    return Deflater(window_bits, least_bytes)
