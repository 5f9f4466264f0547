"""Bytes of WebSocket frames: made once, and written to every socket that gets them."""

from __future__ import annotations

from typing import Protocol


class FrameMaker(Protocol):
    """Makes WebSocket frames in another form than the plain one: compressed."""

    def text_frame(self, payload: bytes) -> bytes: ...


class Burst:
    """The frames of one channel that leave together, encoded once for all sockets."""

    __slots__ = ("_other_wires", "frames", "wire")

    def __init__(self, frames: list[bytes], wire: bytes | None = None) -> None:
        self.frames = frames
        #: all of them as WebSocket frames
        self.wire = b"".join([text_frame(f) for f in frames]) if wire is None else wire
        self._other_wires: dict[FrameMaker, bytes] | None = None

    def wire_by(self, maker: FrameMaker) -> bytes:
        """Return the frames in the form of this maker; each form is made once."""
        if self._other_wires is None:
            self._other_wires = {}
        wire = self._other_wires.get(maker)
        if wire is None:
            wire = b"".join([maker.text_frame(frame) for frame in self.frames])
            self._other_wires[maker] = wire
        return wire


class OwnBurst(Burst):
    """The frames that one listener gets instead of a burst that is not all for it.

    They are never compressed, because nobody shares that work: a thousand clients who all send
    in one turn would cost a million compressions.
    """

    __slots__ = ()

    def wire_by(self, maker: FrameMaker) -> bytes:  # noqa: ARG002 -- the plain form is for all
        return self.wire


class JoinedBurst(Burst):
    """The bursts of several channels, for a listener of all of them."""

    __slots__ = ("_parts",)

    def __init__(self, parts: list[Burst]) -> None:
        frames = [frame for part in parts for frame in part.frames]
        super().__init__(frames, b"".join([part.wire for part in parts]))
        self._parts = parts

    def wire_by(self, maker: FrameMaker) -> bytes:
        return b"".join([part.wire_by(maker) for part in self._parts])


def text_frame(payload: bytes) -> bytes:
    """Return an unmasked, final WebSocket text frame (RFC 6455, 5.2)."""
    return text_head(len(payload)) + payload


def text_head(length: int) -> bytes:
    """Return what goes before a payload of so many bytes."""
    if length < 126:
        return b"\x81" + length.to_bytes(1)
    if length < 65536:
        return b"\x81\x7e" + length.to_bytes(2)
    return b"\x81\x7f" + length.to_bytes(8)
