"""One thing that fails stops no other: a full disk, a log that nobody reads, a frozen database."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.journeys.conftest import CHEAP
from tests.journeys.outage import health_of, until_the_database
from tests.journeys.persons import PASSWORD, Person, register
from tests.journeys.process import KabarProcess
from tests.servers import PostgreSQL, run_postgresql

pytestmark = pytest.mark.journey

#: what the server is told that a request may wait, and by when the answer must be there on a
#: machine that has much else to do
TIMEOUT, BOUND = 2, 30
#: Docker kills after ten; a busy machine may need longer to take leave
END = 30


@pytest.fixture(scope="module")
def frozen() -> Iterator[PostgreSQL]:
    """A PostgreSQL that may be stopped: nobody else uses it."""
    with run_postgresql() as server:
        yield server
        server.resume()


@pytest.fixture
async def own(frozen: PostgreSQL, tmp_path: Path) -> AsyncIterator[KabarProcess]:
    """A server on it that is not patient."""
    server = KabarProcess(
        tmp_path / "data",
        KABAR_DATABASE_URL=frozen.url(frozen.create_database()),
        KABAR_DATABASE_TIMEOUT=str(TIMEOUT),
        **CHEAP,
    )
    await server.start()
    yield server
    frozen.resume()
    await server.kill()


class Asker:
    """Asks a server as one person, and gives it so long to answer."""

    def __init__(self, server: KabarProcess, http: aiohttp.ClientSession, person: Person) -> None:
        self.server, self.http, self.person = server, http, person

    async def __call__(self, method: str, path: str, **options: Any) -> tuple[int, str | None]:
        """Return the status, and when to come back."""
        headers = {"Authorization": f"Bearer {self.person.token}"}
        asking = self.http.request(method, self.server.url + path, headers=headers, **options)
        async with asyncio.timeout(BOUND), asking as answer:
            await answer.read()
            return answer.status, answer.headers.get("Retry-After")

    def everything(self, room: str, other: Person) -> list[Coroutine[Any, Any, Any]]:
        """Something of each kind, much of it at once."""
        message = {"roomId": room, "content": "Are you there?"}
        login = {"login": self.person.username, "password": PASSWORD}
        return [
            *(self("POST", "/api/chat/send", json=message) for _ in range(20)),
            *(self("GET", "/api/messages") for _ in range(20)),
            self("PUT", f"/api/users/{other.id}/follow"),
            self("POST", "/api/auth/login", json=login),
            self("GET", "/api/notifications"),
        ]


async def test_while_postgresql_stands_still_everybody_is_answered_and_then_all_goes_on(
    own: KabarProcess, frozen: PostgreSQL, http: aiohttp.ClientSession
) -> None:
    ann, budi = [await register(own, http, name) for name in ("Ann", "Budi")]
    room = await ann.room_with(budi)
    ask = Asker(own, http, ann)
    assert {status for status, _ in await asyncio.gather(*ask.everything(room, budi))} <= {
        200,
        201,
    }

    frozen.pause()
    # Twice: also when no thread is left that has not met it.
    for _ in range(2):
        for status, again in await asyncio.gather(*ask.everything(room, budi)):
            assert (status, again) == (503, "1")
    told = await health_of(http, own)
    assert told["status"] == "degraded"
    assert told["checks"]["database"] != "ok"

    frozen.resume()
    await until_the_database(http, own, is_well=True)
    outcomes = await asyncio.gather(*ask.everything(room, budi))
    assert {status for status, _ in outcomes} <= {200, 201}
    page = await ann.did("GET", f"/api/chat/messages?roomId={room}&limit=100")
    numbers = [message["seq"] for message in page["messages"]]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert await own.stop() == 0
    assert "unexpected_error" not in own.log()


async def test_while_postgresql_stands_still_sigterm_ends_the_server(
    own: KabarProcess, frozen: PostgreSQL, http: aiohttp.ClientSession
) -> None:
    ann, budi = [await register(own, http, name) for name in ("Ann", "Budi")]
    room = await ann.room_with(budi)
    ask = Asker(own, http, ann)
    frozen.pause()
    asking = [asyncio.create_task(each) for each in ask.everything(room, budi)]
    await until_the_database(http, own, is_well=False)
    async with asyncio.timeout(END):
        assert await own.stop() == 0
    await asyncio.gather(*asking, return_exceptions=True)


@pytest.mark.parametrize("log", ["a full device", "a pipe that nobody reads", "a file"])
async def test_a_log_that_cannot_be_written_is_lost_and_the_server_goes_on(
    log: str, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """Also when a write fails of which there is something to tell, and at the end."""
    server = KabarProcess(
        tmp_path / "data",
        KABAR_LOG_LEVEL="debug",
        KABAR_ACCESS_LOG="true",
        KABAR_DATABASE_TIMEOUT=str(TIMEOUT),
        **CHEAP,
    )
    reader = None
    if log == "a full device":
        server.log_file = Path("/dev/full")
    elif log == "a pipe that nobody reads":
        os.mkfifo(tmp_path / "pipe")
        reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        server.log_file = tmp_path / "pipe"
    await server.start()
    try:
        ann, budi = [await register(server, http, name) for name in ("Ann", "Budi")]
        room = await ann.room_with(budi)
        ask = Asker(server, http, ann)
        send = {"json": {"roomId": room, "content": "Hello"}}
        # As much as a pipe holds, and more.
        for _ in range(20):
            asking = (ask("GET", "/up?" + "x" * 500) for _ in range(10))
            assert set(await asyncio.gather(*asking)) == {(200, None)}

        before = no_file_may_grow(server)
        assert await ask("POST", "/api/chat/send", **send) == (503, "1")
        assert (await ask("GET", "/api/messages"))[0] == 200
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)
        assert (await ask("POST", "/api/chat/send", **send))[0] == 201
        assert (await health_of(http, server))["checks"]["database"] == "ok"

        async with asyncio.timeout(END):
            assert await server.stop() == 0
    finally:
        await server.kill()
        if reader is not None:
            os.close(reader)


def no_file_may_grow(server: KabarProcess) -> tuple[int, int]:
    """Fill the disk, as far as this server sees; return what makes room again."""
    limit = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, limit[1]))
    return limit
