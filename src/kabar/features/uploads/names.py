"""Names of files: what of a name that a stranger wrote is kept?"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from kabar.core.text import beginning, is_blank, without_hidden

_MOST_CHARACTERS = 150
_MOST_OF_EXTENSION = 16
#: a name of these says that it is a picture
PICTURE_EXTENSIONS = frozenset((".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".avif"))
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


def plain_name(given: str | None) -> str:
    """Return the last part of a path, on one line, in which everything shows and in order."""
    name = re.split(r"[/\\]", given or "")[-1]
    name = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in name)
    name = " ".join(without_hidden(name).split()).lstrip(".")
    if is_blank(name):
        return "file"
    extension = extension_of(name)
    stem = name.removesuffix(name[len(name) - len(extension) :]) if extension else name
    return beginning(stem, characters=_MOST_CHARACTERS).rstrip() + extension


def extension_of(name: str) -> str:
    """Return `.png` of `Name.PNG`, or nothing."""
    extension = PurePosixPath(name).suffix.lower()
    return extension if len(extension) <= _MOST_OF_EXTENSION else ""


def picture_name(name: str, media_type: str) -> str:
    """Return the name of a picture with the extension of what it is made anew as.

    Whatever else a file may be by its name, it is opened as the picture that it is.
    """
    right = _EXTENSIONS[media_type]
    extension = extension_of(name)
    if extension == right or (right == ".jpg" and extension in {".jpeg", ".jfif"}):
        return name
    stem = name[: len(name) - len(extension)] if extension in PICTURE_EXTENSIONS else name
    return stem + right
