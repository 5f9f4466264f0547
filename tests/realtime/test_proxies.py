"""Addresses behind proxies."""

from __future__ import annotations

import pytest

from kabar.realtime.proxies import TrustedProxies


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.0.0.1", "10.0.0.1"),
        ("127.0.0.1", "rubbish", "rubbish"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_what_a_trusted_proxy_wrote_counts(peer: str, forwarded_for: str, client: str) -> None:
    proxies = TrustedProxies(["127.0.0.1", "10.0.0.0/8"])
    assert proxies.client_address(peer, forwarded_for) == client
