"""`kabar export` beside a running server, `kabar import` into another: people go on there."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from tests.journeys.conftest import CHEAP
from tests.journeys.persons import register
from tests.journeys.process import KabarProcess, run_kabar

pytestmark = pytest.mark.journey


async def test_people_go_on_where_their_rooms_were_taken(
    server: KabarProcess, http: aiohttp.ClientSession, postgresql_url: str, tmp_path: Path
) -> None:
    ann, ben = await register(server, http, "Ann"), await register(server, http, "Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Before")
    file = tmp_path / "all.jsonl"

    ended = await run_kabar("export", str(file), "--data", str(server.data))
    assert (ended.code, ended.err) == (0, "")
    assert f"rows are in {file}." in ended.out

    environment = {**CHEAP, "KABAR_DATABASE_URL": postgresql_url}
    there = await KabarProcess(tmp_path / "data", **environment).start()
    try:
        for known in (False, True):
            taken = await run_kabar(
                *("import", str(file), "--data", str(there.data)), environment=there.environment
            )
            assert (taken.code, taken.err) == (0, "")
            assert (" 0 new" in taken.out.splitlines()[0]) is known
        # With the token that they have.
        ann._server = ben._server = there
        await ben.say(room, "After")
        page = await ann.did("GET", f"/api/chat/messages?roomId={room}")
        assert [message["content"] for message in page["messages"]] == ["Before", "After"]
        found = await ben.did("GET", f"/api/users?query={ann.username}")
        assert [user["id"] for user in found["users"]] == [ann.id]
    finally:
        await there.stop()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "nothing.jsonl"), "nothing.jsonl: there is no such file"),
        (("import", "."), ".: there is no such file"),
        (("export", "."), ".: this is no place for a file"),
        (("export", "no/where.jsonl"), "no/where.jsonl: this is no place for a file"),
        (("import", "wrong.jsonl"), "line 1: this is no archive of Kabar"),
    ],
)
async def test_what_is_wrong_is_said_in_a_line(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "wrong.jsonl").write_text('{"kind": "User"}\n')

    ended = await run_kabar(*arguments, "--data", str(tmp_path / "data"), cwd=tmp_path)

    assert ended.code == 2
    assert ended.err.startswith(f"kabar: {says}")
    assert ended.err.count("\n") == 1
