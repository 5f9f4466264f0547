"""What a fallback writes and reads: the frames of SockJS, a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

OPEN = b"o\n"
#: pusher-js answers it with an empty array when it streams, with its next request when it polls
HEARTBEAT = b"h\n"
#: says that the server is there, and asks for no answer
ACTIVITY = b"a[]\n"
#: some browsers and proxies pass nothing on before they have two kilobytes
PRELUDE = b"h" * 2048 + b"\n"

#: pusher-js leaves a stream that is longer for a new one, as soon as it has read it to its end.
#: It never says how far that was: whoever writes on until it comes again loses what it wrote.
LONGEST_STREAM = 256 * 1024

#: what SockJS tells the second of two that want to read the same
SECOND_READER = (2010, "Another connection still open")


class MalformedMessages(Exception):
    """What a client posts must be an array of strings."""


def messages(frames: Sequence[bytes]) -> bytes:
    """Return the line that carries these frames.

    All of it is ASCII: the client counts UTF-16 units and we count bytes, and they must agree.
    """
    return f"a{_json([frame.decode() for frame in frames])}\n".encode("ascii")


def closing(code: int, reason: str) -> bytes:
    return f"c{_json([code, reason])}\n".encode("ascii")


def read_messages(body: bytes) -> list[str]:
    """Return the texts that a client posted."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedMessages from None


_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_decode = msgspec.json.Decoder(list[str]).decode
