"""Names: which ones does a text mention? What is code mentions nobody."""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec

#: the name of all who are in the room, and what stands for them where somebody's id does
ROOM = "room"
ALL = ""
#: of one message; of more names the first count
MOST_NAMES = 50

# As the page draws it (ui/elements/markup.js).
_FENCE = re.compile(r"[^\S\n]{0,3}```[\w+-]*\s*\Z")
_FENCE_END = re.compile(r"[^\S\n]{0,3}```\s*\Z")
_CODE = re.compile(r"`[^`\n]+`")
#: no part of an address, of the web or of e-mail
_NAME = re.compile(r"(?<![\w@./:+-])@([A-Za-z0-9_.]{3,30})(?![\w@])")


class Mentioned(msgspec.Struct, frozen=True, array_like=True):
    """Somebody who is mentioned, or `ALL`, as a message keeps it."""

    user_id: str
    #: as it is written, in lower case
    name: str


def names_in(content: str) -> list[str]:
    """Return the names that a text mentions, each once, in lower case."""
    if "@" not in content:
        return []
    said = _CODE.sub("``", _without_blocks(content))
    names = (found.group(1).rstrip(".").lower() for found in _NAME.finditer(said))
    return list(dict.fromkeys(name for name in names if len(name) > 2))[:MOST_NAMES]


def _without_blocks(content: str) -> str:
    """Return the lines that are not in a block of code; one without an end is none."""
    lines = content.split("\n")
    ends = [at for at, line in enumerate(lines) if _FENCE_END.match(line)]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        after = bisect_right(ends, at)
        if after < len(ends) and _FENCE.match(lines[at]):
            at = ends[after]
        else:
            kept.append(lines[at])
        at += 1
    return "\n".join(kept)


_decode = msgspec.json.Decoder(list[Mentioned]).decode


def read_mentioned(kept: str | None) -> list[Mentioned]:
    """Return whom a message mentions, of what it keeps of it."""
    return [] if kept is None else _decode(kept)


def write_mentioned(mentioned: list[Mentioned]) -> str | None:
    return msgspec.json.encode(mentioned).decode() if mentioned else None
