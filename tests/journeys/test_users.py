"""`kabar users role`: who operates the server says who moderates it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.process import KabarProcess, run_kabar
from tests.journeys.test_ended_sessions import MakePerson

pytestmark = pytest.mark.journey


async def test_a_role_is_there_at_once_and_gone_at_once(
    server: KabarProcess, person: MakePerson
) -> None:
    ann = await person("Ann")

    async def role(*arguments: str) -> str:
        ended = await run_kabar("users", "role", *arguments, "--data", str(server.data))
        assert ended.code == 0, ended.err
        return ended.out

    status, _ = await ann.call("GET", "/api/moderation/suspensions")
    assert status == 403
    assert await role(ann.username, "moderator") == f"{ann.username} is a moderator now.\n"
    assert (await ann.did("GET", "/api/moderation/suspensions"))["suspended"] == []
    assert (await ann.did("GET", "/api/me"))["role"] == "moderator"
    assert await role(ann.id, "admin") == f"{ann.username} is an admin now.\n"
    assert await role(f"@{ann.username}", "user") == f"{ann.username} is a user now.\n"


async def test_who_does_not_exist_and_what_is_no_role_are_named(tmp_path: Path) -> None:
    nobody = await run_kabar("users", "role", "nobody", "admin", "--data", str(tmp_path))
    nothing = await run_kabar("users", "role", "nobody", "king", "--data", str(tmp_path))

    assert (nobody.code, nobody.err) == (
        2,
        "kabar: There is no such user, or you may not see them.\n",
    )
    assert nothing.code == 2
    assert "'king' is not one of" in nothing.err
