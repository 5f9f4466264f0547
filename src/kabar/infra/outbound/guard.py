"""The guard: may this URL be called, and may a connection to this address be made?"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

from yarl import URL

from kabar.core.addresses import Networks, is_ipv6, parse_address
from kabar.infra.outbound.public import is_public

#: where the web is; another port may be anything
_PORTS = frozenset({80, 443})
_LONGEST_URL = 2048


class Refused(OSError):
    """What may not be called; says why."""


class Guard:
    """Lets through what is on the public web, and what the operator allows beside it.

    An address is judged where its socket is made: what was judged is what is connected to, whatever
    a name means the next time somebody asks.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        """`allow`: addresses and networks that are not public, and may be called on any port."""
        self._allowed = Networks(allow)

    def require_url(self, url: URL) -> None:
        """Raise `Refused` for what is no plain address of a web page."""
        if url.scheme not in {"http", "https"} or not url.raw_host:
            raise Refused("only http:// and https://")
        if url.raw_user is not None or url.raw_password is not None:
            raise Refused("it has a name or a password in it")
        if len(str(url)) > _LONGEST_URL:
            raise Refused(f"it is longer than {_LONGEST_URL} characters")

    def require_address(self, host: str, port: int) -> None:
        """Raise `Refused` for an address that may not be called."""
        address = parse_address(host)
        # What hides an address of IPv4 in one of IPv6 has no business here.
        if address is None or (":" in host and not is_ipv6(str(address))):
            raise Refused(f"{host} is not public")
        if address in self._allowed:
            return
        if not is_public(address):
            raise Refused(f"{address} is not public")
        if port not in _PORTS:
            raise Refused(f"port {port} is not one of the web")

    def socket_for(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        """Return the socket of a connection, as aiohttp asks for it (`socket_factory`)."""
        family, kind, protocol, _, place = info
        self.require_address(str(place[0]), int(place[1]))
        return socket.socket(family, kind, protocol)
