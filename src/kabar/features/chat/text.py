"""Text: which content may a message have, and how is it shortened in lists?"""

from __future__ import annotations

import re

from kabar.core.errors import FieldError, Invalid
from kabar.core.text import beginning, is_blank

_EMPTY_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
#: of the last message, in the list of conversations
PREVIEW_CHARACTERS = 100


def require_content(content: str, *, max_characters: int) -> str:
    """Return the content as it is stored, or raise `Invalid`.

    Empty lines before it and white space behind it go, the indentation of its first line stays;
    line ends are `\\n`. NUL cannot be stored by PostgreSQL, and shows nothing.
    """
    content = _EMPTY_LINES.sub("", content.replace("\r\n", "\n")).rstrip()
    if is_blank(content):
        raise _invalid("must not be empty")
    if len(content) > max_characters:
        raise _invalid(f"must have at most {max_characters} characters")
    if "\0" in content:
        raise _invalid("must not contain the character NUL")
    return content


def preview(content: str) -> str:
    """Return the beginning of the content on one line, as lists show it."""
    line = " ".join(beginning(content, characters=2 * PREVIEW_CHARACTERS).split())
    return beginning(line, characters=PREVIEW_CHARACTERS).rstrip()


def _invalid(message: str) -> Invalid:
    return Invalid(errors=[FieldError("content", message)])
