"""WebSocketCallbacks: the methods that a subclass of WebSocket has to implement."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from kabar.engines.realtime.connection.handshake import Handshake


class WebSocketCallbacks(ABC):
    """Called by `WebSocket`, implemented by `PusherSocket` and by the echo of the tests."""

    __slots__ = ()

    #: whether binary messages are taken; if not, one closes the WebSocket with 1003
    takes_bytes: ClassVar[bool] = False

    @abstractmethod
    def opened(self, handshake: Handshake) -> None:
        """The WebSocket is open: begin, or close it at once."""

    @abstractmethod
    def hear(self, text: str) -> None:
        """Take a message. Not called after `ended`."""

    def hear_bytes(self, data: bytes) -> None:
        """Take a binary message."""
        raise NotImplementedError

    @property
    def may_read(self) -> bool:
        """Whether the socket is ready for more messages."""
        return True

    def said_too_much(self) -> None:
        """Close: too much has come while the conversation was not ready."""
        raise NotImplementedError

    @abstractmethod
    def look_after(self, now: float) -> None:
        """Look after a silent peer, and set the timer wheel for the next call. The first call
        comes as soon as the WebSocket is open."""

    @abstractmethod
    def fell_behind(self) -> None:
        """Close: too much is waiting for this reader."""

    @abstractmethod
    def ended(self) -> None:
        """The WebSocket is closed: what is written now does not arrive. It may be called twice."""

    @abstractmethod
    def shutdown(self) -> None:
        """The server stops: close. uvicorn calls it."""
