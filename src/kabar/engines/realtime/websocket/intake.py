"""How what comes on a WebSocket is taken: at once, or in slices, or not before one is ready."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.gateway.inflow import SHORT_BYTES, Inflow
from kabar.engines.realtime.websocket.callbacks import WebSocketCallbacks
from kabar.engines.realtime.websocket.fragments import is_one_frame


class Intake(WebSocketCallbacks):
    """What is short is taken at once, while there is time; all else waits in line, in order."""

    __slots__ = ("_gateway", "_inflow", "_is_closing", "_transport")

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._transport: asyncio.Transport
        self._inflow: Inflow | None = None
        self._is_closing = False

    def read_on(self) -> None:
        """Take what has come and what comes, unless there is a reason to wait."""
        if not self.may_read or self._transport.is_closing():
            return
        if self._inflow is not None:
            self._stand_in_line(self._inflow)
        else:
            self._transport.resume_reading()

    def _take_in(self, data: bytes) -> None:
        if self._inflow is not None:
            self._inflow.add(data)
        elif len(data) <= SHORT_BYTES and self.may_read and self._gateway.inbound.has_time():
            self._take(data)
        else:
            self._inflow = Inflow(data)
            self._stand_in_line(self._inflow, is_short=is_one_frame(data))
            if self._inflow is not None:
                # The rest of a flood waits in the kernel, and is bounded there.
                self._transport.pause_reading()

    @abstractmethod
    def _take(self, data: bytes) -> None:
        """Read frames, and hand their messages on."""

    def _hear_or_keep(self, message: str | bytes) -> None:
        if self.may_read:
            self._hand_on(message)
        else:
            self._keep(message)

    def _stand_in_line(self, inflow: Inflow, *, is_short: bool = False) -> None:
        if self.may_read and not inflow.is_in_line:
            inflow.is_in_line = True
            self._gateway.inbound.join(self._take_slice, is_short=is_short)

    def _take_slice(self) -> bool:
        inflow = self._inflow
        if inflow is None:
            return False  # the line is gone
        if inflow.has_texts:
            for message in inflow.next_texts():
                self._hand_on(message)
                if self._is_closing or not self.may_read:
                    break
            if self._is_closing:
                inflow.drop_texts()
        else:
            self._take(inflow.next_slice())
        if inflow.is_empty or self._transport.is_closing():
            self._inflow = None
            self.read_on()
            return False
        # Where the conversation stands still, `read_on` comes back to it.
        inflow.is_in_line = self.may_read
        return inflow.is_in_line

    def _hand_on(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self.hear(message)
        else:
            self.hear_bytes(message)

    def _keep(self, message: str | bytes) -> None:
        """What came behind the frame at which the conversation stands still, and was read with it.
        Compressed it may have been short."""
        if self._inflow is None:
            self._inflow = Inflow()
        self._inflow.add_text(message)
        if self._inflow.kept_bytes > self._gateway.limits.socket_queue_bytes:
            self.said_too_much()
