"""Pages of other origins that are allowed may call, with the cookie; no others may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kabar.core.settings import read_settings
from kabar.server.app import Kabar
from tests.people import browser_of

WRITTEN = "https://App.Example/, HTTPS://SECOND.example:443, http://localhost:5173, capacitor://x"
#: what browsers send for these
ALLOWED = [
    "https://app.example",
    "https://second.example",
    "http://localhost:5173",
    "capacitor://x",
]
REFUSED = [
    "https://evil.example",
    "https://app.example.evil.example",
    "https://app.example:8443",
    "http://app.example",
    "https://sub.app.example",
    "https://appxexample",
    "null",
]
LOGIN = {"login": "ann", "password": "wrong password"}


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = read_settings(
        data=tmp_path / "data", password_hash_memory_kib=19456, allowed_origins=WRITTEN
    )
    async with Kabar(settings) as kabar, browser_of(kabar.asgi) as browser:
        yield browser


async def preflight(
    browser: httpx.AsyncClient,
    origin: str,
    *,
    path: str = "/api/chat/send",
    method: str = "POST",
    asks: str = "content-type",
) -> httpx.Response:
    headers = {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": asks,
    }
    return await browser.options(path, headers=headers)


def names_in(answer: httpx.Response, header: str) -> set[str]:
    return {name.strip().lower() for name in answer.headers.get(header, "").split(",")}


@pytest.mark.parametrize("origin", ALLOWED)
async def test_an_allowed_origin_reads_and_writes_however_the_setting_spells_it(
    browser: httpx.AsyncClient, origin: str
) -> None:
    cross = {"origin": origin, "sec-fetch-site": "cross-site"}
    asked = await preflight(browser, origin)
    read = await browser.get("/up", headers=cross)
    written = await browser.post("/api/auth/login", json=LOGIN, headers=cross)
    missed = await browser.get("/api/nothing", headers=cross)

    statuses = [answer.status_code for answer in (asked, read, written, missed)]
    assert statuses == [204, 200, 401, 404], "a wrong password is no wrong origin"
    for answer in (asked, read, written, missed):
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"
    for answer in (read, written, missed):
        assert answer.headers["access-control-expose-headers"] == "Retry-After"


@pytest.mark.parametrize("origin", REFUSED)
async def test_another_origin_neither_reads_nor_writes(
    browser: httpx.AsyncClient, origin: str
) -> None:
    cross = {"origin": origin, "sec-fetch-site": "cross-site"}
    asked = await preflight(browser, origin)
    read = await browser.get("/up", headers=cross)
    written = await browser.post("/api/auth/login", json=LOGIN, headers=cross)

    assert (asked.status_code, asked.headers["allow"]) == (204, "OPTIONS, POST")
    assert written.status_code == 403
    for answer in (asked, read, written):
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "asks",
    [
        "authorization,content-type,idempotency-key,x-socket-id",
        "content-type,x-requested-with,x-xsrf-token",  # axios
        "x-csrf-token,x-requested-with,x-socket-id",  # Laravel Echo
        "hx-boosted,hx-current-url,hx-request,hx-target,hx-trigger,hx-trigger-name",  # htmx
        "X-Requested-With, X-CSRF-TOKEN",
        "baggage,sentry-trace,x-what-nobody-has-thought-of",
    ],
)
async def test_an_allowed_origin_may_send_the_headers_that_its_libraries_add(
    browser: httpx.AsyncClient, asks: str
) -> None:
    for path in ("/api/chat/send", "/app/kabar-key/7/aaaaaaaa/xhr_send"):
        answer = await preflight(browser, ALLOWED[0], path=path, asks=asks)

        assert answer.status_code == 204
        asked = {name.strip().lower() for name in asks.split(",")}
        assert asked <= names_in(answer, "access-control-allow-headers")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def test_an_allowed_origin_may_use_every_method(
    browser: httpx.AsyncClient, method: str
) -> None:
    answer = await preflight(browser, ALLOWED[0], method=method)
    assert answer.status_code == 204
    assert method.lower() in names_in(answer, "access-control-allow-methods")


async def test_the_fallbacks_know_the_same_origins(browser: httpx.AsyncClient) -> None:
    path = "/app/kabar-key/7/aaaaaaaa/xhr"
    for origin in ALLOWED:
        answer = await preflight(browser, origin, path=path)
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"
    for origin in REFUSED:
        answer = await preflight(browser, origin, path=path, asks="x-csrf-token")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert names_in(answer, "access-control-allow-headers") == {"content-type"}
        assert "access-control-allow-credentials" not in answer.headers


async def test_caches_are_told_what_answers_depend_on(browser: httpx.AsyncClient) -> None:
    """Else one keeps what was packed, or what only one origin may read, for everybody."""
    for origin in (None, ALLOWED[0], REFUSED[0]):
        headers = {"origin": origin} if origin else {}
        for path in ("/ui/vendor/lit.js", "/up"):
            answer = await browser.get(path, headers=headers)
            assert names_in(answer, "vary") == {"accept-encoding", "origin"}
