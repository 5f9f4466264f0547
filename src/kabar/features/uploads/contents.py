"""What is in a file? Judged by its first bytes, whatever its name and its sender say."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import puremagic

from kabar.features.uploads.names import extension_of

#: an archive of another kind is none that puremagic would have to look for further in
_HEAD_BYTES = 16 * 1024
UNKNOWN = "application/octet-stream"
_OTHER_NAMES = {
    "application/x-gzip": "application/gzip",
    "application/x-matroska": "video/webm",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "image/x-ms-bmp": "image/bmp",
    "text/xml": "application/xml",
}
#: of these only the sender knows whether there is a picture beside the sound
_EITHER = {
    "video/webm": "audio/webm",
    "video/mp4": "audio/mp4",
    "application/ogg": "audio/ogg",
    "video/ogg": "audio/ogg",
}
#: What a browser may show in a page, as sound or moving picture: it runs nothing. Pictures are
#: among them once they are made anew; SVG and HTML never.
PLAYED = frozenset(
    (
        *("audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm", "audio/flac"),
        *("video/mp4", "video/webm"),
    )
)


def media_type_of(file: Path, *, name: str, declared: str) -> str:
    """Return the type of what is in a file."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    found = _by_its_bytes(head, name)
    if found is None:
        return "text/plain" if _is_text(head) else UNKNOWN
    found = _OTHER_NAMES.get(found, found)
    said = declared.partition(";")[0].strip().lower()
    if found in _EITHER and said.startswith("audio/"):
        return _EITHER[found]
    return "video/ogg" if found == "application/ogg" else found


def is_allowed(media_type: str, allowed: Iterable[str]) -> bool:
    """Say whether a type is one of those that the setting names."""
    return any(fnmatchcase(media_type, pattern) for pattern in allowed)


def _by_its_bytes(head: bytes, name: str) -> str | None:
    try:
        found = [each for each in puremagic.magic_string(head) if "/" in each.mime_type]
    except (puremagic.PureError, ValueError):
        return None
    if not found:
        return None
    # What many formats begin with is said by the name, as far as it is one of them.
    extension = extension_of(name)
    best = next((each for each in found if each.extension == extension), None)
    if best is None and head.startswith(b"PK\x03\x04"):
        return "application/zip"
    return str((best or found[0]).mime_type)


def _is_text(head: bytes) -> bool:
    # Of the last character only a part may be there.
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return "\0" not in decoder.decode(head)
    except UnicodeDecodeError:
        return False
