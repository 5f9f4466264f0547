"""Pages: what does a page say of itself, in its head? Values; nothing is fetched here."""

from __future__ import annotations

import codecs
import re
from typing import Any, NamedTuple

from kabar.core.text import beginning, is_blank, without_hidden

TITLE_CHARACTERS, DESCRIPTION_CHARACTERS = 200, 400
#: read at once, and looked at whether it is enough
_PIECE_CHARACTERS = 16 * 1024
#: tags and texts of a page without an end to its head: more are only there to keep us busy
_MOST_HEARD = 5_000
#: where a page says in which letters it is written
_DECLARATION = re.compile(
    rb"""<meta[^<>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_DECLARED_WITHIN = 4096
#: What pages are written in, of all that Python can read: the rest is no text, or a trap.
_CHARSETS = frozenset(
    (
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "koi8-r", "koi8-u", "cp874"),
        *(f"cp125{number}" for number in range(9)),
        *(f"iso8859-{number}" for number in (*range(1, 12), *range(13, 17))),
        *("shift_jis", "cp932", "euc_jp", "iso2022_jp", "gb2312", "gbk", "gb18030", "big5"),
        *("big5hkscs", "euc_kr", "cp949", "mac-roman", "tis-620"),
    )
)
#: as browsers understand them
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_TITLES = ("og:title", "twitter:title", "<title>")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_WANTED = frozenset((*_TITLES, *_DESCRIPTIONS, *_IMAGES))


class PageSays(NamedTuple):
    """What a page says of itself."""

    title: str
    description: str | None
    #: an address, as it is written there
    image: str | None


def read_page(body: bytes, charset: str | None) -> PageSays | None:
    """Return what is in the head of a page; None: nothing that one could show."""
    # Loaded when the first link is looked at, and not at every start.
    from lxml import etree

    # Without a tree: a page of a hundred thousand elements in each other costs no more than others.
    head = _Head()
    parser = etree.HTMLParser(target=head, no_network=True)
    text = _text_of(body, charset)
    try:
        for start in range(0, len(text), _PIECE_CHARACTERS):
            parser.feed(text[start : start + _PIECE_CHARACTERS])
            if head.is_over:
                break
        said: dict[str, str] = parser.close()
    except etree.LxmlError:
        return None
    title = _first(said, _TITLES, TITLE_CHARACTERS)
    if title is None:
        return None
    image = next((said[name] for name in _IMAGES if name in said), None)
    return PageSays(title, _first(said, _DESCRIPTIONS, DESCRIPTION_CHARACTERS), image)


class _Head:
    """Hears the tags of a page, and keeps the first of each that it wants."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._title: list[str] | None = None
        self._heard = 0
        self._is_in_body = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be heard: the head has ended, with a title, or never will."""
        has_title = any(name in self._said for name in _TITLES)
        return (self._is_in_body and has_title) or self._heard > _MOST_HEARD

    def start(self, tag: str, attributes: Any) -> None:
        self._heard += 1
        self._is_in_body |= tag == "body"
        if tag == "title" and "<title>" not in self._said:
            self._title = []
        elif tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
            content = attributes.get("content")
            if name in _WANTED and name not in self._said and content and content.strip():
                self._said[name] = content.strip()

    def data(self, text: str) -> None:
        self._heard += 1
        if self._title is not None:
            self._title.append(text)

    def end(self, tag: str) -> None:
        if tag == "title" and self._title is not None:
            self._said["<title>"] = "".join(self._title)
            self._title = None

    def close(self) -> dict[str, str]:
        self.end("title")
        return self._said


def _text_of(body: bytes, charset: str | None) -> str:
    """Return the text by what the body begins with, what was said of it, or what it says."""
    for mark, name in _BOMS.items():
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = _DECLARATION.search(body[:_DECLARED_WITHIN])
    written = declared[1].decode("ascii", "ignore") if declared else None
    for name in filter(None, (_known(charset), _known(written))):
        return body.decode(name, "replace")
    try:
        # Of the last character only a part may be there.
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _known(label: str | None) -> str | None:
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name) if name in _CHARSETS else None


def _first(said: dict[str, str], names: tuple[str, ...], characters: int) -> str | None:
    """Return the first that shows something, on one line and in order."""
    for name in names:
        # What is longer by far is not looked at letter by letter.
        text = without_hidden(" ".join(said.get(name, "")[: 20 * characters].split()))
        text = "".join(each for each in text if each.isprintable())
        if not is_blank(text):
            return beginning(text, characters=characters).rstrip()
    return None
