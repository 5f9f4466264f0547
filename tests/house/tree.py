"""Which files the repository has, and where they are."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "kabar"


@cache
def files(*suffixes: str) -> list[Path]:
    """Return the repository's files of these kinds: what is committed, or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = {ROOT / name for name in listed.stdout.decode().split("\0") if name}
    return sorted(path for path in paths if path.suffix in suffixes and path.is_file())


def short(path: Path) -> str:
    """Return the path as one would type it."""
    return str(path.relative_to(ROOT))


def is_vendored(path: Path) -> bool:
    """Whether others wrote the file."""
    return not {"vendor", "docs_page", "fanload"}.isdisjoint(path.parts)
