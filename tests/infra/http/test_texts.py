"""Short texts that others see."""

from __future__ import annotations

import pytest

from kabar.core.errors import Invalid
from kabar.infra.http.texts import one_line, picture_address


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ann", "Ann"),
        ("  Ann \n  Lee\t", "Ann Lee"),
        ("Žofie 🎻", "Žofie 🎻"),
        ("علي", "علي"),
        ("A\u200bda", "Ada"),
        ("\u202eA da\u202c", "A da"),
        ("A \u2060 da", "A da"),
        ("র\u200d্যাব", "র\u200d্যাব"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("\U000e0100A\u180eda", "Ada"),
    ],
)
def test_a_name_is_one_line(given: str, kept: str) -> None:
    assert one_line("name", given) == kept


@pytest.mark.parametrize(
    "given",
    [
        *["", " ", "\n", "\u2003", "a\x1b[31mb", "a\x7f", "a\x00", "\u200b", "\u3164"],
        *["\U000e0100", "\u180b\u180e", "\u200d\u09cd", "\u09cd\u200d"],
    ],
)
def test_what_shows_nothing_or_disguises_itself_is_no_name(given: str) -> None:
    with pytest.raises(Invalid) as refused:
        one_line("name", given)

    assert [error.field for error in refused.value.errors] == ["name"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/a.png?x=1#y", "https://example.org/a.png?x=1#y"),
        (" https://example.org/a.png ", "https://example.org/a.png"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_picture_has_an_address_or_none(given: str, kept: str | None) -> None:
    assert picture_address("avatar", given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "data:image/svg+xml,x",
        "http://example.org/a.png",
        "//example.org/a.png",
        "https://",
        "https://[",
        "https://example.org/a b.png",
        "https://example.org/\x01",
        "a.png",
    ],
)
def test_other_addresses_are_refused(given: str) -> None:
    with pytest.raises(Invalid) as refused:
        picture_address("avatar", given)

    assert [error.field for error in refused.value.errors] == ["avatar"]
