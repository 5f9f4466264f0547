"""Whatever a client sends, what goes wrong is a problem with a status, a code and a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog.testing
from litestar import get
from litestar.exceptions import ServiceUnavailableException

from kabar.core.errors import KabarError, Unavailable
from kabar.features.accounts.errors import SignInBusy
from kabar.infra.http.application import make_application
from tests.people import PASSWORD, MakePerson, browser_of

JSON = {"content-type": "application/json"}
LOGIN = "/api/auth/login"

#: what is sent as the body of a sign-in, and what it is answered
BODIES: list[tuple[str, bytes, int, str]] = [
    ("nothing", b"", 400, "malformed_json"),
    ("half an object", b'{"login":', 400, "malformed_json"),
    ("two objects", b"{}{}", 400, "malformed_json"),
    ("no JSON", b"login=ann&password=x", 400, "malformed_json"),
    ("not a number", b'{"login":"a","password":NaN}', 400, "malformed_json"),
    ("no UTF-8", b'{"login":"\xff\xfe","password":"x"}', 400, "malformed_json"),
    ("no UTF-8 in a name", b'{"\xff":1}', 400, "malformed_json"),
    ("half a surrogate pair", rb'{"login":"\ud800","password":"x"}', 400, "malformed_json"),
    ("the other half", rb'{"login":"\udc00 or so","password":"x"}', 400, "malformed_json"),
    ("a surrogate as UTF-8", b'{"login":"\xed\xa0\x80","password":"x"}', 400, "malformed_json"),
    ("a raw control character", b'{"login":"a\nb","password":"x"}', 400, "malformed_json"),
    ("very deep", b'{"login":' + b"[" * 7_000, 400, "malformed_json"),
    ("very deep and complete", b"[" * 7_000 + b"]" * 7_000, 400, "malformed_json"),
    ("a number too large", b'{"login":1e999,"password":"x"}', 400, "malformed_json"),
    ("an array", b"[]", 422, "invalid"),
    ("null", b"null", 422, "invalid"),
    ("a text", b'"ann"', 422, "invalid"),
    ("wrong types", b'{"login":1,"password":{}}', 422, "invalid"),
    ("a missing field", b'{"login":"ann"}', 422, "invalid"),
    ("an unknown field", b'{"login":"ann","password":"x","admin":true}', 422, "invalid"),
    ("a name as in Python", b'{"login":"ann","pass_word":"x"}', 422, "invalid"),
    ("U+0000", rb'{"login":"a\u0000","password":"x"}', 422, "invalid"),
    ("a name twice, one wrong", b'{"login":5,"login":"a","password":"x"}', 400, "repeated_name"),
    ("an over-long text", b'{"login":"' + b"x" * 255 + b'","password":"x"}', 422, "invalid"),
    ("10 MB", b'{"login":"' + b"x" * 10_000_000 + b'"}', 413, "too_large"),
]


async def test_a_body_that_is_not_right_is_told_so(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for name, body, status, code in BODIES:
        with subtests.test(name):
            answer = await stranger.post(LOGIN, content=body, headers=JSON)

            assert_problem(answer, status, code)
            assert bool(answer.json().get("errors")) == (status == 422)


async def test_an_escaped_backslash_before_u0000_is_a_text_like_any_other(
    stranger: httpx.AsyncClient,
) -> None:
    body = rb'{"login":"C:\\u0000","password":"x"}'
    answer = await stranger.post(LOGIN, content=body, headers=JSON)
    assert_problem(answer, 401, "bad_credentials")


async def test_only_json_is_read(stranger: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    body = b'{"login":"ann","password":"x"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"):
        with subtests.test(kind):
            answer = await stranger.post(LOGIN, content=body, headers={"content-type": kind})
            assert_problem(answer, 415, "unsupported_media_type")
    for kind in ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON"):
        with subtests.test(kind):
            answer = await stranger.post(LOGIN, content=body, headers={"content-type": kind})
            assert_problem(answer, 401, "bad_credentials")


async def test_an_address_that_is_not_right_is_told_so(
    person: MakePerson, subtests: pytest.Subtests
) -> None:
    ann = await person("ann")
    for method, path, status, code in [
        ("GET", "/api/nothing", 404, "not_found"),
        ("POST", "/api/nothing", 404, "not_found"),
        ("GET", "/API/me", 404, "not_found"),
        ("PUT", "/api/me", 405, "method_not_allowed"),
        ("GET", "/api/auth/login", 405, "method_not_allowed"),
        ("GET", "/api/users/%00", 400, "bad_request"),
        ("GET", "/api/users/a%00b/follow", 400, "bad_request"),
        ("GET", "/api/users?query=%00", 400, "bad_request"),
        ("GET", "/api/users/%ff", 404, "user_not_found"),
        ("GET", "/api/users/%ed%a0%80", 404, "user_not_found"),
        ("GET", "/api/users/..%2f..%2fetc%2fpasswd", 404, "not_found"),
        ("GET", "/api/users?query=%ff&limit=1", 200, ""),
        ("GET", "/api/users?limit=1&limit=2", 200, ""),
        ("GET", "/api/users?%ff=1&&&=", 200, ""),
    ]:
        with subtests.test(method=method, path=path):
            answer = await ann.browser.request(method, path)
            if status == 200:
                assert answer.status_code == 200
            else:
                assert_problem(answer, status, code)


async def test_a_405_says_which_methods_there_are(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.put("/api/me")
    assert set(answer.headers["allow"].split(", ")) == {"DELETE", "GET", "HEAD", "PATCH", "OPTIONS"}


async def test_a_stranger_is_turned_away_before_the_body_is_looked_at(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.patch("/api/me", content=b"{", headers=JSON)
    assert_problem(answer, 401, "not_signed_in")


async def test_a_thousand_calls_at_once_are_all_answered(person: MakePerson) -> None:
    ann = await person("ann")
    await person("bob")

    answers = await asyncio.gather(
        *(ann.put("/api/users/@bob/follow") for _ in range(500)),
        *(ann.patch("/api/me", {"bio": str(number)}) for number in range(500)),
    )

    assert {answer.status_code for answer in answers} == {200}
    assert (await ann.get("/api/users/@bob")).json()["followersCount"] == 1


def test_who_is_told_503_is_told_when_to_come_back() -> None:
    """Whatever the error is called, and whoever raises it."""
    kinds: list[type[Unavailable]] = [Unavailable, SignInBusy, *Unavailable.__subclasses__()]
    assert {kind().headers["Retry-After"] for kind in kinds} == {"1"}
    assert Unavailable(headers={"Retry-After": "5", "X": "y"}).headers == {
        "Retry-After": "5",
        "X": "y",
    }
    others = [kind for kind in errors_below(KabarError) if kind.status == 503]
    assert all(issubclass(kind, Unavailable) for kind in others)


def errors_below(kind: type[KabarError]) -> Iterator[type[KabarError]]:
    for below in kind.__subclasses__():
        yield below
        yield from errors_below(below)


async def test_what_litestar_calls_unavailable_says_so_too() -> None:
    @get("/busy")
    async def busy() -> None:
        raise ServiceUnavailableException

    asgi = make_application(routes=[busy], dependencies={}, checks=[], max_body_bytes=1024)
    async with browser_of(asgi) as browser:
        answer = await browser.get("/busy")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_what_nobody_foresaw_is_logged_and_not_told() -> None:
    @get("/broken")
    async def broken() -> dict[str, Any]:
        raise ZeroDivisionError("the secret is 42")

    asgi = make_application(routes=[broken], dependencies={}, checks=[], max_body_bytes=1024)
    with structlog.testing.capture_logs() as logs:
        async with browser_of(asgi) as browser:
            answer = await browser.get("/broken")

    assert_problem(answer, 500, "internal_error")
    assert "42" not in answer.text
    assert [entry["event"] for entry in logs] == ["unexpected_error"]
    assert isinstance(logs[0]["exc_info"], ZeroDivisionError)


async def test_a_forged_host_is_refused(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/api/me", headers={"host": "a b/c"})
    assert_problem(answer, 400, "bad_request")


async def test_nothing_is_half_written_by_what_is_refused(person: MakePerson) -> None:
    ann = await person("ann")
    before = (await ann.get("/api/me")).json()

    for body in ({"name": "New", "bio": 1}, {"name": "New", "password": "another one"}):
        assert (await ann.patch("/api/me", body)).status_code == 422

    assert (await ann.get("/api/me")).json() == before
    login = {"login": "ann", "password": PASSWORD}
    assert (await ann.post(LOGIN, login)).status_code == 200


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) - {"errors"} == {"type", "title", "status", "detail", "code"}
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert all(error["message"] for error in problem.get("errors", []))
