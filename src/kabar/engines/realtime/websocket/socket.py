"""PusherSocket: a Pusher client on a WebSocket; the protocol class for uvicorn's `ws=`."""

from __future__ import annotations

import asyncio
import random
import time

from uvicorn.server import ServerState

from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.connection.liveness import LivenessAction
from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.protocol import errors, frames
from kabar.engines.realtime.websocket.websocket import WebSocket


class PusherSocket(WebSocket):
    """Passes messages between the WebSocket and the node; `Connection` decides on them."""

    __slots__ = ("_address", "_asking", "_handshake", "_is_welcome", "connection")

    connection: Connection
    kind = "ws"

    def __init__(self, gateway: Gateway, server_state: ServerState) -> None:
        super().__init__(gateway, server_state)
        self._address = ""
        self._asking: asyncio.Task[None] | None = None
        self._handshake: Handshake | None = None
        self._is_welcome = False

    def opened(self, handshake: Handshake) -> None:
        node = self._gateway.node
        try:
            self.connection = node.connect(handshake)
        except errors.Fatal as fatal:
            self.send(frames.error(fatal.code, fatal.message))
            self.close(fatal.code, fatal.message)
        else:
            self._is_welcome = True
            self._address = handshake.address
            if not self.connection.is_identified:
                self._handshake = self._gateway.kept(handshake)
            node.welcome(self, handshake.address)
            self._liveness.welcomed_at = asyncio.get_running_loop().time()

    def hear(self, text: str) -> None:
        self._liveness.spoke_at = self._gateway.wheel.now
        self._gateway.node.receive(self, text, time.monotonic())

    def ask_guard(self, channel: str) -> None:
        # What comes meanwhile stays in the kernel, and so is bounded.
        self._transport.pause_reading()
        self._asking = asyncio.create_task(self._ask(channel))

    @property
    def may_read(self) -> bool:
        return self._asking is None

    def said_too_much(self) -> None:
        self.close(errors.OverCapacity.code, "Too much at once")

    def look_after(self, now: float) -> None:
        """Ping a silent client, and give it up when it does not answer."""
        action, seconds = self._liveness.look(
            now, self._gateway.limits, self.connection.authorization_seconds
        )
        self._gateway.wheel.wake_after(self, seconds)
        if action is LivenessAction.PING:
            self.ping()
        else:
            self._gateway.node.look_after(self, action)

    def fell_behind(self) -> None:
        self._gateway.node.cut_off_slow(self)

    def ended(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
            # The end is read all the same.
            self.read_on()
        if self._is_welcome:
            self._is_welcome = False
            self._gateway.node.disconnect(self, self._address)

    def shutdown(self) -> None:
        """Tell the client to reconnect, at a random moment within the time for draining.

        Thousands that come back at the same instant would be a flood.
        """
        delay = random.uniform(0, self._gateway.seconds_to_drain())
        fatal = errors.ReconnectNow("Server is going down")
        asyncio.get_running_loop().call_later(delay, self.close, fatal.code, fatal.message)

    async def _ask(self, channel: str) -> None:
        may_hear = await self._gateway.may_hear(self, self._handshake, channel)
        self._asking = None
        if self.connection.is_identified:
            self._handshake = None
        if not self._is_closing:
            self._gateway.node.perform(self, self.connection.guarded(may_hear=may_hear))
            self.read_on()
