"""Nobody but the operator gets into the console, and nobody at all where it is off."""

from __future__ import annotations

import httpx
import pytest

from kabar.core.errors import CannotStart, NotSignedIn
from kabar.core.settings import Settings, read_settings
from kabar.features.console.sessions import COOKIE, SESSION_SECONDS, ConsoleSessions, WrongPassword
from kabar.infra.http.client import Client
from kabar.server.app import Kabar
from tests.features.console.conftest import PASSWORD, sign_in
from tests.people import MakePerson, browser_of

HTML = {"accept": "text/html"}
READS = [
    "/console/api/apps",
    "/console/api/apps/1",
    "/console/api/apps/1/connections",
    "/console/api/apps/1/connections/1.2",
    "/console/api/apps/1/channels",
    "/console/api/apps/1/channel?name=a",
    "/console/api/apps/1/events",
    "/console/api/apps/1/webhooks",
]
WRITES = ["/console/api/apps/1/events", "/console/api/sign-out"]
HOME = Client("192.0.2.1", is_https=False)


async def test_without_a_password_there_is_no_console(settings: Settings) -> None:
    off = settings.model_copy(update={"console_password": None})
    async with Kabar(off) as kabar, browser_of(kabar.asgi) as browser:
        assert kabar.realtime is not None
        assert kabar.realtime.inspection is None
        for path in ("/console", "/console/", *READS):
            assert (await browser.get(path, headers=HTML)).status_code == 404, path
        assert (await sign_in(browser)).status_code == 404


def test_without_realtime_there_is_nothing_to_look_into(settings: Settings) -> None:
    """Who set a password would look for the console in vain."""
    off = settings.model_copy(update={"realtime": False})
    with pytest.raises(CannotStart, match="^KABAR_CONSOLE_PASSWORD: does nothing here"):
        Kabar(off)


def test_a_short_password_does_not_start() -> None:
    with pytest.raises(CannotStart, match="KABAR_CONSOLE_PASSWORD"):
        read_settings(console_password="elevenchars")


async def test_the_page_is_for_nobody_to_keep_frame_or_index(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/console", headers=HTML)

    assert answer.status_code == 200
    assert "<kabar-console" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_a_stranger_sees_and_does_nothing(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    answers = [(path, await stranger.get(path)) for path in READS]
    answers += [(path, await stranger.post(path, json={})) for path in WRITES]
    for path, answer in answers:
        with subtests.test(path):
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_somebody_who_is_signed_in_to_the_product_is_a_stranger_here(
    person: MakePerson,
) -> None:
    ann = await person("ann")
    assert (await ann.get("/console/api/apps")).status_code == 401
    bearer = {"authorization": f"Bearer {ann.token}"}
    assert (await ann.browser.get("/console/api/apps", headers=bearer)).status_code == 401
    ann.browser.cookies.set(COOKIE, ann.token, domain="kabar.test", path="/console")
    assert (await ann.get("/console/api/apps")).status_code == 401


async def test_the_operator_gets_a_cookie_for_the_console_alone(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await sign_in(stranger)

    assert answer.status_code == 204
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert {each.lower() for each in attributes} == {
        "httponly",
        "path=/console",
        "samesite=strict",
        f"max-age={SESSION_SECONDS}",
    }
    apps = await stranger.get("/console/api/apps")
    assert [app["id"] for app in apps.json()] == ["1", "2"]
    assert apps.headers["cache-control"] == "no-store"
    assert "secret" not in apps.text
    # It opens nothing of the product.
    assert (await stranger.get("/api/me")).status_code == 401


async def test_the_cookie_is_secure_where_the_page_is(kabar: Kabar) -> None:
    async with browser_of(kabar.asgi) as browser:
        browser.headers["x-forwarded-proto"] = "https"
        attributes = (await sign_in(browser)).headers["set-cookie"].lower().split("; ")
        assert {"secure", "path=/"} <= set(attributes)


async def test_signing_out_ends_the_session_on_the_server_too(
    operator: httpx.AsyncClient,
) -> None:
    token = operator.cookies[COOKIE]
    assert (await operator.post("/console/api/sign-out")).status_code == 204
    assert COOKIE not in operator.cookies

    operator.cookies.set(COOKIE, token, domain="kabar.test", path="/console")
    assert (await operator.get("/console/api/apps")).status_code == 401


async def test_guessing_is_over_after_a_few(kabar: Kabar) -> None:
    async with browser_of(kabar.asgi) as browser:

        async def guess(address: str, password: str = "wrong") -> httpx.Response:
            browser.headers["x-forwarded-for"] = address
            return await sign_in(browser, password)

        statuses = [(await guess("192.0.2.1")).status_code for _ in range(4)]
        assert statuses == [401, 401, 401, 429]
        right = await guess("192.0.2.1", PASSWORD)
        assert (right.status_code, right.json()["code"]) == (429, "too_many_requests")
        assert 0 < int(right.headers["retry-after"]) <= 900
        assert (await guess("192.0.2.2", PASSWORD)).status_code == 204


@pytest.mark.parametrize(
    "body", ["", "{}", '{"password":1}', '{"password":null}', "[]", '{"password":"a","b":1}']
)
async def test_a_body_that_is_none_is_refused(stranger: httpx.AsyncClient, body: str) -> None:
    headers = {"content-type": "application/json"}
    answer = await stranger.post("/console/api/sign-in", content=body, headers=headers)
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "http://other.kabar.test"},
        # Allowed for the product's API; the console is nobody else's.
        {"sec-fetch-site": "cross-site", "origin": "https://friend.example"},
        {
            "sec-fetch-site": "cross-site",
            "origin": "https://evil.example",
            "authorization": "Bearer x",
        },
    ],
)
async def test_another_site_neither_writes_nor_reads(
    settings: Settings, headers: dict[str, str]
) -> None:
    friendly = settings.model_copy(update={"allowed_origins": ("https://friend.example",)})
    async with Kabar(friendly) as kabar, browser_of(kabar.asgi) as browser:
        assert (await sign_in(browser)).status_code == 204
        for path in ("/console/api/sign-in", *WRITES):
            answer = await browser.post(path, json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), path
        for path in READS:
            assert (await browser.get(path, headers=headers)).status_code == 403, path
        assert (await browser.get("/console/api/apps")).status_code == 200


class Hours:
    """A clock that is turned by hand."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def sessions_at(hours: Hours) -> ConsoleSessions:
    return ConsoleSessions(
        password=PASSWORD, failures_per_address="5/minute", is_always_secure=False, now=hours
    )


def cookie_header(token: str | None) -> list[tuple[bytes, bytes]]:
    return [(b"cookie", f"other=1; {COOKIE}={token}; more=2".encode())]


def test_a_session_ends_after_a_working_day() -> None:
    hours = Hours()
    sessions = sessions_at(hours)
    headers = cookie_header(sessions.sign_in(PASSWORD, HOME).value)

    hours.seconds += SESSION_SECONDS - 1
    sessions.require(headers)
    hours.seconds += 1
    with pytest.raises(NotSignedIn):
        sessions.require(headers)


def test_sessions_do_not_pile_up_and_the_oldest_goes_first() -> None:
    sessions = sessions_at(Hours())
    tokens = [sessions.sign_in(PASSWORD, HOME).value for _ in range(51)]

    sessions.require(cookie_header(tokens[-1]))
    sessions.require(cookie_header(tokens[1]))
    with pytest.raises(NotSignedIn):
        sessions.require(cookie_header(tokens[0]))


@pytest.mark.parametrize("token", ["", "x", '""', "\x80", "a" * 10_000])
def test_a_cookie_that_was_made_up_opens_nothing(token: str) -> None:
    sessions = sessions_at(Hours())
    sessions.sign_in(PASSWORD, HOME)
    with pytest.raises(NotSignedIn):
        sessions.require([(b"cookie", f"{COOKIE}={token}".encode("latin-1"))])


def test_of_two_cookies_that_differ_neither_counts() -> None:
    """A page on a sibling of our host can put one there, and in front."""
    sessions = sessions_at(Hours())
    good, other = (sessions.sign_in(PASSWORD, HOME).value for _ in range(2))
    both = [(b"cookie", f"{COOKIE}={good}; {COOKIE}={other}".encode())]
    parts = cookie_header(good) + cookie_header(other)
    for headers in (both, parts):
        with pytest.raises(NotSignedIn):
            sessions.require(headers)
    sessions.require(cookie_header(good) + cookie_header(good))


@pytest.mark.parametrize("password", ["", PASSWORD[:-1], PASSWORD + " ", PASSWORD.upper(), "ß" * 9])
def test_nothing_but_the_password_is_the_password(password: str) -> None:
    with pytest.raises(WrongPassword):
        sessions_at(Hours()).sign_in(password, HOME)
