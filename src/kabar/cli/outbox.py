"""`kabar outbox …`: what was committed, and could not be told or acted on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from kabar.cli.options import Data, begun, group, reading, settings_of
from kabar.core.events import encode_json
from kabar.core.times import rfc3339
from kabar.infra.db import Transaction, outbox
from kabar.infra.db.engine import database_url, open_writer
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder

T = TypeVar("T")

outbox_cli = group("What was committed and given up: events that could not be told or acted on.")

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
_SHOWN_CHARACTERS = 100
_MOST_SHOWN = 1000


@outbox_cli.command("list")
def list_outbox(data: Data = None, as_json: AsJson = False) -> None:
    """Show what was given up after its attempts. `/up` says how much there is."""
    with reading(data) as tx:
        rows = outbox.given_up(tx, limit=_MOST_SHOWN)
    if as_json:
        shown = [
            {
                "id": row.row_id,
                "consumer": row.consumer,
                "attempts": row.attempts,
                "createdAt": rfc3339(row.created_at),
                "events": row.events,
            }
            for row in rows
        ]
        print(encode_json(shown).decode())
        return
    table = Table("created", "for", "attempts", "events", box=None)
    for row in rows:
        events = row.events[:_SHOWN_CHARACTERS]
        table.add_row(rfc3339(row.created_at), row.consumer, str(row.attempts), events)
    Console(width=max(Console().width, 200)).print(table)


@outbox_cli.command("retry")
def retry_outbox(data: Data = None) -> None:
    """Let what was given up be tried again: a running server takes it up within seconds."""
    print(f"{_do(data, outbox.try_given_up)} to be tried again.")


@outbox_cli.command("drop")
def drop_outbox(data: Data = None) -> None:
    """Forget what was given up."""
    print(f"{_do(data, outbox.forget_given_up)} forgotten.")


def _do(data: str | None, unit: Callable[[Transaction], T]) -> T:
    settings = settings_of(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    migrate(url)
    with begun(open_writer(url, connections=1, synchronous="FULL")) as tx:
        return unit(tx)
