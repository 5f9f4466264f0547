"""Which web addresses are in a message: the same ones that the page makes links of."""

from __future__ import annotations

import json

import pytest

from kabar.features.chat.link_previews.addresses import addresses_in, page_address
from tests.house.tree import ROOT

#: the page's tests have it, too
LISTS = json.loads((ROOT / "tests" / "ui" / "web-addresses.json").read_text())


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("no address", []),
        ("see https://kabar.example/a, or http://b.example.", ["https://kabar.example/a", "http://b.example"]),
        ("(https://en.example/wiki/Link_(film))", ["https://en.example/wiki/Link_(film)"]),
        ("twice https://a.example https://a.example", ["https://a.example"]),
        ("`https://code.example` and\n```\nhttps://fence.example\n```", []),
        ("これはhttps://a.example/x。次", ["https://a.example/x"]),
        ("ftp://a.example javascript://a.example ://", []),
        ("https://", []),
        ("http://[::1", []),
        ("HTTPS://A.EXAMPLE/", ["HTTPS://A.EXAMPLE/"]),
    ],
)  # fmt: skip
def test_addresses_are_found_as_they_are_written(content: str, found: list[str]) -> None:
    assert addresses_in(content) == found


def test_a_message_full_of_them_is_read_in_one_go() -> None:
    assert len(addresses_in(" ".join(f"https://a.example/{n}" for n in range(400)))) == 400
    assert addresses_in("https://" * 1250 + "`" * 10) == []


def test_a_page_has_one_address_however_it_is_written() -> None:
    assert page_address("HTTP://A.Example:80/x#part") == page_address("http://a.example/x")
    assert page_address("https://a.example/" + "x" * 2048) is None
    assert page_address("https://bücher.example/ö") == "https://xn--bcher-kva.example/%C3%B6"


@pytest.mark.parametrize(("content", "address"), LISTS["ending"])
def test_an_address_ends_before_what_is_around_it(content: str, address: str) -> None:
    assert addresses_in(content) == [address]


@pytest.mark.parametrize("address", LISTS["whole"])
def test_an_address_is_found_whole(address: str) -> None:
    assert addresses_in(f"see {address}, then go") == [address]
