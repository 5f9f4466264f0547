"""Options that all commands take: the data folder, and the settings that come with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import CannotStart
from kabar.core.log import configure_log, get_log
from kabar.core.settings import Settings, misspelt_settings, read_settings
from kabar.core.times import utc_now
from kabar.infra.db import Transaction

#: a text, because an empty one is unset, and an empty path would be the folder that one is in
Data = Annotated[str | None, typer.Option(help="The data folder (KABAR_DATA).", metavar="PATH")]


def settings_of(**given: object) -> Settings:
    """Return the settings for a command, and configure the log by them."""
    settings = read_settings(**given)
    configure_log(level=settings.log_level, as_json=settings.log_json)
    for name, meant in misspelt_settings().items():
        get_log("settings").warning(
            "no_such_setting", name=name, **({"meant": meant} if meant else {})
        )
    return settings


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
