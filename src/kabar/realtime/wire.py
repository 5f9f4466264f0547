"""What a socket is to the rest of the engine, and the bytes that it writes."""

from __future__ import annotations

from typing import Protocol

from kabar.realtime.connection import Connection


class Socket(Protocol):
    """An open line to a client, whatever it is made of."""

    connection: Connection

    @property
    def unsent(self) -> int:
        """How many bytes wait to be written."""

    @property
    def transport(self) -> str:
        """What the line is made of, in pusher-js's words."""

    def deliver(self, burst: Burst) -> None:
        """Write the frames of a channel."""

    def send(self, frame: bytes) -> None:
        """Write one frame that is for this client alone."""

    def close(self, code: int, reason: str) -> None:
        """Say why, and hang up. It has parted from the node when this returns."""

    def ask_identity(self) -> None:
        """Read nothing more until it is known whose handshake it was."""


class Burst:
    """The frames of one channel that leave together, made once for all who write them."""

    __slots__ = ("frames", "wire")

    def __init__(self, frames: list[bytes], wire: bytes | None = None) -> None:
        self.frames = frames
        #: all of them as WebSocket frames
        self.wire = b"".join([text_frame(f) for f in frames]) if wire is None else wire

    @classmethod
    def joined(cls, bursts: list[Burst]) -> Burst:
        """Return the bursts of several channels as one."""
        frames = [frame for burst in bursts for frame in burst.frames]
        return cls(frames, b"".join([burst.wire for burst in bursts]))


def text_frame(payload: bytes) -> bytes:
    """Return an unmasked, final WebSocket text frame (RFC 6455, 5.2)."""
    length = len(payload)
    if length < 126:
        return b"\x81" + length.to_bytes(1) + payload
    if length < 65536:
        return b"\x81\x7e" + length.to_bytes(2) + payload
    return b"\x81\x7f" + length.to_bytes(8) + payload
