"""How a line to a peer that neither reads nor hangs up is cut."""

from __future__ import annotations

import asyncio
import socket
import struct

#: of SO_LINGER: on, and no seconds
_AT_ONCE = struct.pack("ii", 1, 0)


def cut(transport: asyncio.Transport) -> None:
    """Drop the line, and what has not been read with it."""
    if transport.get_write_buffer_size():
        # Or the kernel would keep what this peer does not read, megabytes of it, for minutes.
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    transport.abort()
