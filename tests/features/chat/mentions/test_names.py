"""Names: what in a text mentions somebody, and what is code or an address."""

from __future__ import annotations

import pytest

from kabar.features.chat.mentions.names import MOST_NAMES, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ann", ["ann"]),
        ("Hi @Ann, @ben.", ["ann", "ben"]),
        ("(@ann) “@ben_1” @ann", ["ann", "ben_1"]),
        ("@ann.smith… and @ben...", ["ann.smith", "ben"]),
        ("@room @ann", ["room", "ann"]),
        ("こんにちは @ann さん", ["ann"]),
        ("> @ann\n- @ben\n**@cleo**", ["ann", "ben", "cleo"]),
        ("nobody", []),
        ("@an @", []),
        ("ann@example.org, @ann@example.org", []),
        ("https://example.org/@ann", []),
        ("@annä @" + "a" * 31, []),
        ("`@ann` and ` @ben`", []),
        ("`@ann @ben", ["ann", "ben"]),
        ("```\n@ann\n```\n@ben", ["ben"]),
        ("```py\n@ann\n```", []),
        ("```\n@ann", ["ann"]),
        ("  ```\n@ann\n  ```  \n@ben\n```\n@cleo", ["ben", "cleo"]),
    ],
)
def test_a_text_mentions_what_is_a_name_and_no_code(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_of_very_many_names_the_first_count() -> None:
    text = " ".join(f"@name{number}" for number in range(1_000))

    assert names_in(text) == [f"name{number}" for number in range(MOST_NAMES)]


@pytest.mark.parametrize("text", ["```\n", "```a\n", "@", "`@", "@a.", "`a\n", "@" + "a" * 40])
def test_whatever_is_repeated_is_read_in_one_go(text: str) -> None:
    """Ten times as long takes about ten times as long: otherwise this does not end."""
    assert names_in(text * (200_000 // len(text))) == []
