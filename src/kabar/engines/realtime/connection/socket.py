"""What a socket is to the rest of the engine, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.protocol.wire import Burst


class Socket(Protocol):
    """An open line to a client, whatever it is made of."""

    connection: Connection

    @property
    def write(self) -> Callable[[bytes], object] | None:
        """Writes the wire of a burst without another look; None when delivering is more than that:
        while the line is full, or where frames have another form."""

    @property
    def unsent(self) -> int:
        """How many bytes wait to be written."""

    @property
    def kind(self) -> str:
        """What the line is made of, in pusher-js's words."""

    def deliver(self, burst: Burst) -> None:
        """Write the frames of a channel."""

    def send(self, frame: bytes) -> None:
        """Write one frame that is for this client alone."""

    def close(self, code: int, reason: str) -> None:
        """Say why, and hang up. It has parted from the node when this returns."""

    def ask_guard(self, channel: str) -> None:
        """Read nothing more until it is known whether it may hear this channel."""
