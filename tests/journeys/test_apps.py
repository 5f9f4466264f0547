"""Apps that come and go while the server runs, told to it by another process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pusher.errors
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.engines.realtime.webhooks.receiver import receiving
from tests.journeys.conftest import CHEAP
from tests.journeys.persons import register
from tests.journeys.process import Ended, KabarProcess, run_kabar, run_kabar_often
from tests.journeys.pusher_js import PusherJs, official_sdk, pusher_js
from tests.patience import patiently

pytestmark = pytest.mark.journey


@pytest.fixture(params=["sqlite", "postgresql"])
async def own(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[KabarProcess]:
    """A server of the test's own, running, on each database."""
    environment = dict(CHEAP)
    if request.param == "postgresql":
        environment["KABAR_DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    server = await KabarProcess(tmp_path / "data", **environment).start()
    yield server
    await server.kill()


async def apps(server: KabarProcess, *arguments: str) -> Ended:
    """Run `kabar apps …` in a process of its own, beside the server."""
    return await run_kabar(
        "apps", *arguments, "--data", str(server.data), environment=server.environment
    )


async def changed(server: KabarProcess, *arguments: str) -> dict[str, Any]:
    ended = await apps(server, *arguments)
    assert (ended.code, ended.err) == (0, ""), ended
    told: dict[str, Any] = json.loads(ended.out) if "--json" in arguments else {}
    return told


async def until_greeted_with(server: KabarProcess, key: str, answer: int | None) -> None:
    """Knock until this code (None: a welcome) is the answer: a server learns of it by itself."""
    async with patiently():
        while await greeting(server, key) != answer:
            await asyncio.sleep(0)


async def greeting(server: KabarProcess, key: str) -> int | None:
    async with connect(f"ws://127.0.0.1:{server.port}/app/{key}?protocol=7") as websocket:
        found = json.loads(await websocket.recv())
        code: int | None = None
        if found["event"] == "pusher:error":
            code = found["data"]["code"]
            with suppress(ConnectionClosed):
                await websocket.recv()
            assert websocket.close_code == code
    return code


async def codes_told(client: PusherJs, code: int) -> None:
    """Wait until pusher-js says that it was refused with this code."""
    await client.wait_until(
        lambda: any(code == error.get("data", {}).get("code") for error in client.data_of("error"))
    )


async def test_an_app_is_added_rotated_disabled_and_removed_while_it_is_used(
    own: KabarProcess,
) -> None:
    async with receiving() as receiver:
        hook = json.dumps({"url": receiver.url(), "events": ["channel_occupied"]})
        added = await changed(own, "add", "--id", "77", "--webhook", hook, "--json")
        await until_greeted_with(own, added["key"], None)
        async with pusher_js(own, None, key=added["key"]) as ann:
            await ann.subscribe("news")
            assert (await receiver.has_had(1))[0].headers["X-Pusher-Key"] == added["key"]
            await asyncio.to_thread(official_sdk(own, added).trigger, "news", "e", {"n": 1})
            await ann.wait_for("e", "news")

            rotated = await changed(own, "rotate", "77", "--grace", "1h", "--json")
            await until_greeted_with(own, rotated["key"], None)
            for number, keys in enumerate((added, rotated), start=2):
                await asyncio.to_thread(official_sdk(own, keys).trigger, "news", "e", {"n": number})
                assert await ann.wait_for("e", "news", times=number) == {"n": number}
            assert await greeting(own, added["key"]) is None

            last = await changed(own, "rotate", "77", "--grace", "0", "--json")
            await until_greeted_with(own, last["key"], None)
            assert await greeting(own, added["key"]) == 4001
            with pytest.raises(pusher.errors.PusherBadRequest, match="Unknown auth_key"):
                await asyncio.to_thread(official_sdk(own, rotated).trigger, "news", "e", {})
            # Who was there stays.
            await asyncio.to_thread(official_sdk(own, last).trigger, "news", "e", {"n": 4})
            await ann.wait_for("e", "news", times=4)

            await changed(own, "disable", "77")
            await codes_told(ann, 4003)
            assert await greeting(own, last["key"]) == 4003
            with pytest.raises(pusher.errors.PusherForbidden):
                await asyncio.to_thread(official_sdk(own, last).trigger, "news", "e", {})

        await changed(own, "enable", "77")
        await until_greeted_with(own, last["key"], None)
        async with pusher_js(own, None, key=last["key"]) as bob:
            await bob.subscribe("news")
            await changed(own, "remove", "77")
            await codes_told(bob, 4001)
        assert await greeting(own, last["key"]) == 4001
    assert "Traceback" not in own.log()
    assert "worker_failed" not in own.log()


async def test_apps_are_listed_with_where_they_come_from_and_survive_a_restart(
    own: KabarProcess,
) -> None:
    data = ("--data", str(own.data))
    added, rotated, disabled, other, listed, shown = await run_kabar_often(
        ("apps", "add", "--id", "77", "--json", *data),
        ("apps", "rotate", "77", "--grace", "2d", "--json", *data),
        ("apps", "disable", "77", *data),
        ("apps", "add", "--max-connections", "1", "--json", *data),
        ("apps", "list", "--json", *data),
        ("apps", "list", *data),
        environment=own.environment,
    )
    assert disabled.code == 0, disabled.err
    former, newest, small = (json.loads(each.out) for each in (added, rotated, other))
    first, second, third = json.loads(listed.out)
    assert (first["key"], first["source"], first["enabled"]) == (own.app_key, "data folder", True)
    (older,) = second.pop("olderKeys")
    assert second == {**newest, "source": "database", "enabled": False}
    assert (older["key"], older["secret"]) == (former["key"], former["secret"])
    assert third == {**small, "source": "database", "enabled": True, "olderKeys": []}
    for text in (own.app_key, newest["secret"], former["secret"], "disabled", older["validUntil"]):
        assert text in shown.out

    await own.stop()
    await own.start()
    assert await greeting(own, newest["key"]) == await greeting(own, former["key"]) == 4003
    async with connect(f"ws://127.0.0.1:{own.port}/app/{small['key']}?protocol=7") as ann:
        assert json.loads(await ann.recv())["event"] == "pusher:connection_established"
        assert await greeting(own, small["key"]) == 4004


async def test_kabars_own_app_can_be_rotated_under_its_pages(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """Those who are there stay, and new ones are given the new key."""
    own = await KabarProcess(tmp_path / "data", **CHEAP).start()
    ann, budi = [await register(own, http, name) for name in ("Ann", "Budi")]
    before = await own.own_app()
    async with pusher_js(own, ann) as listening:
        await listening.subscribe(f"private-user-{ann.id}")
        after = await changed(own, "rotate", before["id"], "--json")
        await until_greeted_with(own, after["key"], None)
        async with http.get(f"{own.url}/ui/config.json") as answer:
            assert (await answer.json())["key"] == after["key"]

        # She signs for it with the new key, on a connection that was opened with the old one.
        room = await ann.room_with(budi)
        await listening.subscribe(f"private-room-{room}")
        await budi.did("PUT", f"/api/users/{ann.id}/follow")
        await listening.wait_for("new-follower")
        await budi.say(room, "Still here?")
        await listening.wait_for("new-message", f"private-room-{room}")
    await own.stop()
    await own.start()
    assert own.app_key == after["key"]
    await own.stop()


async def test_whoever_adds_the_first_app_makes_kabars_own_too(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    looked, added, listed = await run_kabar_often(
        ("apps", "list", "--json", *data),
        ("apps", "add", "--json", *data),
        ("apps", "list", "--json", *data),
    )
    assert (looked.code, looked.out) == (2, "")
    own, other = json.loads(listed.out)
    assert own["source"] == "data folder"
    assert other["key"] == json.loads(added.out)["key"]


async def test_what_cannot_be_done_to_an_app_is_said_in_one_line(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    added, listed = await run_kabar_often(
        ("apps", "add", "--id", "77", "--data", data), ("apps", "list", "--json", "--data", data)
    )
    own_id = json.loads(listed.out)[0]["id"]
    assert added.code == 0, added.err
    table: list[tuple[str, tuple[str, ...]]] = [
        ("no app nobody", ("rotate", "nobody")),
        ("no app nobody", ("disable", "nobody")),
        ("no app nobody", ("enable", "nobody")),
        ("no app nobody", ("remove", "nobody")),
        ("an app 77 already", ("add", "--id", "77")),
        (f"an app {own_id} already", ("add", "--id", own_id)),
        ("Kabar's own", ("disable", own_id)),
        ("Kabar's own", ("remove", own_id)),
        ("--id", ("add", "--id", "shop")),
        ("--id", ("add", "--id", "1" * 19)),
        ("--id", ("add", "--id", "")),
        ("--max-connections", ("add", "--max-connections", "-1")),
        ("--max-connections", ("add", "--max-connections", "9" * 30)),
        ("--max-connections", ("add", "--max-connections", "many")),
        ("--authorization-timeout", ("add", "--authorization-timeout", "0")),
        ("--webhook", ("add", "--webhook", "ftp://a.example")),
        ("--webhook", ("add", "--webhook", '{"url": "http://a.example"}')),
        ("--webhook", ("add", "--webhook", '{"url": "http://a.example", "events": ["sneeze"]}')),
        ("--grace", ("rotate", "77", "--grace", "soon")),
        ("--grace", ("rotate", "77", "--grace", "366d")),
        ("--grace", ("rotate", "77", "--grace", "999999999d")),
        ("--sneeze", ("add", "--sneeze")),
        ("app_id", ("rotate",)),
    ]
    commands = [("apps", *arguments, "--data", data) for _, arguments in table]
    for (culprit, arguments), ended in zip(table, await run_kabar_often(*commands), strict=True):
        assert (ended.code, ended.out) == (2, ""), (arguments, ended)
        assert re.fullmatch(r"kabar: [^\n]+\n", ended.err), ended.err
        assert culprit in ended.err, (arguments, ended.err)


async def test_without_its_database_nothing_is_done(tmp_path: Path) -> None:
    url = f"postgresql://kabar:s3cret@127.0.0.1:1/kabar?host={tmp_path}"
    commands = [
        ("apps", *arguments, "--data", str(tmp_path / "data"))
        for arguments in (("list",), ("add",), ("rotate", "x"))
    ]
    for ended in await run_kabar_often(*commands, environment={"KABAR_DATABASE_URL": url}):
        assert (ended.code, ended.out) == (2, ""), ended
        assert re.fullmatch(r"kabar: the database [^\n]+\n", ended.err), ended.err
        assert "s3cret" not in ended.err


async def test_an_app_of_the_file_is_changed_in_the_file(tmp_path: Path) -> None:
    apps_file = tmp_path / "apps.toml"
    apps_file.write_text('[[apps]]\nid = "1"\nkey = "k"\nsecret = "s"\n')
    environment = {"KABAR_APPS_FILE": str(apps_file)}
    data = ("--data", str(tmp_path / "data"))
    *refused, added, listed = await run_kabar_often(
        *(("apps", each, "1", *data) for each in ("rotate", "disable", "enable", "remove")),
        ("apps", "add", *data),
        ("apps", "list", "--json", *data),
        environment=environment,
    )
    for ended in refused:
        assert (ended.code, ended.out) == (2, "")
        assert f"belongs to {apps_file}" in ended.err
    assert added.code == 0, added.err
    assert [each["source"] for each in json.loads(listed.out)] == ["apps file", "database"]
