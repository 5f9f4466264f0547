"""Kinds: what a message has besides its words, for `has=`. Here is the place for another one."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from kabar.features.uploads.schemas import Attached

Kind = Literal["image", "file", "link", "poll"]

_decode = msgspec.json.Decoder(list[Attached]).decode
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>]", re.IGNORECASE)
_OF_TYPE: dict[str, Kind] = {
    "image": "image",
    "file": "file",
    "audio": "file",
    "video": "file",
    "poll": "poll",
}


def kinds_of(*, content: str, message_type: str, attachments: str | None) -> set[Kind]:
    """Return what somebody would look for who remembers no word of it."""
    found = {_OF_TYPE[message_type]} if message_type in _OF_TYPE else set[Kind]()
    if attachments is not None:
        found |= {"image" if each.is_picture else "file" for each in _decode(attachments)}
    return found | {"link"} if _LINK.search(content) else found
