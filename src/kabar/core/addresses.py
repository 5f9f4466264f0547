"""Addresses: one thing in every spelling, wherever one is compared, counted or shown."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NewType

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: what limits count by: only `counted` makes one
CountedAddress = NewType("CountedAddress", str)

#: no spelling is longer; what is, is not worth a look
_LONGEST = 100
#: what a provider gives to one customer at least
_IPV6_PREFIX = 64
#: ::ffff:0.0.0.0/96, where IPv6 holds all of IPv4
_MAPPED_BITS = 96


def parse_address(text: str) -> Address | None:
    """Return the address that a proxy or a socket names, or None if it is none.

    Some proxies write the port behind it (`203.0.113.12:50000`, `[2001:db8::1]:443`). One of IPv4
    written as IPv6 is one of IPv4, and a zone (`fe80::1%eth0`) is this machine's affair.
    """
    if len(text) > _LONGEST:
        return None
    host = _without_port(text.strip().strip('"'))
    if ":" in host:
        host = host.partition("%")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def spelled(text: str) -> str:
    """Return the one spelling of an address; what is none stays as it is, but for its length."""
    found = parse_address(text)
    return text[:_LONGEST] if found is None else str(found)


def counted(text: str) -> CountedAddress:
    """Return the address as limits count it: of IPv6 the /64, since one person has all of it."""
    found = parse_address(text)
    if isinstance(found, IPv6Address):
        return CountedAddress(str(IPv6Network((found, _IPV6_PREFIX), strict=False)))
    return CountedAddress(spelled(text))


def is_ipv6(host: str) -> bool:
    """Whether it is an address of IPv6 and nothing else, as sockets take it."""
    try:
        return isinstance(ip_address(host), IPv6Address)
    except ValueError:
        return False


def parse_network(text: str) -> Network:
    """Return a network, or the one of a single address. Raises ValueError."""
    host, slash, prefix = text.partition("/")
    is_plausible = not slash or (prefix.isascii() and prefix.isdecimal())
    found = parse_address(host) if is_plausible else None
    # A port would be ignored, and what is ignored is better refused.
    if found is None or host.count(":") == 1 or "]:" in host:
        raise ValueError(f"{text!r} is no address and no network")
    if not slash:
        return ip_network(found)
    bits = int(prefix[:3])
    if isinstance(found, IPv4Address) and ":" in host:
        bits -= _MAPPED_BITS
    try:
        return ip_network((found, bits), strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no network: there is no /{prefix[:3]}") from None


class Networks:
    """A set of networks."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Raise ValueError if one of them is none."""
        self._networks = [parse_network(network) for network in networks]

    def __contains__(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _without_port(text: str) -> str:
    if text.startswith("["):
        inside, bracket, port = text[1:].partition("]")
        is_whole = bracket and ":" in inside and (not port or _is_port(port))
        return inside if is_whole else text
    host, colon, _ = text.partition(":")
    return host if colon and _is_port(text[len(host) :]) else text


def _is_port(text: str) -> bool:
    return text[:1] == ":" and text.isascii() and text[1:].isdecimal()
