"""What a WebSocket leaves to the conversation that is held on it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from kabar.engines.realtime.connection.handshake import Handshake


class Conversation(ABC):
    """What `WebSocket` calls, and its heirs have."""

    __slots__ = ()

    #: whether binary messages are heard; if not, one closes with 1003
    takes_bytes: ClassVar[bool] = False

    @abstractmethod
    def opened(self, handshake: Handshake) -> None:
        """Begin, or close at once."""

    @abstractmethod
    def hear(self, text: str) -> None:
        """Take a message. Not called after `part`."""

    def hear_bytes(self, data: bytes) -> None:
        """Take a binary message."""
        raise NotImplementedError

    @property
    def may_read(self) -> bool:
        """Whether the conversation is ready for more. Who is says so with `read_on`."""
        return True

    def said_too_much(self) -> None:
        """Close: too much has come while the conversation was not ready."""
        raise NotImplementedError

    @abstractmethod
    def look_after(self, now: float) -> None:
        """See to a peer that says nothing, and have the wheel call again. It is called at once
        when the conversation has begun."""

    @abstractmethod
    def fell_behind(self) -> None:
        """Close: too much is waiting for this reader."""

    @abstractmethod
    def part(self) -> None:
        """Stop: nothing that is written now would arrive. It may come twice."""

    @abstractmethod
    def shutdown(self) -> None:
        """Close: the server goes down. uvicorn calls it."""
