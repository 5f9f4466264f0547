"""Addresses: which web addresses are in what somebody wrote? The page finds the same ones."""

from __future__ import annotations

import unicodedata

import regex
from yarl import URL

# The rules of ui/elements/web-addresses.js, which says why; both are tested with one list.
_CJK_MARKS = r"\u3001-\u3003\u3008-\u3011\u3014-\u301B\u301D-\u301F"
_WIDE_MARKS = (
    r"\uFF01\uFF02\uFF07-\uFF09\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\uFF3B\uFF3D\uFF5B\uFF5D\uFF5F-\uFF64"
)
_QUOTES = '"`«»\u2039\u203a“”„‟…'
_ADDRESS = regex.compile(rf"https?://[^\s<>{_QUOTES}{_CJK_MARKS}{_WIDE_MARKS}]+", regex.IGNORECASE)
#: code is shown as it is written, and leads nowhere
_CODE = regex.compile(r"^\s{0,3}```.*?^\s{0,3}```\s*$|`[^`\n]+`", regex.DOTALL | regex.MULTILINE)
_LONGEST = 2048


def has_address(content: str) -> bool:
    """Say whether it is worth a look: for those who look at everything that is said."""
    return "://" in content


def addresses_in(content: str) -> list[str]:
    """Return the web addresses as they are written, in their order, each once."""
    if not has_address(content):
        return []
    found = (_without_punctuation(each[0]) for each in _ADDRESS.finditer(_CODE.sub(" ", content)))
    return [each for each in dict.fromkeys(found) if page_address(each) is not None]


def page_address(address: str) -> str | None:
    """Return by which address its page is known; None: it is none of a page."""
    try:
        url = URL(address).with_fragment(None)
        is_of_a_page = url.scheme in {"http", "https"} and bool(url.raw_host)
    except ValueError:
        return None
    return str(url) if is_of_a_page and len(str(url)) <= _LONGEST else None


def _without_punctuation(address: str) -> str:
    """A bracket that the address opened belongs to it."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    while end and _ends_sentence(address[end - 1]):
        last = address[end - 1]
        if last == ")" and unopened <= 0:
            break
        unopened += {")": -1, "(": 1}.get(last, 0)
        end -= 1
    return address[:end]


def _ends_sentence(mark: str) -> bool:
    return unicodedata.category(mark).startswith("P") and mark not in "/#&%_-"
