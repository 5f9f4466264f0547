"""HttpSockets: the table of all fallback sockets, found by the name that the client chose."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import NewType

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.fallback.http_socket import HttpSocket
from kabar.engines.realtime.fallback.sockjs import SockJsSocket
from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.node.capacity import Addresses
from kabar.engines.realtime.protocol import errors

#: Stands for what all requests of one socket have in common; not longer, whatever they send.
SocketKey = NewType("SocketKey", bytes)


def socket_key(name: str, app_path: str, headers: Sequence[tuple[bytes, bytes]]) -> SocketKey:
    """Return the key of a request.

    The name is the client's secret: in pusher-js 40 random bits, and a number below a thousand.
    The headers keep two clients with the same name apart, and make the key harder to guess. The
    address is not part of it: a company's proxies may send each request from another one, and
    a client that is not recognised would not notice that what it sends is refused.
    """
    told = {key: value for key, value in reversed(headers) if key in _APART}
    parts = (app_path.encode(), name.encode(), *(told.get(key) for key in _APART))
    return SocketKey(hashlib.sha256(repr(parts).encode()).digest())


_APART = (b"origin", b"user-agent", b"authorization")


class HttpSockets:
    """All fallback sockets of this node: how many there may be, also from one address.

    Sockets that have not yet named their app, or were refused and not told so yet, count too.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._sockets: dict[SocketKey, HttpSocket] = {}
        self._addresses = Addresses(gateway.limits.max_connections_per_address)

    def __len__(self) -> int:
        return len(self._sockets)

    def find(self, key: SocketKey) -> HttpSocket | None:
        return self._sockets.get(key)

    def open(self, key: SocketKey, handshake: Handshake, kind: str) -> HttpSocket:
        """Make the socket of a new client, or raise the Fatal that says why not."""
        if self._gateway.is_draining:
            raise errors.ReconnectNow("Server is going down")
        limits, address = self._gateway.limits, handshake.address
        if len(self._sockets) >= limits.max_fallback_sockets:
            raise errors.OverCapacity
        self._addresses.require_room(address)
        self._addresses.take(address)
        forget = partial(self._forget, key, address)
        if handshake.path:
            socket = self._sockets[key] = HttpSocket(self._gateway, forget, kind)
            socket.connect(handshake)
        else:
            socket = self._sockets[key] = SockJsSocket(self._gateway, forget, handshake)
        return socket

    def start_draining(self) -> None:
        """Tell all clients to reconnect."""
        for socket in list(self._sockets.values()):
            socket.shutdown()

    def _forget(self, key: SocketKey, address: str, ended: HttpSocket) -> None:
        if self._sockets.get(key) is ended:
            del self._sockets[key]
            self._addresses.give_back(address)
