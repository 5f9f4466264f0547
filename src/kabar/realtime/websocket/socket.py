"""A Pusher client on a WebSocket: the protocol class for uvicorn's `ws=` hook."""

from __future__ import annotations

import asyncio
import random
import time

from uvicorn.server import ServerState

from kabar.realtime import protocol
from kabar.realtime.connection.connection import Connection
from kabar.realtime.door import Door
from kabar.realtime.handshake import Handshake
from kabar.realtime.vigil import Measure
from kabar.realtime.websocket.websocket import WebSocket


class PusherSocket(WebSocket):
    """Between the WebSocket and the node: the conversation itself is `Connection`'s."""

    __slots__ = ("_address", "_asking", "_handshake", "_is_welcome", "connection")

    connection: Connection
    transport = "ws"

    def __init__(self, door: Door, server_state: ServerState) -> None:
        super().__init__(door, server_state)
        self._address = ""
        self._asking: asyncio.Task[None] | None = None
        self._handshake: Handshake | None = None
        self._is_welcome = False

    def opened(self, handshake: Handshake) -> None:
        node = self._door.node
        try:
            self.connection = node.connect(handshake)
        except protocol.Fatal as fatal:
            self.send(protocol.error(fatal.code, fatal.message))
            self.close(fatal.code, fatal.message)
        else:
            self._is_welcome = True
            self._address = handshake.address
            if self.connection.can_ask_identity:
                self._handshake = handshake
            node.welcome(self, handshake.address)
            self._vigil.welcomed_at = asyncio.get_running_loop().time()

    def hear(self, text: str) -> None:
        self._vigil.spoke_at = self._door.wheel.now
        self._door.node.receive(self, text, time.monotonic())

    def ask_identity(self) -> None:
        if self._handshake is not None:
            # What comes meanwhile stays in the kernel, and so is bounded.
            self._transport.pause_reading()
            self._asking = asyncio.create_task(self._identify(self._handshake))

    def look_after(self, now: float) -> None:
        """Ask whether somebody is there, then give up."""
        measure, seconds = self._vigil.look(now, self._door.limits, self.connection.patience)
        self._door.wheel.wake_after(self, seconds)
        if measure is Measure.PING:
            self.ping()
        else:
            self._door.node.look_after(self, measure)

    def fell_behind(self) -> None:
        self._door.node.cut_off_slow(self)

    def part(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        if self._is_welcome:
            self._is_welcome = False
            self._door.node.part(self, self._address)

    def shutdown(self) -> None:
        """Send the client elsewhere, within the time that going down may take.

        At a moment of its own: thousands that come back at the same instant would be a flood.
        """
        delay = random.uniform(0, self._door.seconds_to_drain())
        fatal = protocol.ReconnectNow("Server is going down")
        asyncio.get_running_loop().call_later(delay, self.close, fatal.code, fatal.message)

    async def _identify(self, handshake: Handshake) -> None:
        user_id = await self._door.identifier.find_user(handshake)
        self._asking = self._handshake = None
        if not self._is_closing:
            self._transport.resume_reading()
            node = self._door.node
            node.perform(self, self.connection.identified(user_id, time.monotonic()))
