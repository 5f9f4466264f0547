"""What may be said, and how lists show it."""

from __future__ import annotations

import pytest

from kabar.core.errors import Invalid
from kabar.features.chat.text import PREVIEW_CHARACTERS, preview, require_content


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("hi", "hi"),
        ("  hi \n\t", "  hi"),
        ("\n \n\tif:\n\t x\n", "\tif:\n\t x"),
        ("one\r\ntwo", "one\ntwo"),
        ("x" * 10, "x" * 10),
        ("x" * 10 + "\n", "x" * 10),
        ("🧑‍👩‍👧", "🧑‍👩‍👧"),
        ("مرحبا\u200f", "مرحبا\u200f"),
    ],
)
def test_content_is_kept_without_the_space_around_it(said: str, kept: str) -> None:
    assert require_content(said, max_characters=10) == kept


@pytest.mark.parametrize(
    "said",
    ["", " ", "\n\r\n\t", "\u00a0\u2003", "\u200b", "\u3164", "\u2800", "x" * 11, "a\u0000b"],
)
def test_what_may_not_be_said_names_the_field(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_content(said, max_characters=10)

    assert [error.field for error in refused.value.errors] == ["content"]


def test_a_preview_is_one_line_of_bounded_length() -> None:
    assert preview("one\n\n  two\tthree ") == "one two three"
    assert preview("x" * 10_000) == "x" * PREVIEW_CHARACTERS


@pytest.mark.parametrize("whole", ["👩‍👩‍👧‍👦", "e\u0301"])
def test_a_preview_ends_before_a_character_that_it_would_halve(whole: str) -> None:
    before = "x" * (PREVIEW_CHARACTERS - 1)
    assert preview(before + whole + "y") == before
    spaced = " " * 98 + "x" + "\n" * 100
    assert preview(spaced + whole) == "x"
