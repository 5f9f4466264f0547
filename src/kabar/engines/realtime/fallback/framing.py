"""SockJS framing: the lines that a fallback writes and the bodies that it reads."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

OPEN = b"o\n"
#: pusher-js answers it with an empty array when it streams, with its next request when it polls
HEARTBEAT = b"h\n"
#: an empty array of frames: says that the server is there, and asks for no answer
ACTIVITY = b"a[]\n"
#: some browsers and proxies pass nothing on before they have two kilobytes
PRELUDE = b"h" * 2048 + b"\n"

#: pusher-js leaves a stream that is longer, once it has read all that was written, for a new one.
#: It does not say how far it read: what is written to the old stream after that is lost.
LONGEST_STREAM = 256 * 1024

#: SockJS's answer to a second request that wants to read from a socket that is being read
SECOND_READER = (2010, "Another connection still open")


class MalformedMessages(Exception):
    """The body of a client's request must be an array of strings."""


def messages(frames: Sequence[bytes]) -> bytes:
    """Return the line that carries these frames.

    All of it is ASCII: the client counts UTF-16 units and we count bytes, and they must agree.
    """
    return f"a{_json([frame.decode() for frame in frames])}\n".encode("ascii")


def closing(code: int, reason: str) -> bytes:
    return f"c{_json([code, reason])}\n".encode("ascii")


def read_messages(body: bytes) -> list[str]:
    """Return the texts in the body of a client's request."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedMessages from None


_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_decode = msgspec.json.Decoder(list[str]).decode
