"""WebSocket: RFC 6455 on an asyncio transport, without knowing what is said on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State

from kabar.engines.realtime.connection.liveness import Liveness
from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.protocol.wire import Burst, text_frame
from kabar.engines.realtime.websocket.deflate import Deflater, deflater_for
from kabar.engines.realtime.websocket.fragments import Fragments
from kabar.engines.realtime.websocket.framing import Framing
from kabar.engines.realtime.websocket.intake import Intake
from kabar.engines.realtime.websocket.lines import cut
from kabar.engines.realtime.websocket.upgrade import read_handshake


class WebSocket(asyncio.Protocol, Intake):
    """Parsing and closing are the library's, the conversation is for who inherits."""

    __slots__ = (
        "_deflater",
        "_fragments",
        "_framing",
        "_is_mute",
        "_is_paused",
        "_liveness",
        "_server_state",
        "alarm",
        "write",
    )

    def __init__(self, gateway: Gateway, server_state: ServerState) -> None:
        super().__init__(gateway)
        self.alarm = 0
        self.write: Callable[[bytes], object] | None = None
        self._server_state = server_state
        self._framing = Framing(
            max_size=gateway.limits.max_frame_bytes,
            may_compress=gateway.limits.compress_from is not None,
        )
        self._deflater: Deflater | None = None
        self._fragments: Fragments | None = None
        self._liveness = Liveness(gateway.wheel.now)
        self._is_paused = False
        # Whether the close frame is out: nothing may follow it.
        self._is_mute = False

    # ── what the transport calls ─────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.write = self._transport.write
        # uvicorn waits at its end for everything in this set, and calls `shutdown` on it.
        self._server_state.connections.add(cast(Any, self))
        self._gateway.opened(self)
        self._gateway.wheel.wake_after(self, self._gateway.limits.activity_timeout)

    def data_received(self, data: bytes) -> None:
        self._liveness.heard_at = self._gateway.wheel.now
        if self._framing.state is State.CONNECTING:
            # A handshake does not wait for those who flood.
            self._take(data)
        else:
            self._take_in(data)

    def pause_writing(self) -> None:
        self._is_paused = True
        self.write = None

    def resume_writing(self) -> None:
        self._is_paused = False
        self.write = self._transport.write if self._deflater is None else None

    def connection_lost(self, _exc: Exception | None) -> None:
        self._is_closing = True
        self._inflow = self.write = None
        self.ended()
        self._server_state.connections.discard(cast(Any, self))
        self._gateway.wheel.forget(self)
        # The parser and its frames refer to each other: unbound, they are freed without the
        # garbage collector.
        self._framing.parser.close()
        self._gateway.closed(self)

    # ── what the engine calls ────────────────────────────────────────────────────────────────

    @property
    def unsent(self) -> int:
        return self._transport.get_write_buffer_size()

    def deliver(self, burst: Burst) -> None:
        deflater = self._deflater
        self._write(burst.wire if deflater is None else burst.wire_by(deflater))

    def send(self, frame: bytes) -> None:
        deflater = self._deflater
        self._write(text_frame(frame) if deflater is None else deflater.text_frame(frame))

    def close(self, code: int, reason: str) -> None:
        if self._is_closing:
            return
        self._end()
        if self._framing.state is State.OPEN:
            self._framing.say_goodbye(code, reason)
            self._flush()
            self._is_mute = True

    def wake(self, now: float) -> None:
        """Look after a silent peer; cut one that has not finished its handshake, or its closing."""
        if self._is_closing or self._framing.state is not State.OPEN:
            cut(self._transport)
        else:
            self.look_after(now)

    def ping(self) -> None:
        """Send a ping, which the peer's WebSocket answers."""
        self._framing.send_ping(b"")
        self._flush()

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _take(self, data: bytes) -> None:
        self._framing.receive_data(data)
        for event in self._framing.events_received():
            if isinstance(event, Frame):
                self._receive(event)
            elif isinstance(event, Request):
                self._open(event)
        if self._framing.parser_exc is not None:
            self._end()
        self._flush()

    def _open(self, request: Request) -> None:
        response = self._framing.accept(request)
        self._framing.send_response(response)
        self._flush()
        if response.status_code != 101:
            self._end()
            return
        window = self._framing.compression_window
        least_bytes = self._gateway.limits.compress_from
        if window is not None and least_bytes is not None:
            self._deflater = deflater_for(window, least_bytes)
            self.write = None
        transport = self._transport
        self.opened(
            read_handshake(
                request.path,
                request.headers.raw_items(),
                peer=transport.get_extra_info("peername"),
                is_tls=transport.get_extra_info("ssl_object") is not None,
                proxies=self._gateway.proxies,
            )
        )
        if not self._is_closing:
            self.wake(self._gateway.wheel.now)

    def _receive(self, frame: Frame) -> None:
        match frame.opcode:
            case Opcode.TEXT | Opcode.BINARY | Opcode.CONT if not self._is_closing:
                self._receive_data(frame)
            case Opcode.PING if self._framing.close_sent is None:
                # The answer goes before the answers to what came later.
                self._flush()
            case Opcode.CLOSE:
                self._end()

    def _receive_data(self, frame: Frame) -> None:
        if frame.opcode is Opcode.BINARY and not self.takes_bytes:
            self.close(1003, "Binary frames are not supported")
            return
        try:
            message = self._message_of(frame)
        except UnicodeDecodeError:
            self.close(1007, "Text must be UTF-8")
            return
        if message is not None:
            self._hear_or_keep(message)
        elif len(self._fragments or ()) > self._gateway.limits.max_fragments:
            # Their sizes are bounded by the parser, but the smallest have none.
            self.close(1009, "Too many fragments")

    def _message_of(self, frame: Frame) -> str | bytes | None:
        """Return the message that this frame completes, or None."""
        if frame.fin and frame.opcode is Opcode.TEXT:
            return str(frame.data, "utf-8")
        if frame.fin and frame.opcode is Opcode.BINARY:
            return bytes(frame.data)
        if self._fragments is None:
            self._fragments = Fragments(is_text=frame.opcode is Opcode.TEXT)
        fragments = self._fragments
        fragments.add(bytes(frame.data))
        if not frame.fin:
            return None
        self._fragments = None
        return fragments.whole()

    def _write(self, data: bytes) -> None:
        if self._is_closing:
            return
        if self._is_paused and (self.unsent > self._gateway.limits.socket_queue_bytes):
            self.fell_behind()
        else:
            self._transport.write(data)

    def _flush(self) -> None:
        """Write what the library wants to send."""
        said = self._framing.data_to_send()
        if not said:
            return
        if not self._is_closing:
            self._write(b"".join(said))
        elif not self._is_mute:
            self._transport.write(b"".join(said))
        if not said[-1]:
            # With an empty string the library asks for the connection to be closed.
            self._transport.close()

    def _end(self) -> None:
        """Write nothing more, except what the library needs for closing."""
        if self._is_closing:
            return
        self._is_closing = True
        self.ended()
        # A peer that does not close its end is not waited for: `wake` cuts the connection.
        self._gateway.wheel.wake_after(self, self._gateway.limits.close_timeout)
