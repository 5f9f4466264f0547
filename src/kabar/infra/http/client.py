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
        address, hop = self._first_stranger(peer, _header(scope["headers"], b"x-forwarded-for"))
        if self._trusts(peer):
            schemes = _header(scope["headers"], b"x-forwarded-proto").rsplit(",", _MOST_HOPS)
            # Beside each address stands how it came. Proxies that only pass on what the first of
            # them said leave fewer of these than of those.
            scheme = schemes[max(-1 - hop, -len(schemes))].strip().lower()
            is_https = scheme in {"https", "wss"} if scheme else is_https
        return Client(address, is_https)

    def client_address(self, peer: str, forwarded_for: str) -> str:
        """Return the last address of the chain that is not a proxy of ours."""
        return self._first_stranger(peer, forwarded_for)[0]

    def _first_stranger(self, peer: str, forwarded_for: str) -> tuple[str, int]:
        """Return that address, and how many stand right of it.

        Every proxy adds whom it heard from at the right end, so what stands left of the first
        stranger is only what that stranger says. Where something stands that is no address, it is
        the proxy who said so that is counted: else each new nonsense would be a new client.
        """
        found, place, hops = spelled(peer), 0, 0
        if not self._trusts(peer):
            return found, place
        for hop in reversed(forwarded_for.rsplit(",", _MOST_HOPS)[-_MOST_HOPS:]):
            address = parse_address(hop)
            if address is None:
                if hop.strip():
                    break
                continue
            found, place = str(address), hops
            hops += 1
            if not (self._everybody or address in self._networks):
                break
        return found, place

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
