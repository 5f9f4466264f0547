"""What every test may ask for: a database of each kind, a running Kabar, and people."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from kabar.core.events import Event
from kabar.core.settings import Settings, read_settings
from kabar.infra.db import Database
from kabar.infra.db.engine import database_url
from kabar.infra.db.outbox import Committed
from kabar.migrations.migrate import migrate
from kabar.server.app import Kabar
from tests.people import MakePerson, browser_of, people_of
from tests.servers import (
    MissingServer,
    PgBouncer,
    PostgreSQL,
    run_pgbouncer,
    run_postgresql,
)

REALTIME = "realtime"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of the tests' own."""
    try:
        with run_postgresql() as server:
            yield server
    except MissingServer as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def pgbouncer(postgresql: PostgreSQL) -> Iterator[PgBouncer]:
    """A pooler in front of it that has fewer connections than we."""
    try:
        with run_pgbouncer(postgresql, connections=3) as pooler:
            yield pooler
    except MissingServer as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    folder = tmp_path_factory.mktemp("sqlite")
    migrate(database_url(None, folder))
    return folder / "kabar.db"


@pytest.fixture(scope="session")
def empty_postgresql(postgresql: PostgreSQL) -> str:
    """The name of a migrated database, to be copied."""
    name = postgresql.create_database()
    migrate(database_url(postgresql.url(name), Path()))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without rows; each test that asks runs on both kinds."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("empty_sqlite")
        file = tmp_path / "kabar.db"
        shutil.copy(template, file)
        yield f"sqlite:///{file}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        name = server.create_database(template=request.getfixturevalue("empty_postgresql"))
        yield server.url(name)
        server.drop_database(name)


@pytest.fixture
async def db(database: str, told: list[Event]) -> AsyncIterator[Database]:
    """The database, for units of work without a server around them."""
    opened = Database(database_url(database, Path()), writers=4, synchronous="NORMAL")

    def remember(committed: list[Committed]) -> None:
        told.extend(event for row in committed for event in row.events)

    opened.tell(lambda _event: [REALTIME], remember)
    await opened.start()
    yield opened
    await opened.close()


@pytest.fixture
def told() -> list[Event]:
    """The events that were told after a commit, in order."""
    return []


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings of a server for a test, with cheap password hashes."""
    return read_settings(
        data=tmp_path / "data",
        database_url=database,
        password_hash_memory_kib=19456,
        postgres_threads=4,
        database_timeout=120,
        sqlite_synchronous="NORMAL",
    )


@pytest.fixture
async def kabar(settings: Settings) -> AsyncIterator[Kabar]:
    """A running Kabar, without its port."""
    async with Kabar(settings) as running:
        yield running


@pytest.fixture
async def stranger(kabar: Kabar) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with browser_of(kabar.asgi) as browser:
        yield browser


@pytest.fixture
async def person(kabar: Kabar) -> AsyncIterator[MakePerson]:
    """Makes signed-in people: `ann = await person("ann")`."""
    async with people_of(kabar.asgi, kabar.db) as make:
        yield make
