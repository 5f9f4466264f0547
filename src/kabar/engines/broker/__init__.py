"""The broker: the contract of what carries publications between nodes, and opening one by URL."""

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
    """The user's sockets must be cut off a channel."""

    app_id: str
    channel: str
    user_id: str


class Expelled(msgspec.Struct, frozen=True):
    """All sockets that the user has signed in on must be closed."""

    app_id: str
    user_id: str


class Outdated(msgspec.Struct, frozen=True):
    """A session of the user has ended: their sockets must be closed and authorised anew."""

    app_id: str
    user_id: str


class Came(msgspec.Struct, frozen=True):
    """A socket of the node has subscribed to a channel; on a presence channel, as this member."""

    node_id: str
    app_id: str
    channel: str
    socket_id: str
    user_id: str | None = None
    #: JSON, as other members see it
    user_info: bytes | None = None


class Went(msgspec.Struct, frozen=True):
    """A socket of the node is no longer subscribed to a channel."""

    node_id: str
    app_id: str
    channel: str
    socket_id: str
    user_id: str | None = None


class SignedIn(msgspec.Struct, frozen=True):
    """The user has signed in on a socket of the node."""

    node_id: str
    app_id: str
    user_id: str


class SignedOut(msgspec.Struct, frozen=True):
    """A socket of the node that the user had signed in on is gone."""

    node_id: str
    app_id: str
    user_id: str


#: What a node tells the others about its own sockets. It ignores its own when they come back.
Fact = Came | Went | SignedIn | SignedOut

Carried = Publication | Asked | Signed | Revoked | Expelled | Outdated | Fact

Deliver = Callable[[Carried], None]


class Broker(Protocol):
    """Carries everything that is published to every node, this one included.

    The order is kept per publisher. Something may be lost: clients catch up over HTTP. Something
    may come twice after a crash: clients recognise a message by its id. Nothing is stored.
    """

    async def start(self, deliver: Deliver) -> None: ...

    def publish(self, carried: Carried) -> None:
        """Return at once: a broker that has to wait keeps a queue, and drops when it is full."""

    async def close(self) -> None: ...


def open_broker(url: str) -> Broker:
    """Return the broker that the URL's scheme names. It connects when it is started."""
    match urlsplit(url).scheme:
        case "memory":
            from kabar.engines.broker.memory import MemoryBroker

            return MemoryBroker()
        case scheme:
            raise CannotStart(
                f"KABAR_BROKER_URL: no broker speaks {scheme or url!r}; use memory://"
            )
