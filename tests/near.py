"""Which tests are near to what was changed, and how many of the others fit into the time."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from itertools import takewhile
from pathlib import Path
from time import time

import pytest

#: what `make test-quick` has, from its start: the last tests and the workers' end come after
SECONDS = 75

_ROOT = Path(__file__).parent.parent
#: what the first process tells its workers: files with line breaks between them, and an end
_CHANGED, _END = "TESTS_NEAR_TO", "TESTS_UNTIL"


def begin() -> None:
    """Look once, for all workers, what was changed since main, or else in the last commit."""
    if _END not in os.environ:
        os.environ[_CHANGED] = "\n".join(_changed())
        os.environ[_END] = str(time() + SECONDS)


def nearest_first(items: list[pytest.Item]) -> None:
    """Put those first that were changed, or name what was; then by the folders they share."""
    changed = os.environ[_CHANGED].splitlines()
    items.sort(key=lambda item: _distance(item.path, tuple(changed)))


def skip_what_is_late() -> None:
    if time() > float(os.environ[_END]):
        pytest.skip(f"the {SECONDS} seconds are over, and nearer tests came first")


def _changed() -> list[str]:
    here = [line[3:].split(" -> ")[-1] for line in _git("status", "--porcelain", "-uall")]
    since_main = _git("diff", "--name-only", "main...HEAD")
    return here + since_main or _git("diff", "--name-only", "HEAD~1", "HEAD")


def _git(*words: str) -> list[str]:
    # A copy without git, or a clone of one commit, has no changes: the order is as ever.
    ended = subprocess.run(("git", *words), cwd=_ROOT, capture_output=True, text=True)
    return ended.stdout.splitlines()


@cache
def _distance(test: Path, changed: tuple[str, ...]) -> int:
    path = test.relative_to(_ROOT).as_posix()
    if path in changed:
        return -2
    if any(_module(file) in _text(test) for file in changed if file.endswith(".py")):
        return -1
    if path.startswith("tests/house/"):  # a moment each, and about every change
        return 0
    return min((_apart(path, file) for file in changed), default=0)


def _module(file: str) -> str:
    return file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def _text(test: Path) -> str:
    return test.read_text()


def _apart(test: str, file: str) -> int:
    """Return how many folders of what is tested the test does not share with it."""
    theirs = file.removeprefix("src/kabar/").split("/")[:-1]
    ours = test.removeprefix("tests/").split("/")[:-1]
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(theirs, ours, strict=False))
    return len(theirs) - len(list(shared))
