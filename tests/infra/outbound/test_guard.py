"""Which addresses of strangers may be called."""

from __future__ import annotations

import pytest
from yarl import URL

from kabar.infra.outbound import Guard, Refused

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",  # metadata of Alibaba
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",  # metadata of Azure
    "169.254.169.254",  # metadata of most others
    "172.16.0.1",
    "192.0.0.192",  # metadata of Oracle
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",  # Teredo
    "2001:db8::1",
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",  # metadata of Amazon
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_not_called(address: str) -> None:
    with pytest.raises(Refused, match="is not public"):
        Guard().require_address(address, 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111"])
def test_what_is_public_is_called_where_the_web_is(address: str) -> None:
    Guard().require_address(address, 80)
    Guard().require_address(address, 443)

    with pytest.raises(Refused, match="port 22 is not one of the web"):
        Guard().require_address(address, 22)


def test_what_the_operator_allows_is_called_on_any_port() -> None:
    guard = Guard(["10.1.0.0/16", "::1"])

    guard.require_address("10.1.2.3", 8080)
    guard.require_address("::1", 9000)
    for address in ("10.2.0.1", "::ffff:10.1.2.3", "127.0.0.1"):
        with pytest.raises(Refused):
            guard.require_address(address, 8080)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http:///nowhere",
        "http://ann:secret@example.org/",
        "http://ann@example.org/",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_what_is_no_plain_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        Guard().require_url(URL(url))
