"""What a page says of itself, whatever its author has written."""

from __future__ import annotations

import pytest

from kabar.features.chat.link_previews.pages import (
    DESCRIPTION_CHARACTERS,
    TITLE_CHARACTERS,
    PageSays,
    read_page,
)


def title_of(body: bytes, charset: str | None = None) -> str | None:
    says = read_page(body, charset)
    return None if says is None else says.title


def test_what_is_made_for_previews_comes_before_what_is_not() -> None:
    page = b"""<!doctype html><html><head>
        <title>Kabar - Home - Site</title>
        <meta name="description" content="For machines">
        <meta property="og:title" content="Kabar">
        <meta property="og:description" content=" Follow,
            chat &amp; notifications ">
        <meta property="og:image" content="/cover.png">
        <meta name="twitter:title" content="Kabar, tweeted">
    </head><body><title>Not this</title></body>"""

    assert read_page(page, None) == PageSays("Kabar", "Follow, chat & notifications", "/cover.png")


def test_a_page_without_any_of_it_has_its_title() -> None:
    assert read_page(b"<title>Just a title</title>", None) == PageSays("Just a title", None, None)


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\0\0\0",
        b"<p>Nothing in the head</p>",
        b"<title>  \n </title>",
        b"<title>\xe2\x80\x8b\xe2\x80\x8b</title>",
        b"<meta property=og:description content='Only this'>",
        b"<meta property=og:title>",
    ],
)
def test_a_page_without_a_title_says_nothing(page: bytes) -> None:
    assert read_page(page, None) is None


@pytest.mark.parametrize(
    ("charset", "declared", "written"),
    [
        ("utf-8", "", "utf-8"),
        (None, "", "utf-8"),
        (None, "<meta charset=shift_jis>", "shift_jis"),
        (None, '<meta http-equiv=content-type content="text/html; charset=euc-jp">', "euc-jp"),
        ("iso-2022-jp", "", "iso-2022-jp"),
        # What the server says comes first.
        ("utf-8", "<meta charset=shift_jis>", "utf-8"),
        # What nobody knows is nothing said.
        ("x-unknown", "<meta charset=euc-jp>", "euc-jp"),
        ("utf-16", "", "utf-16"),
    ],
)
def test_a_title_in_letters_of_its_own(charset: str | None, declared: str, written: str) -> None:
    page = f"<html>{declared}<title>日本語のページ</title>".encode(written)

    assert title_of(page, charset) == "日本語のページ"


def test_western_letters_without_a_word_about_them() -> None:
    assert title_of("<title>Café, déjà vu</title>".encode("cp1252")) == "Café, déjà vu"


@pytest.mark.parametrize(
    "trap",
    ["zip", "bz2", "hex", "rot13", "idna", "punycode", "unicode_escape", "utf-7", "undefined"],
)
def test_a_charset_that_is_none_is_not_believed(trap: str) -> None:
    page = b"<meta charset=" + trap.encode() + b"><title>Hello</title>"

    assert title_of(page, trap) == "Hello"


def test_wrong_letters_are_replaced_and_nothing_falls_over() -> None:
    assert title_of(b"<title>Caf\xe9 \xff</title>", "utf-8") == "Caf\ufffd \ufffd"


def test_a_head_is_read_to_its_end_and_what_comes_after_it_is_not() -> None:
    head = b"<script>" + b"let a = 1;\n" * 50_000 + b"</script>" + b"<link rel=x>" * 1_000
    late = b"<meta property=og:title content=Late>"

    assert title_of(b"<title>T</title><head>" + head + late + b"</head><body>Hi") == "Late"
    assert title_of(b"<title>T</title></head><body>" + b"<p>Hi" * 50_000 + late) == "T"
    assert title_of(b"<title>T</title>" + b"<link rel=x>" * 60_000 + late) == "T"


def test_a_title_of_a_megabyte_is_cut() -> None:
    title = title_of(b"<title>" + b"word " * 200_000 + b"</title>")

    assert title is not None
    assert len(title) <= TITLE_CHARACTERS


def test_a_title_without_an_end_is_cut() -> None:
    says = read_page(b"<title>" + b"x" * 1_000_000, None)

    assert says == PageSays("x" * TITLE_CHARACTERS, None, None)


def test_a_long_description_is_cut() -> None:
    page = b"<title>T</title><meta name=description content='" + b"y" * 100_000 + b"'>"

    assert read_page(page, None) == PageSays("T", "y" * DESCRIPTION_CHARACTERS, None)


def test_a_script_in_a_title_is_text() -> None:
    page = b"<title><script>alert(1)</script> &lt;b&gt;</title>"

    assert title_of(page) == "<script>alert(1)</script> <b>"


def test_what_turns_letters_around_or_does_not_show_is_left_out() -> None:
    page = "<title>\u202egnp.exe\u202c \u200binvoice\a</title>".encode()

    assert title_of(page, "utf-8") == "gnp.exe invoice"


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<b><i><a>",
        "<!--",
        "<a ",
        "<meta ",
        "<a b='",
        "<![CDATA[",
        "</script",
        "<",
        "&#",
        "<p><table>",
    ],
)
def test_a_megabyte_of_nonsense_is_read_like_any_other(piece: str) -> None:
    """Of some parsers such a page takes minutes; a test that takes so long is seen."""
    page = b"<title>T</title>" + piece.encode() * (1_000_000 // len(piece))

    assert title_of(page) == "T"
