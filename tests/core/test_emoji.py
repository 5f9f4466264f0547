"""Which texts are one emoji?"""

from __future__ import annotations

import pytest

from kabar.core.emoji import find_emoji

ONE = {
    "👍": "👍",
    "👍🏽": "👍🏽",
    "❤️": "❤️",
    "❤": "❤️",  # as some keyboards send it
    "👨‍👩‍👧‍👦": "👨‍👩‍👧‍👦",
    "👩🏽‍❤️‍👨🏿": "👩🏽‍❤️‍👨🏿",
    "👁‍🗨": "👁️‍🗨️",
    "🏳️‍🌈": "🏳️‍🌈",
    "🇮🇩": "🇮🇩",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f": (
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    ),
    "#️⃣": "#️⃣",
}
NONE = (
    *("", " ", "a", "1", "#", ":)", ":thumbsup:", "👍👍", "👍 ", " 👍", "👍a", "\ufe0f", "\u200d"),
    *("🏽", "🇮", "🇮🇩🇮", "👍🏽🏽", "👍\u200d👍", "<b>", "\0", "👍\0", "x" * 10_000),
)


@pytest.mark.parametrize("text", ONE)
def test_one_sequence_is_one_emoji_in_one_form(text: str) -> None:
    assert find_emoji(text) == ONE[text]


@pytest.mark.parametrize("text", NONE, ids=ascii)
def test_anything_else_is_none(text: str) -> None:
    assert find_emoji(text) is None
