"""What another site makes a browser send is refused."""

from __future__ import annotations

import httpx
import pytest
from structlog.testing import capture_logs

from kabar.core.settings import Settings
from kabar.infra.http.same_origin import SameOrigin
from kabar.server.app import Kabar
from tests.people import MakePerson, browser_of

HERE = "kabar.example:8443"

#: the headers of a write, and whether it may be done; public URL https://chat.example/kabar,
#: allowed https://friend.example
WRITES: list[tuple[dict[str, str], bool]] = [
    ({}, True),
    ({"sec-fetch-site": "same-origin"}, True),
    ({"sec-fetch-site": "none"}, True),
    ({"sec-fetch-site": "same-site"}, False),
    ({"sec-fetch-site": "cross-site"}, False),
    ({"sec-fetch-site": "cross-site", "origin": f"https://{HERE}"}, False),
    ({"sec-fetch-site": "cross-site", "origin": "https://friend.example"}, True),
    ({"sec-fetch-site": "cross-site", "origin": "https://friend.example.evil.example"}, False),
    ({"origin": f"https://{HERE}"}, True),
    ({"origin": "https://KABAR.example:8443"}, True),
    ({"origin": "https://kabar.example"}, False),
    ({"origin": "https://kabar.example:8444"}, False),
    ({"origin": "https://chat.example"}, True),
    ({"origin": "https://chat.example:443"}, True),
    ({"origin": "https://friend.example"}, True),
    ({"origin": "https://FRIEND.example:443"}, True),
    ({"origin": "http://friend.example"}, False),
    ({"origin": "https://friend.example:444"}, False),
    ({"origin": "http://chat.example"}, False),
    ({"origin": "http://chat.example:443"}, False),
    ({"origin": "https://evil.example"}, False),
    ({"origin": f"https://{HERE}.evil.example"}, False),
    ({"origin": f"https://evil.example/{HERE}"}, False),
    ({"origin": f"https://{HERE}@evil.example"}, False),
    ({"origin": "null"}, False),
    ({"origin": ""}, False),
    ({"origin": "https://[::1"}, False),
    ({"origin": "https://evil.example:99999"}, False),
    ({"authorization": "Bearer x", "origin": "https://evil.example"}, True),
]


@pytest.fixture
def same_origin() -> SameOrigin:
    return SameOrigin(
        public_url="https://chat.example/kabar",
        allowed_origins=["https://friend.example"],
        exempt=["/apps/"],
    )


@pytest.mark.parametrize(("headers", "may"), WRITES)
async def test_a_write_is_done_only_for_ones_own_page(
    same_origin: SameOrigin, headers: dict[str, str], may: bool
) -> None:
    raw = [(b"host", HERE.encode())]
    raw += [(name.encode(), value.encode()) for name, value in headers.items()]

    assert same_origin.may_write({"path": "/api/me", "headers": raw}) == may
    assert same_origin.may_write({"path": "/apps/1/events", "headers": raw})
    if "authorization" not in headers:
        assert same_origin.may_connect(raw) == may


async def test_another_sites_post_is_refused_and_its_get_is_not(
    person: MakePerson, stranger: httpx.AsyncClient
) -> None:
    ann, bob = await person("ann"), await person("bob")
    evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}

    for method in ("POST", "PUT", "DELETE"):
        answer = await ann.browser.request(method, f"/api/users/{bob.id}/follow", headers=evil)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert (await ann.browser.get("/api/me", headers=evil)).status_code == 200
    # also where there is no session to abuse yet: nobody is to be signed in as somebody else
    login = {"login": "ann", "password": "x"}
    assert (await stranger.post("/api/auth/login", json=login, headers=evil)).status_code == 403


async def test_that_a_proxy_may_have_changed_the_host_is_in_the_log(person: MakePerson) -> None:
    """Else nobody knows why signing in is refused from a page that looks right."""
    ann = await person("ann")
    del ann.browser.headers["sec-fetch-site"]
    with capture_logs() as told:
        for _ in range(3):
            ours = {"origin": "https://chat.example", "host": "backend:8000"}
            assert (await ann.browser.post("/api/auth/logout", headers=ours)).status_code == 403

    (line,) = [line for line in told if line["event"] == "origin_refused"]
    assert (line["origin"], line["host"]) == ("https://chat.example", "backend:8000")


async def test_another_origin_may_call_once_it_is_allowed(settings: Settings) -> None:
    """CORS headers, and cookies, for those origins and no others."""
    friend, evil = "https://friend.example", "https://evil.example"
    allowing = settings.model_copy(update={"allowed_origins": (friend,)})
    async with Kabar(allowing) as kabar, browser_of(kabar.asgi) as browser:

        async def ask(origin: str) -> httpx.Response:
            return await browser.options(
                "/api/chat/send",
                headers={
                    "origin": origin,
                    "access-control-request-method": "POST",
                    "access-control-request-headers": "content-type,x-socket-id,idempotency-key",
                },
            )

        allowed, refused = await ask(friend), await ask(evil)
        login = {"login": "ann", "password": "wrong password"}
        cross = {"origin": friend, "sec-fetch-site": "cross-site"}
        called = await browser.post("/api/auth/login", json=login, headers=cross)

    assert allowed.headers["access-control-allow-origin"] == friend
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert refused.headers.get("access-control-allow-origin") != evil
    assert called.status_code == 401
    assert called.headers["access-control-allow-origin"] == friend


async def test_without_the_setting_no_other_origin_reads_answers(person: MakePerson) -> None:
    ann = await person("ann")
    answer = await ann.browser.get("/api/me", headers={"origin": "https://friend.example"})
    assert "access-control-allow-origin" not in answer.headers
