"""Upgrade: reading the handshake out of the request that becomes a WebSocket."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kabar.engines.realtime.connection.handshake import KEPT_HEADERS, Handshake
from kabar.infra.http.client import TrustedProxies

_FROM_PROXIES = frozenset({"x-forwarded-for", "x-forwarded-proto"})


def read_handshake(
    target: str,
    headers: Iterable[tuple[str, str]],
    *,
    peer: object,
    is_tls: bool,
    proxies: TrustedProxies,
) -> Handshake:
    """Return the handshake in a request; `peer` is the transport's `peername`."""
    path, _, query = target.partition("?")
    encoded = [(name.lower(), value.encode("latin-1")) for name, value in headers]
    # As ASGI would describe the request.
    scope: dict[str, Any] = {
        # A Unix socket has no address: its other end is on this machine.
        "client": peer or None,
        "scheme": "wss" if is_tls else "ws",
        "headers": [(name.encode(), value) for name, value in encoded if name in _FROM_PROXIES],
    }
    client = proxies.client_of(scope)
    return Handshake(
        path=path,
        query=query,
        headers=tuple((name.encode(), value) for name, value in encoded if name in KEPT_HEADERS),
        address=client.address,
        is_secure=client.is_https,
    )
