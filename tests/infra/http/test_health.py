"""Is the server up, and what of it is not well?"""

from __future__ import annotations

import httpx
import pytest

from kabar.infra.http.application import make_application
from kabar.infra.http.health import Check, Checks
from kabar.infra.http.health import up as up_route
from kabar.infra.http.parts import Parts
from tests.people import browser_of


async def up(**checks: Check) -> httpx.Response:
    application = make_application(
        routes=[up_route], dependencies={}, checks=[], max_body_bytes=1024
    )
    asgi = Parts(Checks(checks)).in_front_of(application)
    async with browser_of(asgi) as browser:
        return await browser.get("/up")


async def well() -> None:
    return None


async def ill() -> str:
    return "no connection since 10:15"


async def broken() -> None:
    raise ConnectionError("the secret is 42")


async def test_all_is_well() -> None:
    answer = await up(database=well)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok"}}


@pytest.mark.parametrize(
    ("check", "said"), [(ill, "no connection since 10:15"), (broken, "failed")]
)
async def test_what_is_not_well_is_said_and_the_server_still_up(check: Check, said: str) -> None:
    answer = await up(database=well, broker=check)

    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "checks": {"database": "ok", "broker": said}}


async def test_kabar_says_that_it_is_up(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/up")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
