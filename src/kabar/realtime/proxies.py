"""Where a connection really comes from, when proxies stand in front."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


class TrustedProxies:
    """The addresses and networks whose `X-Forwarded-For` is believed."""

    def __init__(self, proxies: Iterable[str]) -> None:
        self._networks = [ip_network(proxy, strict=False) for proxy in proxies]

    def client_address(self, peer: str, forwarded_for: str | None) -> str:
        """Return the last address in the chain that is not one of our proxies.

        Every proxy appends whom it heard from, so only what stands right of the first stranger
        was written by somebody we trust.
        """
        address = peer
        hops = forwarded_for.split(",") if forwarded_for else []
        while hops and self._trusts(address):
            address = hops.pop().strip()
        return address

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)
