"""The library for RFC 6455, set up as our sockets need it."""

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

# It tells of every connection at INFO; what matters of them is counted.
_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)

_LONGEST_REASON = 123

# Nothing is remembered from message to message, in either direction: what we send is compressed
# once for all, and an idle connection has no window in memory. Clients say little, so a window of
# 4 KiB is enough for them, where they let us choose.
_DEFLATE = (
    ServerPerMessageDeflateFactory(
        server_no_context_takeover=True, client_no_context_takeover=True, client_max_window_bits=12
    ),
)


class Framing(ServerProtocol):
    """Parses what comes, answers pings, and closes; the conversation's frames go past it."""

    def __init__(self, *, max_size: int, may_compress: bool) -> None:
        extensions = _DEFLATE if may_compress else None
        super().__init__(extensions=extensions, max_size=max_size, logger=_log)

    @property
    def compression_window(self) -> int | None:
        """Bits of the window in which the peer reads what is compressed; None: it does not."""
        for extension in self.extensions:
            if isinstance(extension, PerMessageDeflate):
                return extension.local_max_window_bits
        return None

    def recv_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            # Whoever hangs up in the middle of a message may (RFC 6455, 5.4: control frames may
            # stand between fragments); the library would answer with 1002.
            self.current_size = None
        super().recv_frame(frame)

    def select_subprotocol(self, subprotocols: Sequence[Subprotocol]) -> Subprotocol | None:
        chosen = choose_subprotocol(subprotocols)
        return Subprotocol(chosen) if chosen is not None else None

    def say_goodbye(self, code: int, reason: str) -> None:
        """Close with as much of the reason as a close frame can hold."""
        self.send_close(code, reason.encode()[:_LONGEST_REASON].decode(errors="ignore"))
