"""Keys that are made and revoked by another process, while the server runs and people listen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.journeys.conftest import CHEAP
from tests.journeys.persons import register
from tests.journeys.process import Ended, KabarProcess, run_kabar

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


async def keys(server: KabarProcess, *arguments: str) -> Ended:
    """Run `kabar keys …` in a process of its own, beside the server."""
    return await run_kabar(
        "keys", *arguments, "--data", str(server.data), environment=server.environment
    )


async def test_a_key_is_made_used_listed_and_revoked(
    own: KabarProcess, http: aiohttp.ClientSession
) -> None:
    ended = await keys(own, "create", "--name", "My shop", "--may", "act, users", "--json")
    made = json.loads(ended.out)
    assert (ended.code, ended.err, made["may"]) == (0, "", ["users", "act"])

    async def call(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        headers["Authorization"] = f"Bearer {made['key']}"
        url = own.url + path
        async with http.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    assert (await call("PUT", "/api/users/u1", {"name": "One"}))[0] == 201
    assert (await call("GET", "/api/me", **{"X-Kabar-User": "u1"}))[0] == 200

    (listed,) = json.loads((await keys(own, "list", "--json")).out)
    assert (listed["id"], listed["name"]) == (made["id"], "My shop")
    assert listed["lastUsedAt"] is not None
    assert made["key"] not in (await keys(own, "list")).out

    assert (await keys(own, "revoke", made["id"])).code == 0
    assert (await call("GET", "/api/me", **{"X-Kabar-User": "u1"}))[1]["code"] == "bad_key"
    again = await keys(own, "revoke", made["id"])
    assert (again.code, again.err) == (2, "kabar: There is no such API key.\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--name", "x", "--may", "fly"), "--may: 'fly' is none of users, act"),
        (("--name", "x", "--may", " , "), "--may: give at least one of users"),
        (("--name", "a\x07b", "--may", "act"), "--name: must be a line of text"),
        (("--name", "x" * 101, "--may", "act"), "--name: must have at most 100"),
    ],
)
async def test_what_is_wrong_is_said_in_a_line(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    ended = await run_kabar("keys", "create", *arguments, "--data", str(tmp_path))
    assert ended.code == 2
    assert ended.err.startswith(f"kabar: {says}")
    assert ended.err.count("\n") == 1


async def test_who_is_erased_hears_nothing_more_and_others_hear_of_it(
    own: KabarProcess, http: aiohttp.ClientSession
) -> None:
    made = json.loads((await keys(own, "create", "--name", "x", "--may", "users", "--json")).out)
    ann, ben = [await register(own, http, name) for name in ("Ann", "Ben")]
    room = await ann.room_with(ben)
    async with (
        ann.listen(f"private-user-{ann.id}", f"private-room-{room}") as anns,
        ben.listen(f"private-room-{room}") as bens,
    ):
        headers = {"Authorization": f"Bearer {made['key']}"}
        url = f"{own.url}/api/users/{ann.id}"
        async with http.delete(url, headers=headers) as answer:
            assert answer.status == 204
        (left,) = await bens.wait_for("user-left")
        assert left["userId"] == ann.id
        assert await anns.close_code() == 4200
        assert (await ann.call("GET", "/api/me"))[0] == 401
