"""What of a text shows, what would disguise it, and how it is found."""

from __future__ import annotations

import pytest

from kabar.core.text import beginning, folded, is_blank, isolated, without_hidden

NOTHING = ["", " ", "\n", "\u200b", "\u2060", "\u3164", "\u00ad", "\U000e0041", "\u2800", "\ufeff"]


@pytest.mark.parametrize(
    "text",
    [*NOTHING, "".join(NOTHING), "\u200d\u202e", "\u180e\u115f", "\U000e0100", "\u180b\u180f"],
)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", ".", "1", "🎻", "🧑‍👩‍👧", "\u200bx", "ـ", "न", "︎☺︎"])
def test_what_shows_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A\u200bda", "Ada"),
        ("\u202eadA", "adA"),
        ("A\u2066d\u2069a", "Ada"),
        ("Ad\u00ada", "Ada"),
        ("A\u200dd\u200ca", "Ada"),
        ("Ada\ufe0f", "Ada"),
        ("Ada\U000e0067\U000e007f", "Ada"),
        ("Ada\u3164", "Ada"),
        ("Ada\U000e0100", "Ada"),
        ("あ\U000e0100", "あ"),
        ("葛\U000e0100\U000e0101", "葛\U000e0100"),
        ("Ada\u180b\u180e", "Ada"),
        ("র\u200d", "র"),
        ("А\u200d\u094dа", "А\u094dа"),
    ],
)
def test_two_names_that_look_the_same_are_the_same(text: str, shown: str) -> None:
    assert without_hidden(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽‍💻",
        "🧑‍👩‍👧",
        "❤️",
        "1️⃣",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",
        "ക്\u200dഷ",
        "ന്\u200d",
        "हिन्\u200dदी",
        "Žofie",
        "علي",
        "র\u200d্যাব",
        "ರ\u200d್ಯಾಂಕ್",
        "葛\U000e0100城",
        "辻\U000e0101",
        "ᠨ\u180bᠠ",
        "ᠭ\u180f",
        "ᠮᠣᠩᠭ\u180b\u180eᠠ",
        "ᠰᠠᠷ\u180eᠠ",
    ],
)
def test_what_emoji_and_scripts_need_stays(text: str) -> None:
    assert without_hidden(text) == text


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Žofie", "zofie"),
        ("Zofie", "ŽOFIE"),
        ("İstanbul", "istanbul"),
        ("Straße", "STRASSE"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("Łódź", "lodz"),
        ("Bjørn", "bjorn"),
        ("Đặng", "dang"),
        ("ｆｕｌｌ", "full"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "میخواهم"),
        ("Ada\u00ad", "ada"),
        ("O\u2019Brien", "o'brien"),
        ("O\u2019Brien", "obrien"),
        ("Hawai\u02bbi", "hawai'i"),
        ("Hawai\u02bbi", "Hawaii"),
        ("L\u00b4Hospital", "l'hospital"),
        ("צ\u05f3ארלי", "צ'ארלי"),
        ("Jean\u2010Luc", "jean-luc"),
        ("Jean\u2011Luc", "jean-luc"),
        ("Jean\u2013Luc", "jean-luc"),
        ("علي", "علی"),
        ("مصطفى", "مصطفی"),
        ("كريم", "کریم"),
        ("رئيس", "رییس"),
        ("サクラ", "さくら"),
        ("ｻｸﾗ", "さくら"),
        ("ヴァイオレット", "ゔぁいおれっと"),
        ("ヾ", "ゞ"),
        ("র\u200d্যাব", "র্যাব"),
        ("葛\U000e0100城", "葛城"),
        ("ᠨ\u180bᠠᠷ\u180f\u180eᠠ", "ᠨᠠᠷᠠ"),
    ],
)
def test_a_name_is_found_as_one_types_it(name: str, typed: str) -> None:
    assert folded(name) == folded(typed)


@pytest.mark.parametrize("name", ["नमस्ते", "สวัสดี", "й", "ي", "ガ", "ー", "がき"])
def test_signs_that_are_letters_are_kept_or_dropped_on_both_sides(name: str) -> None:
    assert folded(folded(name)) == folded(name) != ""


@pytest.mark.parametrize("whole", ["👩‍👩‍👧‍👦", "👍🏽", "🇳🇱", "e\u0301", "1️⃣", "각", "नि"])
def test_what_one_sees_as_a_character_is_never_halved(whole: str) -> None:
    for size in range(1, len(whole)):
        assert beginning(f"ab{whole}c", characters=2 + size) == "ab"
    assert beginning(f"ab{whole}c", characters=2 + len(whole)) == f"ab{whole}"
    assert beginning(f"ab{whole}", characters=2 + len(whole)) == f"ab{whole}"


def test_a_beginning_is_bounded_whatever_one_writes() -> None:
    assert beginning("abc", characters=2) == "ab"
    assert beginning("🎻" * 9, characters=5) == "🎻" * 5
    assert beginning("e" + "\u0301" * 10_000, characters=5) == "e" + "\u0301" * 4


def test_a_name_in_a_sentence_is_isolated() -> None:
    assert isolated("علي") == "\u2068علي\u2069"
