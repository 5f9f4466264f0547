"""HEAD and OPTIONS are answered wherever anything else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from litestar.routes import HTTPRoute

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from tests.people import MakePerson, browser_of

#: what a HEAD is asked for
TOLD = ("content-length", "content-type", "etag", "cache-control", "content-security-policy")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The methods are the same whatever the database."""
    return f"sqlite:///{tmp_path}/kabar.db"


def samples(kabar: Kabar) -> Iterator[tuple[str, set[str]]]:
    """Return an address of each route, and what Litestar says that it takes."""
    for route in kabar.web.application.routes:
        if isinstance(route, HTTPRoute):
            yield re.sub(r"\{[^}]+\}", "1", route.path), {str(method) for method in route.methods}


async def test_head_is_answered_like_get_without_the_body(
    kabar: Kabar, person: MakePerson, subtests: pytest.Subtests
) -> None:
    ann = await person("ann")
    paths = {path for path, methods in samples(kabar) if "GET" in methods}
    assert {"/up", "/", "/api/me", "/docs", "/openapi.json"} <= paths
    for path in sorted(paths | {"/ui/vendor/lit.js", "/up/nothing", "/api/auth/login"}):
        with subtests.test(path):
            whole = await ann.browser.get(path)
            head = await ann.browser.head(path)

            assert (head.status_code, head.content) == (whole.status_code, b"")
            for name in TOLD:
                assert head.headers.get(name) == whole.headers.get(name), name


async def test_monitors_may_ask_for_the_head_of_up(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.head("/up")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_the_head_of_a_page_is_that_of_a_page(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.head("/chat", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_sockjs_may_be_asked_for_its_head(stranger: httpx.AsyncClient) -> None:
    whole = await stranger.get("/pusher/info")
    head = await stranger.head("/pusher/info")
    refused = await stranger.post("/pusher/info")

    assert (whole.status_code, head.status_code, head.content) == (200, 200, b"")
    assert refused.headers["allow"] == "OPTIONS, GET, HEAD"


async def test_options_says_the_same_of_every_path_as_a_405(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    """Also where several handlers share a path, or call its parameters differently."""
    told = (await stranger.options("/api/me")).headers["allow"]
    assert told == "DELETE, GET, HEAD, OPTIONS, PATCH"
    for path, methods in samples(kabar):
        options = await stranger.options(path)
        refused = await stranger.request("TRACE", path)

        allowed = set(options.headers["allow"].split(", "))
        assert (options.status_code, options.content) == (204, b""), path
        assert refused.status_code == 405, path
        assert set(refused.headers["allow"].split(", ")) == allowed, path
        assert methods <= allowed, path
        assert ("HEAD" in allowed) == ("GET" in allowed), path


async def test_options_of_an_address_that_does_not_exist_is_a_404(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.options("/api/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_options_knows_the_console_as_well(settings: Settings) -> None:
    watched = settings.model_copy(update={"console_password": "a long password"})
    async with Kabar(watched) as kabar, browser_of(kabar.asgi) as browser:
        page = await browser.options("/console")
        sign_in = await browser.options("/console/api/sign-in")

    assert page.headers["allow"] == "GET, HEAD, OPTIONS"
    assert sign_in.headers["allow"] == "OPTIONS, POST"
