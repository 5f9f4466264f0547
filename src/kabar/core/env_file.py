"""The file `.env`, and the names in it and in the environment: is all of it understood?"""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from kabar.core.errors import CannotStart

ENV_FILE = Path(".env")
#: as some editors write it, with a mark in front
ENCODING = "utf-8-sig"

#: the file may be shared with other programs, whose lines are none of our business
_OURS = re.compile(r"\b(KABAR|PUSHER)_", re.IGNORECASE)
_PREFIX = "KABAR_"
#: what it tells of a service that has our name
_FROM_KUBERNETES = re.compile(r"KABAR_(SERVICE|PORT)_")


def names_in_env_file() -> list[str]:
    """Return the names that the file sets; none where there is no file.

    Raises `CannotStart` for a file that cannot be read, and for a line of ours that its reader
    would pass over without a word.
    """
    if not ENV_FILE.is_file():
        return []
    try:
        text = ENV_FILE.read_text(encoding=ENCODING)
    except OSError as failure:
        raise CannotStart(f"{ENV_FILE} cannot be read: {failure.strerror}") from None
    except UnicodeDecodeError:
        raise CannotStart(f"{ENV_FILE} cannot be read: it is not UTF-8") from None
    names = []
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line
        is_understood = not binding.error and (binding.key is None or binding.value is not None)
        if not is_understood and _OURS.search(binding.original.string):
            raise CannotStart(f"{ENV_FILE}: line {line} is not of the form NAME=value")
        if binding.key is not None:
            names.append(binding.key)
    return names


def misspelt(given: Collection[str], known: Collection[str]) -> dict[str, str]:
    """Return the names that look like settings and are none, each with the nearest one, or ""."""
    ours = {name.upper() for name in given if name.upper().startswith(_PREFIX)}
    return {
        name: _nearest(name, known)
        for name in sorted(ours.difference(known))
        if not _FROM_KUBERNETES.match(name)
    }


def _nearest(name: str, known: Collection[str]) -> str:
    # They all begin alike, which would make any two of them look near.
    endings = [each.removeprefix(_PREFIX) for each in known if each.startswith(_PREFIX)]
    found = get_close_matches(name.removeprefix(_PREFIX), endings, 1)
    return _PREFIX + found[0] if found else ""
