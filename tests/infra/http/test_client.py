"""Which address and scheme does a request come from?"""

from __future__ import annotations

import pytest

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings
from kabar.infra.http.client import Client, TrustedProxies, limit_key


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        # nobody is believed who is not trusted
        ("127.0.0.1", "192.0.2.9", "10.0.0.1", "192.0.2.9"),
        ("", "127.0.0.1", "10.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "192.0.2.1", "192.0.2.1"),
        # what the client wrote itself stands to the left of what the proxy added
        ("127.0.0.1", "127.0.0.1", "1.1.1.1, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", "1.1.1.1, 192.0.2.1, 10.2.3.4", "192.0.2.1"),
        ("127.0.0.1,10.0.0.0/8", "::ffff:10.1.1.1", "192.0.2.1", "192.0.2.1"),
        ("*", "192.0.2.9", "1.1.1.1, 192.0.2.1", "1.1.1.1"),
        ("127.0.0.1", "", "192.0.2.1", "192.0.2.1"),
        # all spellings are one address
        ("127.0.0.1", "127.0.0.1", "203.0.113.12:50000", "203.0.113.12"),
        ("127.0.0.1", "127.0.0.1", "[2001:DB8::1]:443", "2001:db8::1"),
        ("127.0.0.1", "127.0.0.1", "::ffff:203.0.113.12", "203.0.113.12"),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", "192.0.2.1, 10.2.3.4:8080", "192.0.2.1"),
        ("127.0.0.1,fd00::/8", "[::ffff:127.0.0.1]:7", "192.0.2.1, [FD00::1]:80", "192.0.2.1"),
        ("192.0.2.0/24", "::ffff:192.0.2.9", "203.0.113.12", "203.0.113.12"),
        ("", "::ffff:192.0.2.9", "", "192.0.2.9"),
        ("fe80::/10", "fe80::1%eth0", "203.0.113.12", "203.0.113.12"),
        # nobody's word
        ("none", "127.0.0.1", "192.0.2.1", "127.0.0.1"),
        # what is no address is counted as the proxy that told it
        ("127.0.0.1", "127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", "192.0.2.1, unknown, 10.2.3.4", "10.2.3.4"),
        ("127.0.0.1", "127.0.0.1", "192.0.2.1, ,", "192.0.2.1"),
        # nobody has more than twenty proxies: what stands further left is not looked at
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", "192.0.2.1" + ", 10.2.3.4" * 19, "192.0.2.1"),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", "192.0.2.1" + ", 10.2.3.4" * 20, "10.2.3.4"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1," * 7_600 + "192.0.2.1", "192.0.2.1"),
        ("*", "192.0.2.9", "1.1.1.1" + ", 192.0.2.1" * 19, "1.1.1.1"),
        ("*", "192.0.2.9", "1.1.1.1" + ", 192.0.2.1" * 7_600, "192.0.2.1"),
    ],
)
def test_the_address_is_the_last_one_that_nobody_trusted_vouches_for(
    trusted: str, peer: str, forwarded: str, address: str
) -> None:
    proxies = TrustedProxies([proxy for proxy in trusted.split(",") if proxy])
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"client": (peer, 1) if peer else None, "scheme": "http", "headers": headers}

    assert proxies.client_of(scope) == Client(address, is_https=False)


@pytest.mark.parametrize(
    ("peer", "scheme", "forwarded", "is_https"),
    [
        ("127.0.0.1", "http", None, False),
        ("127.0.0.1", "https", None, True),
        ("127.0.0.1", "http", "https", True),
        ("127.0.0.1", "https", "http", False),
        ("192.0.2.9", "http", "https", False),
    ],
)
def test_the_scheme_is_the_browsers(
    peer: str, scheme: str, forwarded: str | None, is_https: bool
) -> None:
    headers = [(b"x-forwarded-proto", forwarded.encode())] if forwarded else []
    scope = {"client": (peer, 1), "scheme": scheme, "headers": headers}

    assert TrustedProxies(["127.0.0.1"]).client_of(scope).is_https == is_https


@pytest.mark.parametrize(
    ("addresses", "schemes", "is_https"),
    [
        # each proxy adds how the one before it came
        ("192.0.2.1, 10.2.3.4", "https, http", True),
        ("192.0.2.1, 10.2.3.4", "http, https", False),
        ("192.0.2.1, 10.2.3.4, 10.2.3.5", "https, http, http", True),
        # the last one passes on what the first one said, or says it anew
        ("192.0.2.1, 10.2.3.4", "https", True),
        ("192.0.2.1, 10.2.3.4", "http", False),
        ("192.0.2.1, 10.2.3.4, 10.2.3.5", "https, http", True),
        # what the stranger said stands further left
        ("10.9.9.9, 192.0.2.1, 10.2.3.4", "https, http, https", False),
        ("192.0.2.1", "https, http", False),
        ("", "http, https", True),
        ("192.0.2.1, 10.2.3.4", ", ", False),
        ("192.0.2.1, 10.2.3.4", "HTTPS , http", True),
    ],
)
def test_of_several_proxies_the_one_that_the_browser_reached_says_how(
    addresses: str, schemes: str, is_https: bool
) -> None:
    headers = [(b"x-forwarded-for", addresses.encode()), (b"x-forwarded-proto", schemes.encode())]
    scope = {"client": ("127.0.0.1", 1), "scheme": "http", "headers": headers}
    proxies = TrustedProxies(["127.0.0.1", "10.0.0.0/8"])

    assert proxies.client_of(scope).is_https == is_https


def test_by_default_every_proxy_on_this_machine_is_trusted() -> None:
    proxies = TrustedProxies(Settings.model_fields["trusted_proxies"].default)
    headers = [(b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-proto", b"https")]
    for peer in ("127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"):
        scope = {"client": (peer, 1), "scheme": "http", "headers": headers}
        assert proxies.client_of(scope) == Client("192.0.2.1", is_https=True)


def test_a_proxy_that_is_no_address_stops_the_start() -> None:
    with pytest.raises(CannotStart, match="KABAR_TRUSTED_PROXIES"):
        TrustedProxies(["proxy.example"])


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("x" * 1000, "x" * 100),
    ],
)
def test_limits_count_an_ipv6_network_as_one(address: str, key: str) -> None:
    assert limit_key(address) == key
