"""Starting and stopping: what the person sees who runs Kabar."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.conftest import CHEAP
from tests.journeys.persons import Person, register, sign_in
from tests.journeys.process import KabarProcess, TypedKabarProcess, run_kabar
from tests.journeys.pusher_js import official_sdk
from tests.patience import PATIENCE, patiently

pytestmark = pytest.mark.journey

OPEN_SOCKETS = 200
APPS_FILE = """
[[apps]]
id = "7"
key = "first-key"
secret = "first-secret"

[[apps]]
id = "8"
key = "second-key"
secret = "second-secret"
"""


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[KabarProcess]:
    """A server of the test's own, on an empty folder, not yet started."""
    process = KabarProcess(tmp_path / "data", **CHEAP)
    yield process
    await process.kill()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_second_start_finds_everything_that_the_first_one_made(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    environment = dict(CHEAP)
    if kind == "postgresql":
        environment["KABAR_DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    server = await TypedKabarProcess(tmp_path / "data", **environment).start()
    first_key = server.app_key
    assert server.printed == [
        f"Kabar    http://127.0.0.1:{server.port}",
        f"App key  {first_key}",
        f"Data     {tmp_path / 'data'}",
    ]
    ann, budi = [await register(server, http, name) for name in ("Ann", "Budi")]
    room = await ann.room_with(budi)
    await ann.say(room, "Still here tomorrow?")
    await ann.did("PUT", f"/api/users/{budi.id}/follow")
    before = await everything_of(budi, room)

    assert await server.stop() == 0
    await server.start()

    assert server.app_key == first_key
    assert await everything_of(budi, room) == before
    async with http.get(f"{server.url}/api/auth/session", headers={"Cookie": ann.cookie}) as answer:
        assert (await answer.json())["user"]["id"] == ann.id
    assert (await ann.say(room, "Yes"))["seq"] == 2
    assert await server.stop() == 0
    assert "Traceback" not in server.log()


async def everything_of(person: Person, room: str) -> list[object]:
    paths = [
        "/api/me",
        "/api/messages",
        f"/api/chat/messages?roomId={room}",
        f"/api/users/{person.id}/followers",
        "/api/chat/unread",
    ]
    return [await person.did("GET", path) for path in paths]


async def test_a_busy_server_ends_in_time_and_sends_every_socket_elsewhere(
    own: KabarProcess, http: aiohttp.ClientSession
) -> None:
    """SIGTERM amid open sockets, senders, and a request whose body never comes."""
    # As long as a body is waited for otherwise, nobody waits for this test.
    own.environment["KABAR_REQUEST_TIMEOUT"] = str(10 * PATIENCE)
    await own.start()
    ann, budi = [await register(own, http, name) for name in ("Ann", "Budi")]
    room = await ann.room_with(budi)
    answered: list[str] = []
    async with AsyncExitStack() as sockets:
        ears = [
            await sockets.enter_async_context(ann.listen("public-channel"))
            for _ in range(OPEN_SOCKETS)
        ]
        room_ear = await sockets.enter_async_context(budi.listen(f"private-room-{room}"))
        _, writer = await asyncio.open_connection("127.0.0.1", own.port)
        writer.write(
            b"POST /api/auth/login HTTP/1.1\r\nHost: kabar\r\nContent-Type: application/json\r\n"
            b'Content-Length: 1000\r\n\r\n{"login":'
        )
        senders = [asyncio.create_task(send_until_refused(ann, room, answered)) for _ in range(16)]
        await room_ear.wait_for("new-message", times=20)

        own.signal(signal.SIGTERM)
        async with patiently():
            code = await own.ended()
            codes = [await ear.close_code() for ear in ears]
            await asyncio.gather(*senders)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    assert code == 0
    assert set(codes) == {4200}

    await own.start()
    page = await budi.did("GET", f"/api/chat/messages?roomId={room}&limit=1")
    assert page["messages"][-1]["seq"] >= len(answered) > 0


async def send_until_refused(person: Person, room: str, answered: list[str]) -> None:
    """Send until the server is gone; while it goes it may say that it cannot any more."""
    with suppress(aiohttp.ClientError):
        while True:
            status, body = await person.call(
                "POST", "/api/chat/send", json={"roomId": room, "content": "going on"}
            )
            assert status in {201, 503}, body
            if status == 201:
                answered.append(body["id"])


async def test_the_demo_fills_the_pages_once(
    own: KabarProcess, http: aiohttp.ClientSession
) -> None:
    first = await run_kabar("demo", "--data", str(own.data))
    assert first.code == 0, first.err
    password = re.search(r"password of each is (\S+)", first.out)
    assert password is not None, first.out

    await own.start()
    sari = await sign_in(own, http, "sari", password[1])
    before = await seen_by(sari)
    assert all(before.values()), before

    second = await run_kabar("demo", "--data", str(own.data))
    assert second.code == 0, second.err
    assert await seen_by(sari) == before


async def test_help_names_whole_options_in_a_narrow_terminal(tmp_path: Path) -> None:
    shown = await run_kabar("apps", "add", "--help", cwd=tmp_path, environment={"COLUMNS": "80"})
    assert shown.code == 0, shown.err
    assert {"--client-events-per-second", "--no-authorized-connections"} <= set(shown.out.split())


async def seen_by(person: Person) -> dict[str, object]:
    """Return what the pages show to somebody."""
    seen = {}
    for path, key in (
        ("/api/messages", "conversations"),
        ("/api/notifications", "notifications"),
        ("/api/users", "users"),
        (f"/api/users/{person.id}/followers", "users"),
        ("/api/chat/unread", "total"),
    ):
        seen[path] = (await person.did("GET", path))[key]
    return seen


async def test_without_realtime_everything_works_and_the_log_says_so(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """Graceful fallback if Pusher unavailable; No crashes when Pusher not configured."""
    server = await KabarProcess(tmp_path / "data", KABAR_REALTIME="false", **CHEAP).start()
    try:
        ann, budi = [await register(server, http, name) for name in ("Ann", "Budi")]
        await ann.did("PUT", f"/api/users/{budi.id}/follow")
        sent = await ann.did("POST", "/api/messages", json={"receiverId": budi.id, "content": "Hi"})
        await budi.did("POST", "/api/chat/typing", json={"roomId": sent["roomId"]})
        read = await budi.did("POST", "/api/chat/read", json={"roomId": sent["roomId"]})
        assert read["unreadCount"] == 0

        socket_id = {"socket_id": "1.1", "channel_name": f"private-user-{ann.id}"}
        status, problem = await ann.call("POST", "/api/pusher/auth", data=socket_id)
        assert (status, problem["code"]) == (403, "realtime_is_off")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(f"{server.url}/app/{server.app_key}?protocol=7")
        status, _ = await ann.call("GET", "/up")
        assert status == 200
    finally:
        code = await server.stop()
    assert code == 0
    assert "realtime_is_off" in server.log()
    assert "Traceback" not in server.log()


async def test_the_first_app_of_the_apps_file_is_kabars_own(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    apps_file = tmp_path / "apps.toml"
    apps_file.write_text(APPS_FILE)
    environment = {"KABAR_APPS_FILE": str(apps_file), **CHEAP}
    data = str(tmp_path / "data")
    listed = await run_kabar("apps", "list", "--json", "--data", data, environment=environment)
    apps = json.loads(listed.out)
    assert [(app["id"], app["key"], app["secret"]) for app in apps] == [
        ("7", "first-key", "first-secret"),
        ("8", "second-key", "second-secret"),
    ]

    server = await KabarProcess(tmp_path / "data", **environment).start()
    try:
        assert server.app_key == "first-key"
        ann, budi = [await register(server, http, name) for name in ("Ann", "Budi")]
        channel = f"private-user-{ann.id}"
        async with ann.listen(channel) as ear:
            await asyncio.to_thread(official_sdk(server, apps[1]).trigger, channel, "other", {})
            await asyncio.to_thread(official_sdk(server, apps[0]).trigger, channel, "own", {})
            await budi.did("PUT", f"/api/users/{ann.id}/follow")
            await ear.wait_for("new-follower")
            assert len(ear.data_of("own")) == 1
            assert ear.data_of("other") == [], "nothing crosses between apps"
    finally:
        assert await server.stop() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a namespace of processes")
async def test_the_first_process_of_a_container_ends_while_it_starts(tmp_path: Path) -> None:
    kabar = (sys.executable, "-X", "importtime", "-m", "kabar", "serve", "--port", "0")
    process = await asyncio.create_subprocess_exec(
        *("unshare", "--pid", "--fork", "--kill-child", *kabar),
        env={"PATH": os.environ["PATH"], "KABAR_DATA": str(tmp_path)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    async with patiently():
        # It has begun to read itself.
        while b"kabar.cli" not in (line := await process.stderr.readline()):
            assert line
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGTERM)
        await process.stderr.read()
        assert await process.wait() == 128 + signal.SIGTERM
