"""Is an address one thing in every spelling?"""

from __future__ import annotations

import pytest

from kabar.core.addresses import Networks, counted, is_ipv6, parse_address, parse_network, spelled

SPELLINGS = {
    ("203.0.113.12", "203.0.113.12"): [
        "203.0.113.12",
        " 203.0.113.12 ",
        "203.0.113.12:50000",
        "::ffff:203.0.113.12",
        "::FFFF:CB00:710C",
        "0:0:0:0:0:ffff:203.0.113.12",
        "[::ffff:203.0.113.12]",
        "[::ffff:203.0.113.12]:443",
        "::ffff:203.0.113.12%eth0",
    ],
    ("2001:db8::1", "2001:db8::/64"): [
        "2001:db8::1",
        "2001:DB8::1",
        "2001:0db8:0000:0000:0000:0000:0000:0001",
        "[2001:db8::1]",
        "[2001:db8::1]:443",
        '"[2001:db8::1]:443"',
        "2001:db8::1%eth0",
        "[2001:db8::1%25eth0]:443",
    ],
    ("fe80::1", "fe80::/64"): ["fe80::1", "fe80::1%eth0", "fe80::1%2", "[fe80::1%eth0]:80"],
    ("::1", "::/64"): ["::1", "[::1]:50000"],
}
#: these stay what they are, and count as what they are
NO_ADDRESSES = [
    "",
    "unknown",
    "_hidden",
    "203.0.113.12:",
    "203.0.113.12:http",
    "203.0.113.12%eth0",
    "203.0.113.012",
    "203.0.113",
    "[203.0.113.12]:443",
    "[2001:db8::1",
    "[2001:db8::1]443",
    "2001:db8::g",
]
#: a port would be passed over, so it is refused
NO_NETWORKS = [
    "",
    "proxy.example",
    "10/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/x",
    "10.0.0.0/٨",
    "10.0.0.0/255.0.0.0",
    "::ffff:10.0.0.0/8",
    "127.0.0.1:80",
    "[::1]:80",
]


@pytest.mark.parametrize(
    ("text", "one", "network"),
    [(text, *names) for names, texts in SPELLINGS.items() for text in texts],
)
def test_an_address_is_one_thing_in_every_spelling(text: str, one: str, network: str) -> None:
    assert (spelled(text), counted(text)) == (one, network)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_stays_what_it_is(text: str) -> None:
    assert parse_address(text) is None
    assert spelled(text) == counted(text) == text


def test_nothing_endless_is_kept() -> None:
    assert len(counted("1" * 10_000)) == 100


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("192.0.2.1", "192.0.2.1/32"),
        ("[2001:DB8::1]", "2001:db8::1/128"),
        ("2001:db8::1/32", "2001:db8::/32"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_a_network_is_an_address_and_how_much_of_it_counts(text: str, network: str) -> None:
    assert str(parse_network(text)) == network


@pytest.mark.parametrize("text", NO_NETWORKS)
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse_network(text)


def test_an_address_is_in_a_network_however_both_are_spelled() -> None:
    networks = Networks(["::ffff:10.0.0.0/104", "FD00::/8"])
    for text, is_inside in {
        "10.9.8.7:80": True,
        "::ffff:10.0.0.1": True,
        "[fd12::1%eth0]:443": True,
        "11.0.0.1": False,
        "fe80::1": False,
    }.items():
        address = parse_address(text)
        assert address is not None
        assert (address in networks) is is_inside


def test_a_host_of_ipv6_is_known_by_nothing_else() -> None:
    assert is_ipv6("fe80::1%eth0")
    assert not any(is_ipv6(host) for host in ("127.0.0.1", "[::1]", "::1/128", "localhost"))
