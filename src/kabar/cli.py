"""The command line."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from kabar.app import apps_of
from kabar.data_folder import DataFolder
from kabar.db.engine import database_url
from kabar.demo import fill_with_people
from kabar.errors import CannotStart
from kabar.events import encode_json
from kabar.log import configure_log
from kabar.migrate import migrate as run_migrations
from kabar.migrate import write_migration
from kabar.server import serve as run_server
from kabar.settings import Settings, read_settings

cli = typer.Typer(
    name="kabar",
    help="A self-hosted social realtime backend: follow, chat, notifications, live.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
apps_cli = typer.Typer(help="The Pusher apps that this server serves.", no_args_is_help=True)
cli.add_typer(apps_cli, name="apps")

Data = Annotated[Path | None, typer.Option(help="The data folder (KABAR_DATA).")]


def main() -> None:
    """Run the command line; what cannot start says so in one line, with exit code 2."""
    # What we make is for our own eyes: the database holds people's messages.
    os.umask(0o077)
    try:
        cli()
    except CannotStart as failure:
        print(f"kabar: {failure}", file=sys.stderr)
        sys.exit(2)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (KABAR_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (KABAR_PORT).")] = None,
    data: Data = None,
) -> None:
    """Start the server; the first start makes the database, the app and the secrets."""
    settings = _settings(host=host, port=port, data=data)
    uvloop.run(run_server(settings, lambda line: print(line, flush=True)))


@cli.command()
def demo(data: Data = None) -> None:
    """Fill an empty Kabar with a few people, rooms and messages, to look around in."""
    settings = _settings(data=data)
    for line in asyncio.run(fill_with_people(settings)):
        print(line)


@cli.command()
def migrate(
    data: Data = None,
    new: Annotated[
        str | None, typer.Option(help="Write a new migration with this message (for developers).")
    ] = None,
) -> None:
    """Bring the database up to date. `serve` does it too, at every start."""
    settings = _settings(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    run_migrations(url)
    if new is not None:
        write_migration(url, new)
    print("The database is up to date.")


@apps_cli.command("list")
def list_apps(
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Show the apps with their keys and secrets. The first one is Kabar's own."""
    settings = _settings(data=data)
    apps = list(apps_of(settings, DataFolder(settings.data)))
    if as_json:
        print(encode_json([{"id": a.id, "key": a.key, "secret": a.secret} for a in apps]).decode())
        return
    table = Table("id", "key", "secret")
    for app in apps:
        table.add_row(app.id, app.key, app.secret)
    Console().print(table)


def _settings(**given: object) -> Settings:
    settings = read_settings(**given)
    configure_log(level=settings.log_level, as_json=settings.log_json)
    return settings
