"""Client: the address and scheme that a request comes from, seen through trusted proxies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from kabar.core.addresses import CountedAddress, Networks, counted, parse_address, spelled
from kabar.core.errors import CannotStart
from kabar.core.setting_forms import EVERYBODY, NOBODY

#: Of the chain that a request names only so many are looked at. Nobody has as many proxies; what
#: stands further left would only cost time, and a head has room for thousands.
_MOST_HOPS = 20

Headers = Iterable[tuple[bytes, bytes]]


class Client(NamedTuple):
    """The other end; `address` is spelled in the one way there is."""

    address: str
    is_https: bool


class TrustedProxies:
    """Proxies whose X-Forwarded-For and -Proto are believed: addresses, networks, `*`, `none`."""

    def __init__(self, proxies: Iterable[str]) -> None:
        proxies = set(proxies)
        self._everybody = EVERYBODY in proxies
        try:
            self._networks = Networks(proxies - {EVERYBODY, NOBODY})
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

        Every proxy adds whom it heard from at the right end, so what stands left of the first
        stranger is only what that stranger says. Where something stands that is no address, it is
        the proxy who said so that is counted: else each new nonsense would be a new client.
        """
        found = spelled(peer)
        if not self._trusts(peer):
            return found
        for hop in reversed(forwarded_for.rsplit(",", _MOST_HOPS)[-_MOST_HOPS:]):
            address = parse_address(hop)
            if address is None:
                if hop.strip():
                    break
                continue
            found = str(address)
            if not (self._everybody or address in self._networks):
                break
        return found

    def _trusts(self, peer: str) -> bool:
        if self._everybody or not peer:
            # without an address it is a Unix socket: whoever may open it is on this machine
            return True
        address = parse_address(peer)
        return address is not None and address in self._networks


def limit_key(address: str) -> CountedAddress:
    """Return the address as every limit counts it."""
    return counted(address)


def _header(headers: Headers, wanted: bytes) -> str:
    return ",".join(value.decode("latin-1") for name, value in headers if name == wanted)
