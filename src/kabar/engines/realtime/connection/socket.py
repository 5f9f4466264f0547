"""Socket: what the engine may ask of an open WebSocket, and of a fallback just the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.protocol.wire import Burst


class Socket(Protocol):
    """An open connection to a client: a WebSocket, or the HTTP requests of a fallback."""

    connection: Connection

    @property
    def write(self) -> Callable[[bytes], object] | None:
        """Writes a burst's bytes as they are. None where `deliver` must be called instead: while
        the socket is full, or where its frames have another form."""

    @property
    def unsent(self) -> int:
        """How many bytes wait to be written."""

    @property
    def kind(self) -> str:
        """The name that pusher-js has for it: `ws`, `xhr_streaming`, `xhr_polling`, `sockjs`."""

    def deliver(self, burst: Burst) -> None:
        """Write the frames of a channel."""

    def send(self, frame: bytes) -> None:
        """Write one frame that is for this client alone."""

    def close(self, code: int, reason: str) -> None:
        """Say why, and hang up. When this returns the node has forgotten the socket."""

    def ask_guard(self, channel: str) -> None:
        """Read nothing more until it is known whether it may hear this channel."""
