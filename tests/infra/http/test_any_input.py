"""Whatever fits or does not fit the description of the API: no 5xx, and answers as described."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.process import KabarProcess, run
from tests.people import PASSWORD

pytestmark = pytest.mark.journey

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


async def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    server = await KabarProcess(tmp_path / "data").start()
    try:
        async with httpx.AsyncClient(base_url=server.url) as ann:
            token, room_id = await _somebody_with_a_room(ann)
        # real ones, or the tests would get no further than 404
        config = tmp_path / "schemathesis.toml"
        config.write_text(
            f'[parameters]\n"path.user" = "@bob"\n"path.room_id" = "{room_id}"\n'
            f'"query.roomId" = "{room_id}"\n'
        )
        ended = await run(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"),
            *(f"{server.url}/openapi.json", "--url", server.url),
            *("--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)),
            *("--phases", "coverage,fuzzing", "--max-examples", "10", "--seed", "1"),
            cwd=tmp_path,
        )
    finally:
        await server.stop()

    assert ended.code == 0, ended.out[-8000:]
    described = re.search(r"Operations:\s+(\d+) selected / (\d+) total", ended.out)
    assert described, ended.out
    assert described[1] == described[2]
    assert "unexpected_error" not in server.log()


async def _somebody_with_a_room(ann: httpx.AsyncClient) -> tuple[str, str]:
    """Return a token of Ann's, and the id of her room with Bob."""
    bob = await _post(ann, "/api/auth/register", _form("bob"))
    await _post(ann, "/api/auth/register", _form("ann"))
    token = await _post(ann, "/api/auth/tokens", {"name": "any input"})
    message = await _post(ann, "/api/messages", {"receiverId": bob["user"]["id"], "content": "Hi"})
    return token["token"], message["roomId"]


def _form(username: str) -> dict[str, str]:
    email = f"{username}@example.org"
    return {"username": username, "name": username, "email": email, "password": PASSWORD}


async def _post(browser: httpx.AsyncClient, path: str, body: Any) -> Any:
    answer = await browser.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()
