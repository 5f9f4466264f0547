"""Options that all commands take: the data folder, and the settings that come with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import CannotStart
from kabar.core.log import configure_log, get_log
from kabar.core.settings import Settings, misspelt_settings, read_settings, variable
from kabar.core.times import utc_now
from kabar.infra.db import Transaction
from kabar.infra.db.engine import database_url, open_readers
from kabar.migrations.migrate import require_present_version
from kabar.server.data_folder import DataFolder, nothing_here

#: a text, because an empty one is unset, and an empty path would be the folder that one is in
Data = Annotated[str | None, typer.Option(help="The data folder (KABAR_DATA).", metavar="PATH")]


def group(purpose: str) -> typer.Typer:
    """Return what commands are added to; by itself it shows them."""
    commands = typer.Typer(help=purpose, invoke_without_command=True)

    @commands.callback()
    def show(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            print(context.get_help())

    return commands


def settings_of(**given: object) -> Settings:
    """Return the settings for a command, and configure the log by them."""
    try:
        settings = read_settings(**given)
    except CannotStart as failure:
        raise CannotStart(_by_option(str(failure), given)) from None
    configure_log(level=settings.log_level, as_json=settings.log_json)
    for name, meant in misspelt_settings().items():
        get_log("settings").warning(
            "no_such_setting", name=name, **({"meant": meant} if meant else {})
        )
    return settings


def _by_option(complaint: str, given: Mapping[str, object]) -> str:
    """Name the option, where it was one that is wrong, and not the variable behind it."""
    for name, value in given.items():
        if value is not None:
            complaint = complaint.replace(f"{variable(name)}:", f"--{name}:")
    return complaint


@contextmanager
def reading(data: str | None) -> Iterator[Transaction]:
    """Begin a transaction that looks at a database as it is: nothing is made."""
    settings = settings_of(data=data)
    folder = DataFolder(settings.data, is_kept=True)
    url = database_url(settings.database_url, folder.path)
    if not is_there(url):
        raise nothing_here(folder.path)
    with begun(open_readers(url, connections=1)) as tx:
        require_present_version(url, tx.connection)
        yield tx


def is_there(url: URL) -> bool:
    """Say whether there is a database to look at. SQLite would make one."""
    return url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()


@contextmanager
def begun(engine: Engine) -> Iterator[Transaction]:
    """Begin a transaction of a command, and close the database behind it."""
    try:
        with engine.begin() as connection:
            yield Transaction(connection, utc_now())
    except DBAPIError as failure:
        reason = " ".join(str(failure.orig).split())
        raise CannotStart(f"the database cannot be used: {reason}") from failure
    finally:
        engine.dispose()
