"""The page's documents: of a bundle, if one was made of the very sources that are here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from kabar.infra.http.static import File, Folder, make_file

UI = Folder("kabar", "ui")
_ROOT = Path(str(files("kabar") / "ui"))
_BUILT = "built/"
_SOURCES = {".css", ".html", ".js", ".svg"}
#: a name under `built/` changes with the contents
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


def ui_document(name: str) -> File:
    """Return `index.html`, `console.html` or `kabar.js`: what the browser asks for by this name."""
    return _bundled_documents().get(name) or UI.read(name)


def headers_of(name: str) -> Mapping[str, str]:
    """Return what a file of the UI is answered with beside the usual."""
    return _FOR_EVER if name.startswith(_BUILT) else {}


@cache
def _bundled_documents() -> Mapping[str, File]:
    """Return what `make ui` wrote, unless a source has changed since."""
    try:
        bundle = json.loads((_ROOT / _BUILT / "bundle.json").read_bytes())
    except FileNotFoundError:
        return {}
    if bundle["sources"] != _digest():
        return {}
    return {
        name: make_file(text.encode(), Path(name).suffix)
        for name, text in bundle["documents"].items()
    }


def _digest() -> str:
    """Return the same as `digest` in scripts/build_ui.mjs."""
    names = sorted(
        path.relative_to(_ROOT).as_posix()
        for path in _ROOT.rglob("*")
        if path.suffix in _SOURCES and path.is_file()
    )
    digest = hashlib.sha256()
    for name in names:
        if not name.startswith(_BUILT):
            digest.update(name.encode() + b"\0" + (_ROOT / name).read_bytes() + b"\0")
    return digest.hexdigest()
