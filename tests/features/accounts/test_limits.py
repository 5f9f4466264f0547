"""Guessing passwords is limited, per account and per address; only what fails counts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from kabar.core.settings import Settings
from kabar.features.accounts.devices import DEVICE_COOKIE
from kabar.server.app import Kabar
from tests.people import PASSWORD, MakePerson, browser_of

JSON = {"content-type": "application/json"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "sign_in_failures_per_account": "3/15 minutes",
            "sign_in_failures_per_address": "5/15 minutes",
            "sign_in_failures_everywhere": "8/15 minutes",
        }
    )


async def test_after_some_wrong_passwords_an_account_has_to_wait(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")

    statuses = [await _guess(stranger, "ann", address="192.0.2.1") for _ in range(5)]

    assert statuses == [401, 401, 401, 429, 429]
    answer = await _sign_in(stranger, "ann", address="192.0.2.1")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["retry-after"]) <= 900


async def test_waiting_does_not_tell_whose_an_address_is(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    """After many wrong passwords for a name, an e-mail address answers as any other does."""
    await person("ann")
    for login in ("ann", "nobody"):
        assert [await _guess(stranger, login, address=f"2001:db8:{n}::1") for n in range(9)] == [
            *[401] * 8,
            429,
        ]

    for login in ("ann@example.org", "nobody@example.org"):
        assert await _guess(stranger, login, address="192.0.2.9") == 401


async def test_who_guesses_elsewhere_does_not_lock_the_owner_out(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")
    assert [await _guess(stranger, "ann", address="192.0.2.1") for _ in range(4)][-1] == 429

    assert (await _sign_in(stranger, "ann", address="192.0.2.2")).status_code == 200


async def test_who_has_signed_in_here_before_may_however_many_guess(
    kabar: Kabar, stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")
    await person("bob")
    async with browser_of(kabar.asgi) as known, browser_of(kabar.asgi) as bobs:
        assert (await _sign_in(known, "ann", address="192.0.2.1")).status_code == 200
        assert (await _sign_in(bobs, "bob", address="192.0.2.1")).status_code == 200
        for number in range(9):
            await _guess(stranger, "ann", address=f"2001:db8:{number}::1")

        assert (await _sign_in(stranger, "ann", address="192.0.2.7")).status_code == 429
        assert (await _sign_in(bobs, "ann", address="192.0.2.7")).status_code == 429
        assert (await _sign_in(known, "ann", address="192.0.2.7")).status_code == 200
        # Who has it guesses no more often than anybody.
        assert [await _guess(known, "ann", address="192.0.2.8") for _ in range(4)] == [
            *[401] * 3,
            429,
        ]


async def test_who_knew_the_old_password_cannot_collect_cookies_to_guess_the_new_one(
    kabar: Kabar, stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    ann = await person("ann")
    cookies = []
    for _ in range(4):
        async with browser_of(kabar.asgi) as thief:
            assert (await _sign_in(thief, "ann", address="192.0.2.1")).status_code == 200
            cookies.append(thief.cookies[DEVICE_COOKIE])
    await ann.patch("/api/me", {"password": "a new password", "currentPassword": PASSWORD})
    for number in range(8):
        await _guess(stranger, "ann", address=f"2001:db8:{number}::1")

    statuses = [
        await _guess(stranger, "ann", address=f"2001:db8:a:{n}::1", cookie=cookie)
        for n, cookie in enumerate(cookies)
    ]

    assert statuses == [429] * 4, "they are as strange as anybody"
    own = ann.browser.cookies[DEVICE_COOKIE]
    answer = await _guess(
        stranger, "ann", address="192.0.2.2", cookie=own, password="a new password"
    )
    assert answer == 200, "the browser in which it was changed is known"


async def test_known_devices_have_together_no_more_guesses_than_their_address(
    kabar: Kabar, stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")
    cookies = []
    for _ in range(4):
        async with browser_of(kabar.asgi) as known:
            await _sign_in(known, "ann", address="192.0.2.1")
            cookies.append(known.cookies[DEVICE_COOKIE])

    statuses = [
        await _guess(stranger, "ann", address="192.0.2.1", cookie=cookie) for cookie in cookies
    ]

    assert statuses == [401, 401, 401, 429]
    others = [await _guess(stranger, f"user{n}", address="192.0.2.1") for n in range(3)]
    assert others == [401, 401, 429], "what a device does is the address's too"


async def test_nothing_that_is_typed_at_sign_in_keeps_one_from_a_new_password(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    """Who is signed in is counted by id, and ids are no secret."""
    ann = await person("ann")
    for login in (f"signed in {ann.id}", f"caller {ann.id}", f"('caller', '{ann.id}')", ann.id):
        for number in range(9):
            await _guess(stranger, login, address=f"2001:db8:{number}::1")
        assert await _guess(stranger, login, address="2001:db8:a::1") == 429

    changes = {"password": "a new password", "currentPassword": PASSWORD}
    assert (await ann.patch("/api/me", changes)).status_code == 200


async def test_a_new_password_is_no_way_to_guess_the_old_one(person: MakePerson) -> None:
    ann = await person("ann")
    changes = {"password": "a new password", "currentPassword": "wrong"}

    statuses = [(await ann.patch("/api/me", changes)).status_code for _ in range(5)]

    assert statuses == [422, 422, 422, 429, 429]


async def test_one_address_may_not_try_account_after_account(stranger: httpx.AsyncClient) -> None:
    statuses = [
        await _guess(stranger, f"user{number}", address="2001:db8::1:" + str(number))
        for number in range(7)
    ]

    assert statuses == [401] * 5 + [429] * 2, "of IPv6 the /64 counts as one address"
    assert await _guess(stranger, "somebody", address="2001:db8:0:1::1") == 401


async def test_signing_in_rightly_is_never_counted(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")

    statuses = [
        await _guess(stranger, "ann", address="192.0.2.1", password=PASSWORD) for _ in range(8)
    ]

    assert statuses == [200] * 8


async def test_a_thousand_guesses_at_once_are_no_way_around(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")

    statuses = await asyncio.gather(
        *(_guess(stranger, "ann", address=f"192.0.2.{n % 200}") for n in range(1000))
    )

    # Two threads check passwords: one guess may be under way while the other is counted.
    assert statuses.count(401) in {8, 9}
    assert set(statuses) - {503} == {401, 429}


async def test_nobody_can_pretend_to_be_elsewhere_without_a_trusted_proxy(kabar: Kabar) -> None:
    async with browser_of(kabar.asgi, address="198.51.100.7") as one:
        statuses = [
            await _guess(one, f"user{number}", address=f"192.0.2.{number}") for number in range(7)
        ]

    assert statuses == [401] * 5 + [429] * 2


async def _guess(
    browser: httpx.AsyncClient,
    login: str,
    *,
    address: str,
    password: str = "wrong",
    cookie: str | None = None,
) -> int:
    answer = await _sign_in(browser, login, address=address, password=password, cookie=cookie)
    return answer.status_code


async def _sign_in(
    browser: httpx.AsyncClient,
    login: str,
    *,
    address: str,
    password: str = PASSWORD,
    cookie: str | None = None,
) -> httpx.Response:
    known = {"cookie": f"{DEVICE_COOKIE}={cookie}"} if cookie is not None else {}
    return await browser.post(
        "/api/auth/login",
        json={"login": login, "password": password},
        headers={"x-forwarded-for": address, **known},
    )


async def test_registrations_from_one_address_are_limited(settings: Settings) -> None:
    few = settings.model_copy(update={"registrations_per_address": "2/hour"})
    async with Kabar(few) as kabar, browser_of(kabar.asgi) as browser:
        statuses = []
        for name in ("ann", "bob", "cleo"):
            draft = {
                "username": name,
                "name": name,
                "email": f"{name}@example.org",
                "password": PASSWORD,
            }
            statuses.append((await browser.post("/api/auth/register", json=draft)).status_code)

    assert statuses == [201, 201, 429]


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/register", "/console/api/sign-in"])
async def test_strangers_have_only_small_bodies_read(
    settings: Settings, path: str, subtests: pytest.Subtests
) -> None:
    open_console = settings.model_copy(update={"console_password": "a long password"})
    async with Kabar(open_console) as kabar, browser_of(kabar.asgi) as stranger:
        bodies: dict[str, str | AsyncIterator[bytes]] = {
            "one piece": json.dumps({f"x{number}": 1 for number in range(105_000)}),
            "in pieces": _pieces(b'{"login": "', b"a" * 16_384),
        }
        for what, body in bodies.items():
            with subtests.test(what):
                answer = await stranger.post(path, content=body, headers=JSON)
                assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
                assert len(answer.content) < 1_000


async def test_the_longest_that_may_be_said_is_read_with_every_character_escaped(
    stranger: httpx.AsyncClient,
) -> None:
    body = {"login": "\U0001f600" * 254, "password": "\U0001f600" * 256}
    form = {"username": "x" * 100, "name": "\U0001f600" * 100, "email": "\U0001f600" * 254}

    assert (
        await stranger.post("/api/auth/login", content=json.dumps(body), headers=JSON)
    ).status_code == 401
    answer = await stranger.post(
        "/api/auth/register",
        content=json.dumps({**form, "password": body["password"]}),
        headers=JSON,
    )
    assert answer.status_code == 422


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
