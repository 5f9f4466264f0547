"""Beside others on the same machine: a second Kabar, and a pooler in front of the database."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import psycopg
import pytest

from tests.journeys.conftest import CHEAP
from tests.journeys.persons import PASSWORD, register, session_cookie_of
from tests.journeys.process import KabarProcess
from tests.servers import PgBouncer, PostgreSQL

pytestmark = pytest.mark.journey

CONSOLE = {"KABAR_CONSOLE_PASSWORD": "the console's password"}
ROUNDS = 30


async def test_two_kabars_on_one_host_sign_nobody_out_of_the_other(tmp_path: Path) -> None:
    """Cookies know hosts, and no ports. One browser, with one jar for both."""
    async with AsyncExitStack() as stack:
        jar = aiohttp.CookieJar(unsafe=True)
        browser = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        servers = []
        for name in ("one", "two"):
            server = await KabarProcess(tmp_path / name, **CHEAP, **CONSOLE).start()
            stack.push_async_callback(server.stop)
            servers.append(server)
        one, two = servers

        async def who(server: KabarProcess) -> str | None:
            async with browser.get(f"{server.url}/api/auth/session") as answer:
                user: dict[str, str] | None = (await answer.json())["user"]
                return None if user is None else user["username"]

        async def operates(server: KabarProcess) -> bool:
            async with browser.get(f"{server.url}/console/api/apps") as answer:
                return answer.status == 200

        async def post(server: KabarProcess, path: str, body: dict[str, str]) -> None:
            async with browser.post(server.url + path, json=body) as answer:
                assert answer.ok, await answer.text()

        for server, username in ((one, "ann"), (two, "budi")):
            account = {"username": username, "name": username, "password": PASSWORD}
            email = {"email": f"{username}@example.org"}
            await post(server, "/api/auth/register", {**account, **email})
            password = {"password": CONSOLE["KABAR_CONSOLE_PASSWORD"]}
            await post(server, "/console/api/sign-in", password)
        assert [await who(server) for server in servers] == ["ann", "budi"]
        assert [await operates(server) for server in servers] == [True, True]

        # A socket is its owner's on each of them.
        for server, username in ((one, "ann"), (two, "budi")):
            async with browser.get(f"{server.url}/api/users/@{username}") as answer:
                user_id = (await answer.json())["id"]
            url = f"{server.url}/app/{server.app_key}?protocol=7"
            async with browser.ws_connect(url, origin=server.url) as socket:
                await socket.receive_json()
                subscription = {"channel": f"user-{user_id}"}
                await socket.send_json({"event": "pusher:subscribe", "data": subscription})
                heard = await socket.receive_json()
                assert heard["event"] == "pusher_internal:subscription_succeeded"

        await post(one, "/api/auth/logout", {})
        await post(one, "/console/api/sign-out", {})
        assert [await who(server) for server in servers] == [None, "budi"]
        assert [await operates(server) for server in servers] == [False, True]


async def test_who_was_signed_in_before_cookies_had_marks_still_is(
    server: KabarProcess, http: aiohttp.ClientSession
) -> None:
    ann = await register(server, http, "Ann")
    credentials = {"login": ann.username, "password": PASSWORD}
    async with http.post(f"{server.url}/api/auth/login", json=credentials) as answer:
        name, _, token = session_cookie_of(answer).partition("=")
    assert name != "kabar_session"
    for cookies in (f"kabar_session={token}", f"kabar_session=other; {name}={token}"):
        headers = {"Cookie": cookies}
        async with http.get(f"{server.url}/api/auth/session", headers=headers) as answer:
            assert (await answer.json())["user"]["id"] == ann.id


@pytest.mark.parametrize("threads", ["4", "12"])
async def test_behind_a_pooler_every_call_is_answered_rightly(
    threads: str,
    postgresql: PostgreSQL,
    pgbouncer: PgBouncer,
    tmp_path: Path,
    http: aiohttp.ClientSession,
) -> None:
    """Also by an older one, which refuses what it does not know at the start."""
    name = postgresql.create_database()
    environment = {"KABAR_DATABASE_URL": pgbouncer.url(name), "KABAR_POSTGRES_THREADS": threads}
    server = await KabarProcess(tmp_path / "data", **environment, **CHEAP).start()
    try:
        ann, budi = [await register(server, http, each) for each in ("Ann", "Budi")]
        room = await ann.room_with(budi)
        message = {"roomId": room, "content": "Hello"}
        answers = await asyncio.gather(
            *(ann.call("POST", "/api/chat/send", json=message) for _ in range(ROUNDS)),
            *(budi.call("GET", "/api/messages") for _ in range(ROUNDS)),
            *(budi.call("GET", f"/api/chat/messages?roomId={room}") for _ in range(ROUNDS)),
            *(ann.call("PUT", f"/api/users/{budi.id}/follow") for _ in range(ROUNDS)),
            *(budi.call("GET", "/api/notifications") for _ in range(ROUNDS)),
            *(ann.call("PATCH", "/api/me", json={"bio": str(n)}) for n in range(ROUNDS)),
        )
        assert Counter(status for status, _ in answers) == {200: 5 * ROUNDS, 201: ROUNDS}
        assert (await ann.did("GET", f"/api/users/{budi.id}"))["followersCount"] == 1
        assert (await budi.did("GET", "/api/chat/unread"))["total"] == ROUNDS
        assert await server.stop() == 0
        assert "Traceback" not in server.log()
    finally:
        await server.kill()
    with psycopg.connect(postgresql.url(name)) as connection:
        (sent,) = connection.execute('SELECT count(*) FROM "Message"').fetchone() or (0,)
    assert sent == ROUNDS
