"""What carries publications between nodes: the contract, and which broker a URL names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from kabar.core.errors import CannotStart
from kabar.core.events import Publication


class Asked(msgspec.Struct, frozen=True):
    """A user has something signed for a socket, which need not be theirs."""

    app_id: str
    socket_id: str
    user_id: str


class Signed(msgspec.Struct, frozen=True):
    """Of a signature that does not say so itself: whose it is."""

    app_id: str
    socket_id: str
    channel: str
    user_id: str


class Revoked(msgspec.Struct, frozen=True):
    """A user may hear a channel no more."""

    app_id: str
    channel: str
    user_id: str


class Expelled(msgspec.Struct, frozen=True):
    """All sockets that a user signed in on must close."""

    app_id: str
    user_id: str


class Outdated(msgspec.Struct, frozen=True):
    """A session of the user has ended: their sockets must show anew whose they are."""

    app_id: str
    user_id: str


class Came(msgspec.Struct, frozen=True):
    """A socket of a node listens to a channel; on a presence channel, as a member."""

    node_id: str
    app_id: str
    channel: str
    socket_id: str
    user_id: str | None = None
    #: JSON, as the others see it
    user_info: bytes | None = None


class Went(msgspec.Struct, frozen=True):
    """It listens no more."""

    node_id: str
    app_id: str
    channel: str
    socket_id: str
    user_id: str | None = None


class SignedIn(msgspec.Struct, frozen=True):
    """A user has signed in on a socket of a node."""

    node_id: str
    app_id: str
    user_id: str


class SignedOut(msgspec.Struct, frozen=True):
    """A socket that the user had signed in on is gone."""

    node_id: str
    app_id: str
    user_id: str


#: What a node tells the others of its sockets. It knows its own without being told.
Fact = Came | Went | SignedIn | SignedOut

Carried = Publication | Asked | Signed | Revoked | Expelled | Outdated | Fact

Deliver = Callable[[Carried], None]


class Broker(Protocol):
    """Carries what it is given to every node, this one included.

    In order per publisher. One may be lost: clients catch up over HTTP. One may be repeated
    after a crash: clients know a message by its id. Nothing is stored.
    """

    async def start(self, deliver: Deliver) -> None: ...

    def publish(self, carried: Carried) -> None:
        """Take it and return at once: a broker that has to wait queues, and drops when full."""

    async def close(self) -> None: ...


def open_broker(url: str) -> Broker:
    """Return the broker that the scheme of the URL names. It connects when it is started."""
    match urlsplit(url).scheme:
        case "memory":
            from kabar.engines.broker.memory import MemoryBroker

            return MemoryBroker()
        case scheme:
            raise CannotStart(
                f"KABAR_BROKER_URL: no broker speaks {scheme or url!r}; use memory://"
            )
