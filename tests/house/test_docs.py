"""Do the pages say what the program does?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from kabar.cli.main import cli
from kabar.wiring import ROUTES
from scripts.write_reference import settings_page
from tests.house.tree import ROOT, SOURCE, files, short

REFERENCE = ROOT / "docs" / "reference"
LINK = re.compile(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def test_the_page_of_settings_is_current() -> None:
    assert (REFERENCE / "settings.md").read_text() == settings_page(), "run `make reference`"


def test_every_link_leads_somewhere() -> None:
    broken = []
    for page in files(".md"):
        if page.name == "page.md":
            continue  # bench/ makes a page in docs/ of it
        for link in LINK.findall(page.read_text()):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists() or (anchor and anchor not in anchors_of(target.read_text())):
                broken.append(f"{short(page)}: {link}")
    assert broken == []


def anchors_of(text: str) -> set[str]:
    """Return the anchors that a forge gives to the headings of a page."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(text)
    }


def test_every_feature_that_pushers_page_claims_names_its_test() -> None:
    page = REFERENCE / "pusher.md"
    table = page.read_text().partition("## Compared with others")[2].partition("\n## ")[0]
    claims = re.findall(r"^\| ([^|]+) \| ((?:\[?yes|part)[^|]*) \|", table, re.MULTILINE)
    assert len(claims) > 25
    broken = []
    for feature, claim in claims:
        named = re.search(r"\]\((\S+\.py) \"(test_\w+)\"\)", claim)
        test = page.parent / named[1] if named else page
        if not (named and test.is_file() and f"def {named[2]}(" in test.read_text()):
            broken.append(feature)
    assert broken == []


def test_every_call_is_on_the_page_of_the_http_api_and_no_other() -> None:
    served = {
        (method, re.sub(r"\{.*?\}", "{}", path))
        for route in ROUTES
        if route.include_in_schema is not False
        for method in route.http_methods
        for path in route.paths
    }
    page = (REFERENCE / "http-api.md").read_text()
    described = {
        (method, re.sub(r"\{.*?\}", "{}", path))
        for method, path in re.findall(r"^\| `([A-Z]+) (/[^`]+)` \|", page, re.MULTILINE)
    }
    assert described - {("GET", "/up")} == served


def test_every_event_is_on_the_page_of_events_and_no_other() -> None:
    name = re.compile(r"[\"`]([a-z]+(?:-[a-z]+)+)[\"`]")
    told = {
        event
        for path in SOURCE.glob("features/**/*events.py")
        for event in name.findall(path.read_text())
    }
    tables = (REFERENCE / "events.md").read_text().partition("## On a room")[2]
    rows = re.findall(r"^\| (.+?) \|", tables, re.MULTILINE)
    assert {event for row in rows for event in name.findall(row)} == told


def test_every_command_and_option_is_on_the_page_of_the_command_line_and_no_other() -> None:
    page = (REFERENCE / "cli.md").read_text()
    sections = {
        title: set(re.findall(r"^\| `(--[a-z-]+)` \|", text, re.MULTILINE))
        for title, text in re.findall(r"^## (.+?)$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    }
    assert sections == dict(commands_of(typer.main.get_command(cli), "kabar"))


def commands_of(command: Any, name: str) -> Iterator[tuple[str, set[str]]]:
    """Walk down to the commands that do something, with the options that each takes."""
    parts: dict[str, Any] | None = getattr(command, "commands", None)
    if parts is None:
        named = (option for parameter in command.params for option in parameter.opts)
        yield name, {option for option in named if option.startswith("-")}
    else:
        for part_name, part in parts.items():
            yield from commands_of(part, f"{name} {part_name}")
