"""Static files: read once, checked for changes, answered with ETag and gzip."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from litestar.enums import HttpMethod
from litestar.response.base import ASGIResponse

from kabar.core.errors import NotFound

#: Litestar adds the charset to what is text
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/plain",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
#: what every file is answered with
FILE_HEADERS = {
    # The names do not change with the contents, so browsers ask again, and get 304.
    "cache-control": "no-cache",
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
_ASKED = {b"accept-encoding", b"if-none-match"}
_PACKED = {".css", ".html", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest"}


GET_AND_HEAD = (HttpMethod.GET, HttpMethod.HEAD)


class File(NamedTuple):
    """A file as it is answered. The ETag is weak: with and without gzip it says the same."""

    body: bytes
    gzipped: bytes | None
    media_type: str
    etag: str


class Folder:
    """A folder of the package, and what was read from it."""

    def __init__(self, package: str, folder: str) -> None:
        self._root = Path(str(files(package) / folder)).resolve()
        self._read: dict[Path, tuple[int, File]] = {}

    def read(self, name: str) -> File:
        """Return a file, anew if it changed. Raises `NotFound`; nothing leads out of the folder."""
        path = self._path(name)
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            raise NotFound from None
        known = self._read.get(path)
        if known is None or known[0] != changed:
            known = self._read[path] = (changed, _load(path))
        return known[1]

    def _path(self, name: str) -> Path:
        parts = PurePosixPath(name.lstrip("/")).parts
        path = self._root.joinpath(*parts)
        hidden = any(part.startswith((".", "_")) for part in parts)
        if hidden or "\0" in name or "\\" in name or path.suffix not in _TYPES:
            raise NotFound
        try:
            is_ours = path.resolve().is_relative_to(self._root) and path.is_file()
        except OSError:  # a name that is too long for a file
            is_ours = False
        if not is_ours:
            raise NotFound
        return path


def file_response(
    file: File, scope: Any, *, headers: Mapping[str, str] | None = None
) -> ASGIResponse:
    """Return the file, or 304 to a browser that has it already."""
    asked = {name: value for name, value in scope["headers"] if name in _ASKED}
    fixed = {**FILE_HEADERS, **(headers or {}), "etag": file.etag}
    if file.etag.encode() in asked.get(b"if-none-match", b""):
        return ASGIResponse(status_code=304, headers=fixed, media_type=file.media_type)
    body = file.body
    if file.gzipped is not None and b"gzip" in asked.get(b"accept-encoding", b""):
        body = file.gzipped
        fixed["content-encoding"] = "gzip"
    is_head = scope["method"] == "HEAD"
    return ASGIResponse(
        body=b"" if is_head else body,
        headers=fixed,
        media_type=file.media_type,
        is_head_response=is_head,
    )


def make_file(body: bytes, suffix: str) -> File:
    """Return a file that is not on the disk."""
    return File(
        body=body,
        gzipped=gzip.compress(body, 6, mtime=0) if suffix in _PACKED else None,
        media_type=_TYPES[suffix],
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:16]}"',
    )


def _load(path: Path) -> File:
    return make_file(path.read_bytes(), path.suffix)
