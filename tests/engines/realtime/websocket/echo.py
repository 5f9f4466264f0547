"""Our WebSocket with an echo in place of the Pusher protocol: what RFC 6455 is tested on."""

from __future__ import annotations

from typing import ClassVar

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol.wire import text_frame
from kabar.engines.realtime.websocket.websocket import WebSocket

#: the longest messages of Autobahn have 16 MiB, in pieces of 64 bytes
AUTOBAHN_LIMITS = RealtimeLimits(
    max_frame_bytes=1 << 24,
    max_fragments=1 << 18,
    socket_queue_bytes=1 << 27,
    close_timeout=1.0,
    drain_seconds=0.0,
)


class EchoSocket(WebSocket):
    """Says what it hears."""

    __slots__ = ()

    takes_bytes: ClassVar[bool] = True

    def opened(self, handshake: Handshake) -> None:
        """There is nothing to begin with."""

    def hear(self, text: str) -> None:
        self.send(text.encode())

    def hear_bytes(self, data: bytes) -> None:
        frame = text_frame(data) if self._deflater is None else self._deflater.text_frame(data)
        # The opcode of a text is 1, of a binary message 2.
        self._write(bytes((frame[0] ^ 0b11,)) + frame[1:])

    def look_after(self, now: float) -> None:
        """Silence is no reason to hang up."""

    def fell_behind(self) -> None:
        self.close(1008, "Too slow")

    def ended(self) -> None:
        """There is nothing to leave."""

    def shutdown(self) -> None:
        self.close(1001, "Going down")
