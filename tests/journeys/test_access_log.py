"""Does the access log have every request, and who made it?"""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.process import KabarProcess

pytestmark = pytest.mark.journey


async def test_every_request_is_in_the_access_log(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """Also those of sockets and fallbacks, with the address that a proxy tells, and no query."""
    told = {"X-Forwarded-For": "[2001:DB8::1]:50000"}
    server = KabarProcess(tmp_path / "data", KABAR_ACCESS_LOG="true", KABAR_LOG_JSON="true")
    await server.start()
    socket_path = f"/app/{server.app_key}"
    fallback_path = f"{socket_path}/0/abcdefgh/xhr"
    async with http.get(f"{server.url}/api/me?query=s3cret", headers=told):
        pass
    async with http.post(f"{server.url}{fallback_path}?protocol=7", headers=told):
        pass
    async with http.ws_connect(f"{server.url}{socket_path}?protocol=7", headers=told) as socket:
        await socket.receive()
    assert await server.stop() == 0

    lines = [json.loads(line) for line in server.log().splitlines()]
    noted = [line for line in lines if line["event"] == "request"]
    assert [(each["method"], each["path"], each["status"]) for each in noted] == [
        ("GET", "/up", 200),
        ("GET", "/api/me", 401),
        ("POST", fallback_path, 200),
        ("GET", socket_path, 101),
    ]
    assert {each["address"] for each in noted[1:]} == {"2001:db8::1"}
    assert "s3cret" not in server.log()
