"""Static files: read once, checked for changes, answered with ETag and gzip."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Response
from litestar.datastructures import Headers

from kabar.core.errors import NotFound

# Why Litestar's own static files are not enough: docs/decisions/0019-files-are-kept-packed.md

#: Nothing else is served. Python's `mimetypes` says what the machine it runs on thinks.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/plain",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_HEADERS = {
    # The names do not change with the contents, so browsers ask again, and get 304.
    "cache-control": "no-cache",
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class File(NamedTuple):
    """A file as it is answered. The ETag is weak: with and without gzip it says the same."""

    body: bytes
    gzipped: bytes
    media_type: str
    etag: str


class Folder:
    """A folder of the package, and what was read from it."""

    def __init__(self, package: str, folder: str) -> None:
        root = Path(str(files(package) / folder))
        #: What there is when the server starts: whatever an address says, nothing else is opened.
        self._paths = {
            path.relative_to(root).as_posix(): path
            for path in root.rglob("*")
            if path.suffix in _TYPES
        }
        self._read: dict[str, tuple[int, File]] = {}

    def read(self, name: str) -> File:
        """Return a file, anew if it changed. Raises `NotFound`."""
        name = name.removeprefix("/")
        path = self._paths.get(name)
        try:
            if path is None:
                raise NotFound
            changed = path.stat().st_mtime_ns
            known = self._read.get(name)
            if known is None or known[0] != changed:
                known = self._read[name] = (changed, make_file(path.read_bytes(), path.suffix))
        except OSError:  # it is gone
            raise NotFound from None
        return known[1]


def make_file(body: bytes, suffix: str) -> File:
    """Return a file that need not be on the disk."""
    return File(
        body=body,
        gzipped=gzip.compress(body, 6, mtime=0),
        media_type=_TYPES[suffix],
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:16]}"',
    )


#: unless its weight is zero (RFC 9110, 12.5.3)
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)


def file_response(
    file: File, scope: Any, *, headers: Mapping[str, str] | None = None
) -> Response[bytes | None]:
    """Return the file, or 304 to a browser that has it already."""
    asked = Headers.from_scope(scope)
    fixed = {**_HEADERS, **(headers or {}), "etag": file.etag}
    if file.etag in asked.get("if-none-match", ""):
        return Response(None, status_code=304, headers=fixed)
    if _TAKES_GZIP.search(asked.get("accept-encoding", "")):
        fixed["content-encoding"] = "gzip"
        return Response(file.gzipped, media_type=file.media_type, headers=fixed)
    return Response(file.body, media_type=file.media_type, headers=fixed)
