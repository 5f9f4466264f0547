"""Texts that others see: which names and addresses of pictures are accepted?"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from kabar.infra.http.field_errors import refuse


def one_line(field: str, text: str) -> str:
    """Return a text of one line, without control characters that could disguise it."""
    line = " ".join(text.split())
    if not line or any(unicodedata.category(character) in {"Cc", "Cs"} for character in line):
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
        raise refuse(field, "Must be an address that begins with https://, or null.")
    return address or None
