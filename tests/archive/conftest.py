"""Databases to export from and to import into, and a world that has something of everything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from kabar.archive.bringing import Brought, bring_in
from kabar.archive.exporting import export
from kabar.infra.db.engine import database_url
from tests.servers import PostgreSQL


@pytest.fixture
def other_database(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[URL]:
    """An empty database of the other kind."""
    if database.startswith("sqlite"):
        server: PostgreSQL = request.getfixturevalue("postgresql")
        name = server.create_database(template=request.getfixturevalue("empty_postgresql"))
        yield database_url(server.url(name), tmp_path)
        server.drop_database(name)
    else:
        file = tmp_path / "other.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), file)
        yield database_url(f"sqlite:///{file}", tmp_path)


@pytest.fixture
def here(database: str, tmp_path: Path) -> URL:
    """The database of the test."""
    return database_url(database, tmp_path)


def exported(url: URL, path: Path) -> list[str]:
    """Export a database, and return the lines of its rows."""
    export(url, path, lambda _rows: None)
    return path.read_text(encoding="utf-8").splitlines()[1:]


def brought(url: URL, path: Path) -> Brought:
    return bring_in(url, path, longest_content=10_000, progress=lambda _share: None)
