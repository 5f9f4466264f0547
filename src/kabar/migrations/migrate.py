"""Migrating: brings a database up to date, at every start and by `kabar migrate`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from kabar.core.errors import CannotStart
from kabar.infra.db.engine import open_writer, shown_url

if TYPE_CHECKING:
    from alembic.config import Config

#: any number, but always this one: an advisory lock makes nodes that start wait for each other
_LOCK = 7254019
_FILE = re.compile(r"(\d{4})_\w+\.py")


def migrate(url: URL) -> None:
    """Run the migrations that the database has not had yet. Raises `CannotStart`.

    Nearly always there are none, and then nothing of Alembic is loaded.
    """
    engine = open_writer(url, connections=1, synchronous="FULL")
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                _require_utf8(connection)
            if _present_version(connection) != newest_version():
                _upgrade(connection)
    except DBAPIError as failure:
        raise _unusable(url, " ".join(str(failure.orig).split())) from failure
    except _Unusable as failure:
        raise _unusable(url, str(failure)) from None
    finally:
        engine.dispose()


def require_present_version(url: URL, connection: Connection) -> None:
    """Raise `CannotStart` unless the database is up to date: for who only reads."""
    try:
        present = _present_version(connection)
    except _Unusable as failure:
        raise _unusable(url, str(failure)) from None
    if present != newest_version():
        raise CannotStart(
            f"the database {shown_url(url)} is of an older version: `kabar migrate` brings it up "
            "to date"
        )


def newest_version() -> str:
    """Return the version of a database that is up to date."""
    return _versions()[-1]


@cache
def _versions() -> tuple[str, ...]:
    """Return all there are, in order: each has a file that begins with it."""
    names = (file.name for file in files("kabar.migrations.versions").iterdir())
    return tuple(sorted(found[1] for name in names if (found := _FILE.fullmatch(name))))


def _present_version(connection: Connection) -> str | None:
    """Return the version of a database; None: nothing is in it. Raises `_Unusable`."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    for version in found:
        if version not in _versions():
            raise _Unusable(f"its version {version} is not known here. A newer Kabar made it")
    return found[0] if found else None


def _upgrade(connection: Connection) -> None:
    from alembic import command

    if connection.dialect.name == "postgresql":
        # Who waited finds it done by another.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


class _Unusable(Exception):
    """A database that answers, and cannot be Kabar's."""


def _unusable(url: URL, because: str) -> CannotStart:
    return CannotStart(f"the database {shown_url(url)} cannot be opened: {because}")


def _require_utf8(connection: Connection) -> None:
    """In another encoding, half of what people write would be refused when it is written."""
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise _Unusable(f"its encoding is {encoding}, and must be UTF8")


def write_migration(url: URL, message: str) -> None:
    """Write the next migration: what the tables in the code have and the database has not."""
    from alembic import command

    engine = open_writer(url, connections=1, synchronous="FULL")
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        number = int(newest_version()) + 1
        command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04}")
    engine.dispose()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "kabar:migrations")
    config.set_main_option("path_separator", "os")
    return config
