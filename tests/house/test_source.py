"""Does the code keep the house's rules that no linter knows?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.tree import ROOT, SOURCE, files, is_vendored, short

MAX_LINES = 300
#: tests are read one at a time
MAX_LINES_OF_TESTS = 400
TEXT = (".py", ".js", ".mjs", ".css", ".html", ".md", ".toml", ".json", ".lock", ".yml", "")


def own(*suffixes: str) -> list[Path]:
    found = [path for path in files(*suffixes) if not is_vendored(path)]
    assert found
    return found


def test_only_settings_reads_the_environment() -> None:
    reads = re.compile(r"\bos\.(environ|getenv|putenv)\b|from os import .*\b(environ|getenv)\b")
    offenders = [
        short(path)
        for path in own(".py")
        if path.is_relative_to(SOURCE)
        and path.name != "settings.py"
        and reads.search(path.read_text())
    ]
    assert offenders == []


def test_only_addresses_reads_addresses() -> None:
    """Else one that is spelled in another way would be another one there."""
    reads = re.compile(r"\bipaddress\b|\bip_address\(|\binet_(pton|aton)\b")
    offenders = [
        short(path)
        for path in own(".py")
        if path.is_relative_to(SOURCE)
        and path != SOURCE / "core" / "addresses.py"
        and reads.search(path.read_text())
    ]
    assert offenders == []


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    too_long = {}
    for path in own(".py", ".js", ".mjs", ".css"):
        length = len(path.read_text().splitlines())
        limit = MAX_LINES_OF_TESTS if path.is_relative_to(ROOT / "tests") else MAX_LINES
        if length > limit and "versions" not in path.parts:
            too_long[short(path)] = length
    assert too_long == {}


def test_every_module_says_in_one_line_what_it_answers() -> None:
    offenders = []
    for path in own(".py"):
        text = path.read_text()
        docstring = ast.get_docstring(ast.parse(text), clean=False)
        if text.strip() and (docstring is None or "\n" in docstring):
            offenders.append(short(path))
    assert offenders == []


def test_no_test_sleeps() -> None:
    # sleep(0) gives way to others; a longer one hopes that they are done by then. What helpers
    # of the tests poll until it answers is in files of their own.
    sleeps = re.compile(r"\bsleep\((?!0\))")
    offenders = [
        short(path)
        for path in own(".py")
        if path.name.startswith(("test_", "conftest"))
        and path != Path(__file__)
        and sleeps.search(path.read_text())
    ]
    assert offenders == []


def test_no_file_names_somebodys_machine() -> None:
    place = re.compile(r"(?<![\w.}*])/(home|root|Users|work|tmp)/\w")
    offenders = [short(path) for path in own(*TEXT) if place.search(path.read_text())]
    assert offenders == []


def test_lock_files_say_what_to_install_and_not_from_where() -> None:
    for path in files(".lock"):
        for line in path.read_text().splitlines():
            assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+( ; .+)?", line), f"{short(path)}: {line}"
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_development_lock_has_the_very_versions_that_run() -> None:
    runtime = set((ROOT / "requirements.lock").read_text().splitlines())
    development = set((ROOT / "requirements-dev.lock").read_text().splitlines())
    assert runtime <= development
