"""Client: the address and scheme that a request comes from, seen through trusted proxies."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple

from kabar.core.errors import CannotStart

Headers = Iterable[tuple[bytes, bytes]]


class Client(NamedTuple):
    """The client at the other end of a request."""

    address: str
    is_https: bool


class TrustedProxies:
    """Proxies (addresses, networks, or `*`) whose X-Forwarded-For and -Proto are believed."""

    def __init__(self, proxies: Iterable[str]) -> None:
        self._everybody = "*" in proxies
        try:
            self._networks = [ip_network(proxy, strict=False) for proxy in proxies if proxy != "*"]
        except ValueError as failure:
            raise CannotStart(f"KABAR_TRUSTED_PROXIES: {failure}") from None

    def client_of(self, scope: Any) -> Client:
        """Return the client, believing the headers of trusted proxies only."""
        peer = scope["client"][0] if scope.get("client") else ""
        is_https = scope.get("scheme") in {"https", "wss"}
        if self._trusts(peer):
            forwarded = _header(scope["headers"], b"x-forwarded-proto").rpartition(",")[2]
            scheme = forwarded.strip().lower()
            is_https = scheme in {"https", "wss"} if scheme else is_https
        forwarded_for = _header(scope["headers"], b"x-forwarded-for")
        return Client(self.client_address(peer, forwarded_for), is_https)

    def client_address(self, peer: str, forwarded_for: str) -> str:
        """Return the last address of the chain that is not a proxy of ours.

        Every proxy adds the address that it heard from at the right end. So what stands left of
        the first untrusted address is only what that client claims.
        """
        if not self._trusts(peer):
            return peer
        hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
        untrusted = (hop for hop in reversed(hops) if not self._trusts(hop))
        return next(untrusted, hops[0] if hops else peer)

    def _trusts(self, address: str) -> bool:
        if self._everybody or not address:
            # Without an address it is a Unix socket: its other end is on this machine.
            return True
        found = _parse(address)
        return found is not None and any(found in network for network in self._networks)


def limit_key(address: str) -> str:
    """Return the address as limits count it: of IPv6 only the /64, all of which one client has."""
    found = _parse(address)
    if found is None:
        return address[:64]
    return str(ip_network((found, 64), strict=False) if found.version == 6 else found)


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    """Return the address; `::ffff:10.0.0.1`, an IPv4 address in IPv6 form, as IPv4."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _header(headers: Headers, wanted: bytes) -> str:
    return ",".join(value.decode("latin-1") for name, value in headers if name == wanted)
