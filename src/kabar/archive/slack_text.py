"""Slack's texts, reactions and times, as Kabar has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from emoji import emojize

from kabar.core.emoji import find_emoji
from kabar.core.text import is_blank

_MARK = re.compile(r"<([^<>]{1,4000})>")
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_TS = re.compile(r"(\d{1,11})\.(\d{1,6})", re.ASCII)
_TONE = re.compile(r"::skin-tone-([2-6])$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_LINK = 2000


def text_of(message: Mapping[str, Any], usernames: Mapping[str, str], *, longest: int) -> str:
    """Return what a message says, with its files as links; empty: it says nothing."""

    def plain(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith("@"):
            return f"@{usernames.get(target[1:]) or label or target[1:]}"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            is_all = target[1:] in {"channel", "here", "everyone"}
            return "@room" if is_all else label or target[1:]
        return target if not label or label in target else f"{label} ({target})"

    said = _MARK.sub(plain, _text(message.get("text")))
    for escape, character in _ESCAPES:
        said = said.replace(escape, character)
    links = list(filter(None, map(_link, _objects(message.get("files")))))
    content = "\n".join(filter(None, [said.strip().replace("\0", ""), *links]))
    return "" if is_blank(content) else content[:longest].rstrip()


def _link(file: Mapping[str, Any]) -> str:
    address = _text(file.get("permalink")) or _text(file.get("url_private"))
    if not address.startswith("https://") or len(address) > _LONGEST_LINK:
        return ""
    name = " ".join((_text(file.get("name")) or "file").split())[:200]
    return f"{name}: {address}"


def emoji_of(name: object) -> str | None:
    """Return the emoji that Slack calls so; None: somebody drew it themselves."""
    plain = _TONE.sub("", _text(name))
    found = emojize(f":{plain}:", language="alias")
    tone = _TONE.search(_text(name))
    if tone and (toned := find_emoji(found + chr(0x1F3F9 + int(tone[1])))):
        return toned
    return find_emoji(found)


def time_of(ts: object) -> datetime | None:
    """Return the time that a `ts` (`1700000000.000100`) stands for, to the millisecond."""
    found = _TS.fullmatch(ts) if isinstance(ts, str) else None
    if found is None:
        return None
    milliseconds = int(found[2].ljust(6, "0")) // 1000
    return _EPOCH + timedelta(seconds=int(found[1]), milliseconds=milliseconds)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
