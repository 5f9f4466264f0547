"""`kabar export` and `kabar import`: all that people made, in a file and back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kabar.archive.bringing import bring_in
from kabar.archive.exporting import export
from kabar.cli.options import Data, settings_of
from kabar.core.errors import CannotStart
from kabar.core.log_lines import tell
from kabar.infra.db.engine import database_url
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder

_TELL_EVERY_SECONDS = 2.0


def export_archive(
    file: Annotated[str, typer.Argument(help="Where it is written.")], data: Data = None
) -> None:
    """Write all that people made into a file, a JSON object a line. The server may run on."""
    settings = settings_of(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    migrate(url)
    path = Path(file)
    if path.is_dir() or not path.parent.is_dir():
        raise CannotStart(f"{file}: this is no place for a file")
    say = _now_and_then()
    rows = export(url, path, lambda done: say(f"{done} rows"))
    print(f"{rows} rows are in {file}.")


def import_archive(
    file: Annotated[str, typer.Argument(help="What `kabar export` wrote, or a zip of Slack.")],
    data: Data = None,
) -> None:
    """Take in an archive of Kabar or an export of Slack. What is there already stays as it is."""
    settings = settings_of(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    path = Path(file)
    if not path.is_file():
        raise CannotStart(f"{file}: there is no such file")
    say = _now_and_then()
    brought = bring_in(
        url,
        path,
        longest_content=settings.message_max_characters,
        progress=lambda share: say(f"{share:.0%}"),
    )
    new, known = brought.imported
    for kind in sorted(new | known):
        print(f"{kind:<24}{new[kind]:>10} new{known[kind]:>10} known")
    for why, count in sorted(brought.left_out.items()):
        print(f"left out: {count} {why}")


def _now_and_then() -> Callable[[str], None]:
    """Return what says a line of progress, at most every two seconds."""
    last = time.monotonic()

    def say(line: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _TELL_EVERY_SECONDS:
            last = time.monotonic()
            tell(line, sys.stderr)

    return say
