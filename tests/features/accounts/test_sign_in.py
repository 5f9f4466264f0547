"""Signing in and out, and the session between."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from kabar.features.accounts.devices import DEVICE_COOKIE
from kabar.features.accounts.models import Session, User
from kabar.features.accounts.session_lookup import COOKIE
from kabar.features.accounts.sessions import end_expired_sessions, start_session
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.people import HASH_MEMORY_KIB, PASSWORD, MakePerson, browser_of


async def test_one_signs_in_with_username_or_address(
    stranger: httpx.AsyncClient, person: MakePerson, subtests: pytest.Subtests
) -> None:
    ann = await person("ann")
    for login in ("ann", "ANN", " ann ", "ann@example.org", "Ann@Example.org"):
        with subtests.test(login=login):
            body = {"login": login, "password": PASSWORD}
            answer = await stranger.post("/api/auth/login", json=body)

            assert answer.status_code == 200
            assert answer.json()["user"]["id"] == ann.id


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")

    answer = await stranger.post("/api/auth/login", json={"login": "ann", "password": PASSWORD})

    for cookie, name, seconds in zip(
        answer.headers.get_list("set-cookie"),
        (COOKIE, DEVICE_COOKIE),
        (30 * 24 * 3600, 365 * 24 * 3600),
        strict=True,
    ):
        assert cookie.startswith(f"{name}=")
        assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
            "httponly",
            "samesite=lax",
            "path=/",
            f"max-age={seconds}",
        }


@pytest.mark.parametrize("forwarded", ["https", "http"])
async def test_the_cookie_is_secure_when_the_browser_came_by_https(
    stranger: httpx.AsyncClient, person: MakePerson, forwarded: str
) -> None:
    """A trusted proxy (here the test itself, on 127.0.0.1) ends TLS."""
    await person("ann")

    answer = await stranger.post(
        "/api/auth/login",
        json={"login": "ann", "password": PASSWORD},
        headers={"x-forwarded-proto": forwarded},
    )

    assert ("Secure" in answer.headers["set-cookie"]) == (forwarded == "https")


async def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")

    wrong = await stranger.post("/api/auth/login", json={"login": "ann", "password": "wrong"})
    unknown = await stranger.post("/api/auth/login", json={"login": "bob", "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "bad_credentials"


async def test_a_wrong_password_and_an_unknown_user_take_the_same_time(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    """Otherwise one could find out who has an account."""
    await person("ann")

    async def seconds(login: str) -> float:  # of processor time: others use the machine too
        began = time.process_time()
        await stranger.post("/api/auth/login", json={"login": login, "password": "wrong"})
        return time.process_time() - began

    pairs = [(await seconds("ann"), await seconds("bob")) for _ in range(4)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    # A hash takes some 20 ms here and everything else 2: without it the times differ tenfold.
    assert 0.4 < known / unknown < 2.5


async def test_signing_out_ends_the_session_on_the_server(kabar: Kabar, person: MakePerson) -> None:
    ann = await person("ann")

    answer = await ann.post("/api/auth/logout")

    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    async with browser_of(kabar.asgi, token=ann.token) as thief:
        assert (await thief.get("/api/me")).status_code == 401
    assert await kabar.db.read(lambda tx: tx.execute(select(Session.id)).all()) == []


async def test_signing_out_without_a_session_is_fine(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.post("/api/auth/logout")).status_code == 204


async def test_signing_in_ends_the_session_that_the_browser_had(
    kabar: Kabar, person: MakePerson
) -> None:
    """A token that somebody planted before is worth nothing afterwards."""
    ann = await person("ann")
    assert (await ann.get("/api/me")).status_code == 200

    await ann.post("/api/auth/login", {"login": "ann", "password": PASSWORD})

    assert (await ann.get("/api/me")).status_code == 200
    assert ann.browser.cookies[COOKIE] != ann.token
    async with browser_of(kabar.asgi, token=ann.token) as old:
        assert (await old.get("/api/me")).status_code == 401


async def test_the_database_does_not_hold_the_token(kabar: Kabar, person: MakePerson) -> None:
    ann = await person("ann")

    rows = await kabar.db.read(lambda tx: tx.execute(select(Session.__table__)).all())

    assert len(rows) == 1
    assert ann.token not in str(rows)


async def test_a_session_says_whose_it_is_and_when_it_ends(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    ann = await person("ann")

    session = (await ann.get("/api/auth/session")).json()

    assert session["user"]["username"] == "ann"
    assert session["expires"].endswith("Z")
    assert (await stranger.get("/api/auth/session")).json() == {"user": None}


async def test_a_forged_cookie_is_nobodys(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for cookie in ("", "x", "ÿ", '"', "a" * 4000, "../../etc/passwd", "' OR 1=1 --", "%00"):
        with subtests.test(cookie=cookie):
            headers = {b"cookie": f"{COOKIE}={cookie}".encode()}
            answer = await stranger.get("/api/me", headers=headers)

            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_an_expired_session_is_nobodys_and_is_swept(kabar: Kabar, person: MakePerson) -> None:
    ann = await person("ann")

    def end_yesterday(tx: Transaction) -> None:
        tx.execute(update(Session).values(expires_at=tx.now - timedelta(days=1)))

    await kabar.db.write(end_yesterday)
    assert (await ann.get("/api/me")).status_code == 401

    await kabar.db.write(start_session, user_id=ann.id, lasts=timedelta(days=1), instead_of=None)
    await kabar.db.write(end_expired_sessions)
    assert len(await kabar.db.read(lambda tx: tx.execute(select(Session.id)).all())) == 1


async def test_a_hash_with_older_parameters_is_renewed_at_sign_in(
    kabar: Kabar, stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    ann = await person("ann")
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await kabar.db.write(lambda tx: tx.execute(update(User).values(password_hash=weak)))

    answer = await stranger.post("/api/auth/login", json={"login": "ann", "password": PASSWORD})

    renewed = await kabar.db.read(
        lambda tx: tx.execute(select(User.password_hash).where(User.id == ann.id)).scalar_one()
    )
    assert answer.status_code == 200
    assert f"m={HASH_MEMORY_KIB},t=2,p=1" in renewed


async def test_of_two_session_cookies_neither_signs_in_and_signing_out_ends_both(
    kabar: Kabar, person: MakePerson
) -> None:
    """A page on a sibling of our host can set one for both hosts, and in front of ours."""
    ann, eve = await person("ann"), await person("eve")
    both = {"cookie": f"{COOKIE}={eve.token}; {COOKIE}={ann.token}"}
    bearer = {**both, "authorization": f"Bearer {ann.token}"}
    async with browser_of(kabar.asgi) as browser:
        assert (await browser.get("/api/me", headers=both)).status_code == 401
        assert (await browser.get("/api/me", headers=bearer)).json()["id"] == ann.id
        assert (await browser.post("/api/auth/logout", headers=both)).status_code == 204
    for each in (ann, eve):
        assert (await each.get("/api/me")).status_code == 401
