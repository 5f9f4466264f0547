"""`kabar`: the commands `serve`, `demo` and `migrate`, and how errors are shown."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvloop

from kabar.cli.apps import apps_cli
from kabar.cli.archives import export_archive, import_archive
from kabar.cli.demo import fill_with_people
from kabar.cli.keys import keys_cli
from kabar.cli.options import Data, settings_of
from kabar.cli.outbox import outbox_cli
from kabar.cli.recount import recount
from kabar.cli.users import users_cli
from kabar.core.errors import CannotStart, KabarError
from kabar.core.log import get_log
from kabar.core.log_lines import tell
from kabar.infra.db.engine import database_url
from kabar.migrations.migrate import migrate as run_migrations
from kabar.migrations.migrate import write_migration
from kabar.server.data_folder import DataFolder
from kabar.server.serve import serve as run_server

cli = typer.Typer(
    name="kabar",
    help="A self-hosted social realtime backend: follow, chat, notifications, live.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    # Its tables cut the names of options in a terminal of 80 columns.
    rich_markup_mode=None,
)
cli.command("export")(export_archive)
cli.command("import")(import_archive)
cli.command("recount")(recount)
cli.add_typer(apps_cli, name="apps")
cli.add_typer(keys_cli, name="keys")
cli.add_typer(outbox_cli, name="outbox")
cli.add_typer(users_cli, name="users")


def main() -> None:
    """Run the command line; what cannot start says so in one line, with exit code 2."""
    # Files that we make are for their owner only: the database holds people's messages.
    os.umask(0o077)
    try:
        sys.exit(cli(standalone_mode=False))
    except typer.TyperException as failure:
        _complain(failure.format_message())
        sys.exit(failure.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as failure:
        _complain(_one_line(failure))
        sys.exit(2)


def _complain(message: str) -> None:
    tell(f"kabar: {message}", sys.stderr)


def _one_line(failure: Exception) -> str:
    """Return what stands in the way; of what nobody foresaw, nothing that could be secret."""
    match failure:
        case CannotStart() | KabarError():
            return " ".join(str(failure).split())
        case OSError(strerror=str(reason)):
            return f"{failure.filename}: {reason}" if failure.filename else reason
        case _:
            if structlog.is_configured():
                get_log("cli").debug("unexpected_error", exc_info=failure)
            at = traceback.extract_tb(failure.__traceback__)[-1]
            return (
                f"unexpected {type(failure).__name__} in {Path(at.filename).name}, line "
                f"{at.lineno}. KABAR_LOG_LEVEL=debug shows how it came about"
            )


@cli.callback()
def about(
    context: typer.Context,
    is_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Show the version, or what there is to do."""
    if is_version:
        print(f"kabar {version('kabar')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (KABAR_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (KABAR_PORT).")] = None,
    data: Data = None,
) -> None:
    """Start the server. The first start makes the database, the app and the secrets."""
    settings = settings_of(host=host, port=port, data=data)
    uvloop.run(run_server(settings, tell))


@cli.command()
def demo(data: Data = None) -> None:
    """Fill an empty Kabar with a few people, rooms and messages."""
    settings = settings_of(data=data)
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
    settings = settings_of(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    run_migrations(url)
    if new is not None:
        write_migration(url, new)
    print("The database is up to date.")
