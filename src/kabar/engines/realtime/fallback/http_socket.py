"""HttpSocket: a socket made of HTTP requests, of which one waits for frames and others send."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.connection.liveness import Liveness, LivenessAction
from kabar.engines.realtime.fallback import framing
from kabar.engines.realtime.fallback.outgoing import Outgoing
from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.gateway.inflow import SHORT_BYTES, Inflow
from kabar.engines.realtime.protocol import errors, frames
from kabar.engines.realtime.protocol.wire import Burst


class Reader(Protocol):
    """A request whose answer carries the socket's frames to the client."""

    def notify(self) -> None:
        """There is something to write."""

    def stop(self) -> None:
        """Write nothing more, and drop a client that does not read."""


#: called when nobody may ask for a socket any more
OnEnd = Callable[["HttpSocket"], None]


class HttpSocket:
    """The `Socket` of a client that cannot use a WebSocket. Its connection is the same."""

    __slots__ = (
        "_address",
        "_asking",
        "_gateway",
        "_handshake",
        "_inflow",
        "_is_welcome",
        "_liveness",
        "_on_end",
        "_outgoing",
        "_reader",
        "_wrote_at",
        "alarm",
        "connection",
        "kind",
    )

    connection: Connection
    #: frames wait for a request that reads: nothing can be written at once
    write: ClassVar[None] = None

    def __init__(self, gateway: Gateway, on_end: OnEnd, kind: str) -> None:
        self.alarm = 0
        self.kind = kind
        self._gateway = gateway
        self._on_end = on_end
        self._reader: Reader | None = None
        self._outgoing = Outgoing()
        self._handshake: Handshake | None = None
        self._address = ""
        self._asking: asyncio.Task[None] | None = None
        self._inflow = Inflow()
        self._liveness = Liveness(gateway.wheel.now)
        self._wrote_at = gateway.wheel.now
        self._is_welcome = False
        gateway.opened(self)

    def connect(self, handshake: Handshake) -> None:
        """Connect to the app that the handshake asks for, or send the error that says why not."""
        try:
            self.connection = self._gateway.node.connect(handshake)
        except errors.Fatal as fatal:
            self.send(frames.error(fatal.code, fatal.message))
            self.close(fatal.code, fatal.message)
        else:
            self._is_welcome = True
            self._address = handshake.address
            if not self.connection.is_identified:
                self._handshake = self._gateway.kept(handshake)
            self._gateway.node.welcome(self, handshake.address)
            self._liveness.welcomed_at = self._gateway.wheel.now
            if self._reader is not None:
                self.wake(self._gateway.wheel.now)

    # ── what the client's requests call ──────────────────────────────────────────────────────

    @property
    def is_connected(self) -> bool:
        """Whether the client may still send."""
        return not self._outgoing.is_ending

    @property
    def is_over(self) -> bool:
        """Whether its last line has been written."""
        return self._outgoing.is_over

    def attach(self, reader: Reader) -> bool:
        """Let a request read from this socket; False if another one does."""
        if self._reader is not None:
            return False
        self._reader = reader
        self._liveness.heard_at = self._gateway.wheel.now
        if self._outgoing.is_ending:
            self._gateway.wheel.wake_after(self, self._gateway.limits.close_timeout)
        elif self._is_welcome:
            self.wake(self._gateway.wheel.now)
        else:
            self._gateway.wheel.wake_after(self, self._gateway.limits.fallback_grace)
        return True

    def next_line(self) -> bytes | None:
        """Take the line that is to be written next, if there is one."""
        line = self._outgoing.next_line()
        if line is not None:
            self._wrote_at = self._gateway.wheel.now
        return line

    def detach(self, reader: Reader) -> None:
        """This request's answer is complete: the client is to send another request."""
        if self._reader is reader:
            self._reader = None
            if self.is_over:
                self._end()
            else:
                self._gateway.wheel.wake_after(self, self._gateway.limits.fallback_grace)

    def hung_up(self, reader: Reader) -> None:
        """The client hung up on an unfinished answer. Nobody knows how much of it was read, so
        the socket ends: going on could lose frames unnoticed."""
        if self._reader is reader:
            self._reader = None
            self._end()

    def hear(self, texts: Sequence[str]) -> None:
        """Take the texts that the client sent; an empty list only says that it is there."""
        self._liveness.heard_at = self._gateway.wheel.now
        if not texts:
            self._beat(framing.ACTIVITY)
            return
        if self._outgoing.is_ending:
            return
        self._liveness.spoke_at = self._gateway.wheel.now
        is_first = self._inflow.is_empty
        for text in texts:
            self._inflow.add_text(text)
        # What one request may bring is bounded where it is read.
        if not is_first and self._inflow.kept_bytes > self._gateway.limits.socket_queue_bytes:
            self.close(errors.OverCapacity.code, "Too much at once")
        else:
            is_short = len(texts) == 1 and len(texts[0]) <= SHORT_BYTES
            self._stand_in_line(is_short=is_short)

    # ── what the engine calls ────────────────────────────────────────────────────────────────

    @property
    def unsent(self) -> int:
        return self._outgoing.size

    def deliver(self, burst: Burst) -> None:
        self._queue(burst.frames)

    def send(self, frame: bytes) -> None:
        self._queue((frame,))

    def close(self, code: int, reason: str) -> None:
        if self._outgoing.is_ending:
            return
        self._outgoing.end(code, reason)
        limits = self._gateway.limits
        if self._outgoing.size > limits.socket_queue_bytes:
            self._outgoing.clear()
        self._disconnect()
        if self._reader is not None:
            self._reader.notify()
            self._gateway.wheel.wake_after(self, limits.close_timeout)
        else:
            self._gateway.wheel.wake_after(self, limits.fallback_grace)

    def ask_guard(self, channel: str) -> None:
        self._asking = asyncio.create_task(self._ask(channel))

    def wake(self, now: float) -> None:
        """Look after a silent client; end a socket for which no request has come to read."""
        if self._reader is None or self._outgoing.is_ending:
            self._end()
        elif not self._is_welcome:
            self.close(errors.ReconnectNow.code, "Nothing was said in time")
        else:
            self._look_after(now)

    def shutdown(self) -> None:
        """Tell the client to reconnect, at a random moment so that not all come back at once."""
        delay = random.uniform(0, self._gateway.seconds_to_drain())
        asyncio.get_running_loop().call_later(delay, self._close_for_shutdown)

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _look_after(self, now: float) -> None:
        limits = self._gateway.limits
        action, seconds = self._liveness.look(now, limits, self.connection.authorization_seconds)
        # A proxy between us may drop a connection on which nothing comes.
        rest = self._wrote_at + limits.fallback_heartbeat - now
        if action is LivenessAction.PING or rest <= 0:
            self._beat(framing.HEARTBEAT)
            rest = limits.fallback_heartbeat
        self._gateway.wheel.wake_after(self, min(seconds, rest))
        self._gateway.node.look_after(self, action)

    def _close_for_shutdown(self) -> None:
        self.close(errors.ReconnectNow.code, "Server is going down")
        if self._reader is None:
            # No request may come any more that could be told.
            self._end()

    def _queue(self, frames: Sequence[bytes]) -> None:
        if self._outgoing.is_ending:
            return
        self._outgoing.add(frames)
        if self._outgoing.size > self._gateway.limits.socket_queue_bytes:
            self._gateway.node.cut_off_slow(self)
        elif self._reader is not None:
            self._reader.notify()

    def _beat(self, pulse: bytes) -> None:
        self._outgoing.beat(pulse)
        if self._reader is not None:
            self._reader.notify()

    def _stand_in_line(self, *, is_short: bool = False) -> None:
        """What has come is heard in its turn, as what comes on a WebSocket is."""
        if self._asking is not None or self._inflow.is_in_line or self._inflow.is_empty:
            return
        if is_short and self._gateway.inbound.has_time():
            self._take_slice()
        else:
            self._inflow.is_in_line = True
            self._gateway.inbound.join(self._take_slice, is_short=is_short)

    def _take_slice(self) -> bool:
        for text in self._inflow.next_texts():
            if not self._outgoing.is_ending:
                self._gateway.node.receive(self, str(text), time.monotonic())
            if self._asking is not None or self._outgoing.is_ending:
                break
        if self._outgoing.is_ending:
            self._inflow.drop_texts()
        self._inflow.is_in_line = self._asking is None and not self._inflow.is_empty
        return self._inflow.is_in_line

    async def _ask(self, channel: str) -> None:
        may_hear = await self._gateway.may_hear(self, self._handshake, channel)
        self._asking = None
        if self.connection.is_identified:
            self._handshake = None
        if not self._outgoing.is_ending:
            self._gateway.node.perform(self, self.connection.guarded(may_hear=may_hear))
            self._stand_in_line()

    def _end(self) -> None:
        """Forget the socket: write nothing more, and stop its reader."""
        self._outgoing.drop()
        self._disconnect()
        if self._reader is not None:
            self._reader.stop()
            self._reader = None
        self._gateway.wheel.forget(self)
        self._on_end(self)
        self._gateway.closed(self)

    def _disconnect(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        if self._is_welcome:
            self._is_welcome = False
            self._gateway.node.disconnect(self, self._address)
