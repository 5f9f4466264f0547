"""Which sockets of HTTP requests there are: found by the name that their client drew."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.fallback.http_socket import HttpSocket
from kabar.engines.realtime.fallback.sockjs import SockJsSocket
from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.node.capacity import Addresses
from kabar.engines.realtime.protocol import errors


class SocketKey(NamedTuple):
    """What all requests of one socket have in common.

    The name is the client's secret: 40 random bits in pusher-js, and a number below a
    thousand. What else a client can not help sending keeps apart those who draw the same, and
    makes it harder to guess. Not the address: a company's proxies may send each request from
    another one, and a socket whose client is not recognised is silent without telling it so.
    """

    app_path: str
    name: str
    origin: str | None
    user_agent: str | None
    authorization: str | None


class HttpSockets:
    """A bounded table, of which an address has its share: here also those count that have not
    said yet which app they are for, or were refused and are to be told so."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._sockets: dict[SocketKey, HttpSocket] = {}
        self._addresses = Addresses(gateway.limits.max_connections_per_address)

    def __len__(self) -> int:
        return len(self._sockets)

    def find(self, key: SocketKey) -> HttpSocket | None:
        return self._sockets.get(key)

    def open(self, key: SocketKey, handshake: Handshake, kind: str) -> HttpSocket:
        """Make a socket for a client that comes for the first time; raises Fatal."""
        if self._gateway.is_draining:
            raise errors.ReconnectNow("Server is going down")
        limits, address = self._gateway.limits, handshake.address
        if len(self._sockets) >= limits.max_fallback_sockets:
            raise errors.OverCapacity
        self._addresses.require_room(address)
        self._addresses.take(address)
        forget = partial(self._forget, key, address)
        if key.app_path:
            socket = self._sockets[key] = HttpSocket(self._gateway, forget, kind)
            socket.connect(handshake)
        else:
            socket = self._sockets[key] = SockJsSocket(self._gateway, forget, handshake)
        return socket

    def send_away(self) -> None:
        """Tell all of them to come back elsewhere."""
        for socket in list(self._sockets.values()):
            socket.shutdown()

    def _forget(self, key: SocketKey, address: str, ended: HttpSocket) -> None:
        if self._sockets.get(key) is ended:
            del self._sockets[key]
            self._addresses.give_back(address)
