"""What every test may ask for: a database of each kind, a running Kabar, and people."""

from __future__ import annotations

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path

import httpx
import hypothesis
import pytest
import structlog

from kabar.core.events import Event
from kabar.core.settings import Settings, read_settings
from kabar.infra.db import Database
from kabar.infra.db.engine import database_url
from kabar.infra.db.outbox import Committed
from kabar.migrations.migrate import migrate
from kabar.server.app import Kabar
from tests import near, quick
from tests.patience import PatientLoop
from tests.people import HASH_MEMORY_KIB, MakePerson, browser_of, people_of
from tests.servers import (
    MissingServer,
    PgBouncer,
    PostgreSQL,
    run_pgbouncer,
    run_postgresql,
)

REALTIME = "realtime"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--near",
        action="store_true",
        help=f"nearest to what was changed first, and no more after {near.SECONDS} seconds",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Log as the program does, without every local variable: those take longer than most tests."""
    *before, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, plain])
    # Hypothesis, too, would take a slow machine for a slow program.
    hypothesis.settings.register_profile(
        "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("patient")
    if config.getoption("near"):
        near.begin()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is quick; and long tests first, so that no worker is left with one at the end."""
    for item in items:
        if quick.is_quick(item):
            item.add_marker("quick")
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)
    if config.getoption("near"):
        near.nearest_first(items)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.config.getoption("near"):
        near.skip_what_is_late()


def pytest_collection_finish() -> None:
    """Look for garbage rarely, and never among what is there for good: a sixth of the CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"asyncio": PatientLoop}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    quick.runs(item)
    try:
        return (yield)
    finally:
        quick.runs(None)


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
    opened = Database(database_url(database, Path()), writers=4, synchronous="NORMAL", seconds=120)

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
    """Settings of a server for a test, with password hashes that are cheaper than one may have."""
    given = read_settings(
        data=tmp_path / "data",
        database_url=database,
        postgres_threads=4,
        database_timeout=120,
        sqlite_synchronous="NORMAL",
    )
    return given.model_copy(update={"password_hash_memory_kib": HASH_MEMORY_KIB})


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
