"""The only file that touches a WebSocket: the protocol class for uvicorn's `ws=` hook."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from typing import Any, cast

from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from kabar.realtime import protocol
from kabar.realtime.connection import Connection
from kabar.realtime.door import Door
from kabar.realtime.handshake import Handshake, choose_subprotocol
from kabar.realtime.vigil import Measure, Vigil
from kabar.realtime.wire import Burst, text_frame

# The library tells of every connection at INFO; what matters of them is counted.
_log = logging.getLogger("kabar.realtime.websocket")
_log.setLevel(logging.WARNING)

_LONGEST_REASON = 123

# What may tell whose a handshake is. The rest of a browser's headers is kept for nobody: they
# would double what an idle connection costs.
_TELLING = frozenset({"authorization", "cookie", "host", "origin"})


class PusherSocket(asyncio.Protocol):
    """One WebSocket: parsing and closing are the library's, the conversation is `Connection`'s."""

    __slots__ = (
        "_address",
        "_asking",
        "_door",
        "_fragments",
        "_handshake",
        "_is_closing",
        "_is_paused",
        "_is_welcome",
        "_server_state",
        "_transport",
        "_vigil",
        "_websocket",
        "alarm",
        "connection",
    )

    connection: Connection
    transport = "ws"

    def __init__(self, door: Door, server_state: ServerState) -> None:
        self.alarm = 0
        self._door = door
        self._server_state = server_state
        self._websocket = _WebSocket(max_size=door.limits.max_frame_bytes, logger=_log)
        self._transport: asyncio.Transport
        self._fragments: list[bytes] | None = None
        self._handshake: Handshake | None = None
        self._address = ""
        self._asking: asyncio.Task[None] | None = None
        self._vigil = Vigil(door.wheel.now)
        self._is_welcome = False
        self._is_paused = False
        self._is_closing = False

    # ── what uvicorn and the transport call ──────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # uvicorn waits at its end for everything in this set, and calls `shutdown` on it.
        self._server_state.connections.add(cast(Any, self))
        self._door.opened(self)
        self._door.wheel.wake_after(self, self._door.limits.activity_timeout)

    def data_received(self, data: bytes) -> None:
        self._vigil.heard_at = self._door.wheel.now
        self._websocket.receive_data(data)
        for event in self._websocket.events_received():
            if isinstance(event, Frame):
                self._receive(event)
            elif isinstance(event, Request):
                self._open(event)
        if self._websocket.parser_exc is not None:
            self._end()
        self._flush()

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False

    def shutdown(self) -> None:
        """Send the client elsewhere, within the time that going down may take.

        At a moment of its own: thousands that come back at the same instant would be a flood.
        """
        delay = random.uniform(0, self._door.seconds_to_drain())
        fatal = protocol.ReconnectNow("Server is going down")
        asyncio.get_running_loop().call_later(delay, self.close, fatal.code, fatal.message)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._is_closing = True
        self._part()
        self._server_state.connections.discard(cast(Any, self))
        self._door.wheel.forget(self)
        # The parser and its frames refer to each other; unbound, they go without the collector.
        self._websocket.parser.close()
        self._door.closed(self)

    # ── what the engine calls ────────────────────────────────────────────────────────────────

    @property
    def unsent(self) -> int:
        return self._transport.get_write_buffer_size()

    def deliver(self, burst: Burst) -> None:
        # The hottest line of all: a closing socket has left its channels, so only a full one
        # needs a second look.
        if self._is_paused:
            self._write(burst.wire)
        else:
            self._transport.write(burst.wire)

    def send(self, frame: bytes) -> None:
        self._write(text_frame(frame))

    def close(self, code: int, reason: str) -> None:
        if self._is_closing:
            return
        self._end()
        if self._websocket.state is State.OPEN:
            self._websocket.send_close(code, _shortened(reason))
            self._flush()

    def ask_identity(self) -> None:
        if self._handshake is not None:
            # What comes meanwhile stays in the kernel, and so is bounded.
            self._transport.pause_reading()
            self._asking = asyncio.create_task(self._identify(self._handshake))

    def wake(self, now: float) -> None:
        """Look after a silent peer: ask whether it is there, then give it up."""
        if self._is_closing or not self._is_welcome:
            self._transport.abort()
            return
        measure, seconds = self._vigil.look(now, self._door.limits, self.connection.patience)
        self._door.wheel.wake_after(self, seconds)
        if measure is Measure.PING:
            self._websocket.send_ping(b"")
            self._flush()
        else:
            self._door.node.look_after(self, measure)

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _open(self, request: Request) -> None:
        response = self._websocket.accept(request)
        self._websocket.send_response(response)
        self._flush()
        if response.status_code != 101:
            self._end()
            return
        handshake = self._read(request)
        try:
            self.connection = self._door.node.connect(handshake)
        except protocol.Fatal as fatal:
            self.send(protocol.error(fatal.code, fatal.message))
            self.close(fatal.code, fatal.message)
        else:
            self._is_welcome = True
            self._address = handshake.address
            if self.connection.can_ask_identity:
                self._handshake = handshake
            self._door.node.welcome(self, handshake.address)
            self._vigil.welcomed_at = asyncio.get_running_loop().time()
            self.wake(self._door.wheel.now)

    def _read(self, request: Request) -> Handshake:
        path, _, query = request.path.partition("?")
        client = self._door.proxies.client_of(self._scope_of(request))
        return Handshake(
            path=path,
            query=query,
            headers=tuple(
                (name.lower().encode(), value.encode("latin-1"))
                for name, value in request.headers.raw_items()
                if name.lower() in _TELLING
            ),
            address=client.address,
            is_secure=client.is_https,
        )

    def _scope_of(self, request: Request) -> dict[str, Any]:
        """Return what ASGI would say of the peer."""
        is_secure = self._transport.get_extra_info("ssl_object") is not None
        return {
            # A Unix socket has no address: whoever reaches it is on this machine.
            "client": self._transport.get_extra_info("peername") or None,
            "scheme": "wss" if is_secure else "ws",
            "headers": [
                (name.encode(), value.encode("latin-1"))
                for name in ("x-forwarded-for", "x-forwarded-proto")
                for value in request.headers.get_all(name)
            ],
        }

    def _receive(self, frame: Frame) -> None:
        match frame.opcode:
            case Opcode.TEXT | Opcode.CONT if not self._is_closing:
                self._receive_text(bytes(frame.data), is_last=frame.fin)
            case Opcode.BINARY if not self._is_closing:
                self.close(1003, "Binary frames are not supported")
            case Opcode.CLOSE:
                self._end()

    def _receive_text(self, data: bytes, *, is_last: bool) -> None:
        if not is_last or self._fragments is not None:
            if self._fragments is None:
                self._fragments = []
            self._fragments.append(data)
            if len(self._fragments) > self._door.limits.max_fragments:
                # Their sizes are bounded by the parser, but the smallest have none.
                self.close(1009, "Too many fragments")
                return
            if not is_last:
                return
            data, self._fragments = b"".join(self._fragments), None
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self.close(1007, "Text must be UTF-8")
        else:
            self._vigil.spoke_at = self._door.wheel.now
            self._door.node.receive(self, text, time.monotonic())

    async def _identify(self, handshake: Handshake) -> None:
        user_id = await self._door.identifier.find_user(handshake)
        self._asking = self._handshake = None
        if not self._is_closing:
            self._transport.resume_reading()
            node = self._door.node
            node.perform(self, self.connection.identified(user_id, time.monotonic()))

    def _write(self, data: bytes) -> None:
        if self._is_closing:
            return
        if self._is_paused and (
            self._transport.get_write_buffer_size() > self._door.limits.socket_queue_bytes
        ):
            self._door.node.cut_off_slow(self)
        else:
            self._transport.write(data)

    def _flush(self) -> None:
        """Write what the library has to say; an empty string is its way to hang up."""
        for data in self._websocket.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _end(self) -> None:
        """Write nothing more but what the library closes with."""
        self._is_closing = True
        self._part()
        # A peer that does not hang up in its turn is not waited for: `wake` cuts the line.
        self._door.wheel.wake_after(self, self._door.limits.close_timeout)

    def _part(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        if self._is_welcome:
            self._is_welcome = False
            self._door.node.part(self, self._address)


class _WebSocket(ServerProtocol):
    """The library's server side, with Pusher's sub-protocol."""

    def select_subprotocol(self, subprotocols: Sequence[Subprotocol]) -> Subprotocol | None:
        chosen = choose_subprotocol(subprotocols)
        return Subprotocol(chosen) if chosen is not None else None


def _shortened(reason: str) -> str:
    """Fit a reason into a close frame."""
    return reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
