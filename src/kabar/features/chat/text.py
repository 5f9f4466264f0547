"""Text: which content may a message have, and how is it shortened in lists?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kabar.core.errors import FieldError, Invalid
from kabar.core.text import beginning, is_blank

_EMPTY_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
#: of the last message, in the list of conversations
PREVIEW_CHARACTERS = 100
#: what stands for a message that has files and no words
WITHOUT_WORDS = {"image": "Picture", "audio": "Voice message", "video": "Video", "file": "File"}
#: what stands before the question of a poll
POLL = "Poll: "


def require_content(content: str, *, max_characters: int, may_be_empty: bool = False) -> str:
    """Return the content as it is stored, or raise `Invalid`.

    Empty lines before it and white space behind it go, the indentation of its first line stays;
    line ends are `\\n`. NUL cannot be stored by PostgreSQL, and shows nothing.
    """
    content = _EMPTY_LINES.sub("", content.replace("\r\n", "\n")).rstrip()
    if may_be_empty and not content:
        return content
    if is_blank(content):
        raise _invalid("must not be empty")
    if len(content) > max_characters:
        raise _invalid(f"must have at most {max_characters} characters")
    if "\0" in content:
        raise _invalid("must not contain the character NUL")
    return content


def require_attachments(upload_ids: Sequence[str], *, most: int) -> None:
    """Raise `Invalid` for more files than a message may have, and for one that it has twice."""
    if len(upload_ids) > most:
        raise Invalid(errors=[FieldError("attachmentIds", f"must have at most {most} entries")])
    if len(set(upload_ids)) < len(upload_ids):
        raise Invalid(errors=[FieldError("attachmentIds", "must not have one entry twice")])


def shown(content: str, message_type: str) -> str:
    """Return what stands for a message in a list: its words, or what it is without any."""
    if message_type == "poll":
        return f"{POLL}{content}"
    return content or WITHOUT_WORDS.get(message_type, "")


def preview(content: str) -> str:
    """Return the beginning of the content on one line, as lists show it."""
    line = " ".join(beginning(content, characters=2 * PREVIEW_CHARACTERS).split())
    return beginning(line, characters=PREVIEW_CHARACTERS).rstrip()


def _invalid(message: str) -> Invalid:
    return Invalid(errors=[FieldError("content", message)])
