"""Texts that others see: which names and addresses of pictures are accepted?"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from kabar.core.text import is_blank, without_hidden
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.rules import obeys


def one_line(field: str, text: str) -> str:
    """Return a text of one line in which everything shows, and shows where it stands."""
    line = " ".join(text.split())
    is_plain = not any(unicodedata.category(character) in {"Cc", "Cs"} for character in line)
    line = " ".join(without_hidden(line).split())
    if is_blank(line) or not is_plain:
        raise refuse(field, "Must be a line of text.")
    return line


def picture_address(field: str, text: str) -> str | None:
    """Return the address of a picture, which may be none; it is never that of a script."""
    address = text.strip()
    try:
        parts = urlsplit(address)
        is_web_address = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        is_web_address = False
    if address and (not is_web_address or re.search(r"[\s\x00-\x1f]", address)):
        raise refuse(field, "Must be an address that begins with https://.")
    return address or None


#: Lengths and patterns are of what is sent, before it is trimmed.
LineText = Annotated[
    str,
    Meta(min_length=1, max_length=100, pattern=r"\S", description="a line of text."),
    obeys(one_line),
]
PictureText = Annotated[
    str,
    Meta(
        max_length=2000,
        pattern=r"^\s*([Hh][Tt][Tt][Pp][Ss]://[^\s/?#]\S*)?\s*$",
        description="an address that begins with https://.",
    ),
    obeys(picture_address),
]
