"""Framing: the `websockets` library's RFC 6455, set up as our sockets need it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from kabar.engines.realtime.connection.handshake import choose_subprotocol

# It logs every connection at INFO, which would be too much.
_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)

_LONGEST_REASON = 123

# No context is kept from message to message, in either direction: what we send is compressed
# once for all, and an idle connection has no window in memory. Clients send little, so a window
# of 4 KiB is enough for them, where they let us choose.
_DEFLATE = (
    ServerPerMessageDeflateFactory(
        server_no_context_takeover=True, client_no_context_takeover=True, client_max_window_bits=12
    ),
)


class Framing(ServerProtocol):
    """Parses what comes, answers pings, and closes. Frames that we send do not pass through it."""

    def __init__(self, *, max_size: int, may_compress: bool) -> None:
        extensions = _DEFLATE if may_compress else None
        super().__init__(extensions=extensions, max_size=max_size, logger=_log)

    @property
    def compression_window(self) -> int | None:
        """Bits of the window with which the peer decompresses; None: no compression was agreed."""
        for extension in self.extensions:
            if isinstance(extension, PerMessageDeflate):
                return extension.local_max_window_bits
        return None

    def recv_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            # A peer may close in the middle of a message (RFC 6455, 5.4: control frames may stand
            # between fragments); the library would answer with 1002.
            self.current_size = None
        super().recv_frame(frame)

    def select_subprotocol(self, subprotocols: Sequence[Subprotocol]) -> Subprotocol | None:
        chosen = choose_subprotocol(subprotocols)
        return Subprotocol(chosen) if chosen is not None else None

    def say_goodbye(self, code: int, reason: str) -> None:
        """Close with as much of the reason as a close frame can hold."""
        self.send_close(code, reason.encode()[:_LONGEST_REASON].decode(errors="ignore"))
