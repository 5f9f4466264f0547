"""Migrating: brings a database up to date, at every start and by `kabar migrate`."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import CannotStart
from kabar.infra.db.engine import open_writer, shown_url

#: any number, but always this one: an advisory lock makes nodes that start wait for each other
_LOCK = 7254019


def migrate(url: URL) -> None:
    """Run the migrations that the database has not had yet. Raises `CannotStart`."""
    engine = open_writer(url, connections=1, synchronous="FULL")
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as failure:
        reason = " ".join(str(failure.orig).split())
        where = shown_url(url)
        raise CannotStart(f"the database {where} cannot be opened: {reason}") from failure
    finally:
        engine.dispose()


def write_migration(url: URL, message: str) -> None:
    """Write the next migration: what the tables in the code have and the database has not."""
    engine = open_writer(url, connections=1, synchronous="FULL")
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04}")
    engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "kabar:migrations")
    config.set_main_option("path_separator", "os")
    return config
