"""Migrating: brings a database up to date, at every start and by `kabar migrate`."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
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
                _require_utf8(connection)
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = _config()
            _require_known_version(connection, config)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as failure:
        raise _unusable(url, " ".join(str(failure.orig).split())) from failure
    except _Unusable as failure:
        raise _unusable(url, str(failure)) from None
    finally:
        engine.dispose()


def require_present_version(url: URL, connection: Connection) -> None:
    """Raise `CannotStart` unless the database is up to date: for who only reads."""
    config = _config()
    try:
        _require_known_version(connection, config)
    except _Unusable as failure:
        raise _unusable(url, str(failure)) from None
    newest = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_heads() != (newest,):
        raise CannotStart(
            f"the database {shown_url(url)} is of an older version: `kabar migrate` brings it up "
            "to date"
        )


class _Unusable(Exception):
    """A database that answers, and cannot be Kabar's."""


def _unusable(url: URL, because: str) -> CannotStart:
    return CannotStart(f"the database {shown_url(url)} cannot be opened: {because}")


def _require_utf8(connection: Connection) -> None:
    """In another encoding, half of what people write would be refused when it is written."""
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise _Unusable(f"its encoding is {encoding}, and must be UTF8")


def _require_known_version(connection: Connection, config: Config) -> None:
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    for version in MigrationContext.configure(connection).get_current_heads():
        if version not in known:
            raise _Unusable(f"its version {version} is not known here. A newer Kabar made it")


def newest_version() -> str:
    """Return the version of a database that is up to date."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


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
