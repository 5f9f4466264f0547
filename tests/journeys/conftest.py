"""What journeys may ask for: a running server that they share, and people on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import pusher
import pytest
import pytest_asyncio

from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess
from tests.journeys.pusher_js import official_sdk
from tests.journeys.world import World, make_world
from tests.servers import PostgreSQL

#: cheap password hashes: journeys make many accounts
CHEAP = {"KABAR_PASSWORD_HASH_MEMORY_KIB": "19456"}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KabarProcess]:
    """A server on SQLite, for tests that leave it running."""
    running = await KabarProcess(tmp_path_factory.mktemp("journeys"), **CHEAP).start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def own_app(server: KabarProcess) -> dict[str, str]:
    """Id, key and secret of the app of that server, as the command line tells them."""
    return await server.own_app()


@pytest.fixture
def sdk(server: KabarProcess, own_app: dict[str, str]) -> pusher.Pusher:
    """Pusher's own server library."""
    return official_sdk(server, own_app)


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=["sqlite", "postgresql"])
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """A server on each database with a few people on it; nothing it is sent makes it stumble."""
    database, environment = None, dict(CHEAP)
    if request.param == "postgresql":
        postgresql: PostgreSQL = request.getfixturevalue("postgresql")
        database = environment["KABAR_DATABASE_URL"] = postgresql.url(postgresql.create_database())
    server = await KabarProcess(tmp_path_factory.mktemp("world"), **environment).start()
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        ) as client:
            yield await make_world(server, client, database)
    finally:
        await server.stop()
    assert "unexpected_error" not in server.log()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that keeps no cookies and opens as many connections as it takes."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session


@pytest.fixture
def person(server: KabarProcess, http: aiohttp.ClientSession) -> Callable[[str], Awaitable[Person]]:
    """Registers people: `ann = await person("Ann")`."""
    return lambda name: register(server, http, name)


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """The URL of an empty database."""
    name = postgresql.create_database()
    yield postgresql.url(name)
    postgresql.drop_database(name)
