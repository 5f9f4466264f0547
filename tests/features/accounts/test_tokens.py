"""Personal access tokens."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select, update

from kabar.features.accounts.models import AccessToken
from kabar.infra.db import Transaction
from kabar.infra.http.idempotency import AnsweredRequest, forget_answers
from kabar.server.app import Kabar
from tests.people import ORIGIN, MakePerson


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_token_signs_in_a_program(stranger: httpx.AsyncClient, person: MakePerson) -> None:
    ann = await person("ann")

    made = await ann.post("/api/auth/tokens", {"name": "my script"})

    assert made.status_code == 201
    assert set(made.json()) == {"id", "token"}
    me = await stranger.get("/api/me", headers=bearer(made.json()["token"]))
    assert me.json()["username"] == "ann"


async def test_a_token_is_shown_once(kabar: Kabar, person: MakePerson) -> None:
    ann = await person("ann")
    made = (await ann.post("/api/auth/tokens", {"name": "my script"})).json()

    listed = (await ann.get("/api/auth/tokens")).json()

    assert [(token["id"], token["name"]) for token in listed["tokens"]] == [
        (made["id"], "my script")
    ]
    assert made["token"] not in str(listed)
    rows = await kabar.db.read(lambda tx: tx.execute(select(AccessToken.__table__)).all())
    assert made["token"] not in str(rows)


async def test_a_revoked_token_is_worth_nothing_at_once(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    ann = await person("ann")
    made = (await ann.post("/api/auth/tokens", {"name": "my script"})).json()
    headers = bearer(made["token"])
    assert (await stranger.get("/api/me", headers=headers)).status_code == 200

    assert (await ann.delete(f"/api/auth/tokens/{made['id']}")).status_code == 204

    answer = await stranger.get("/api/me", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_nobody_revokes_anothers_token(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    made = (await ann.post("/api/auth/tokens", {"name": "my script"})).json()

    assert (await bob.delete(f"/api/auth/tokens/{made['id']}")).status_code == 404
    assert (await bob.get("/api/auth/tokens")).json() == {"tokens": [], "nextCursor": None}


async def test_repeating_with_a_key_gives_the_same_token_and_stores_no_second(
    kabar: Kabar, person: MakePerson
) -> None:
    ann, bob = await person("ann"), await person("bob")
    key = {"Idempotency-Key": "once"}

    first = await ann.post("/api/auth/tokens", {"name": "a"}, headers=key)
    second = await ann.post("/api/auth/tokens", {"name": "a"}, headers=key)
    other = await ann.post("/api/auth/tokens", {"name": "b"}, headers=key)
    bobs = await bob.post("/api/auth/tokens", {"name": "a"}, headers=key)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert bobs.status_code == 201
    assert bobs.json()["token"] != first.json()["token"]
    kept = await kabar.db.read(lambda tx: tx.execute(select(AnsweredRequest.__table__)).all())
    assert first.json()["token"] not in str(kept)


async def test_a_key_is_free_again_after_a_day(kabar: Kabar, person: MakePerson) -> None:
    ann = await person("ann")
    key = {"Idempotency-Key": "once"}
    first = await ann.post("/api/auth/tokens", {"name": "a"}, headers=key)

    def make_old(tx: Transaction) -> None:
        tx.execute(update(AnsweredRequest).values(created_at=tx.now.replace(year=2001)))

    await kabar.db.write(make_old)
    await kabar.db.write(forget_answers)

    again = await ann.post("/api/auth/tokens", {"name": "a"}, headers=key)
    assert again.status_code == 201
    assert again.json() != first.json()


async def test_a_key_that_cannot_be_kept_is_refused(
    person: MakePerson, subtests: pytest.Subtests
) -> None:
    ann = await person("ann")
    for key in ("", " ", "a b", "x" * 256, "ÿ"):
        with subtests.test(key=key):
            headers = {"Idempotency-Key": key.encode()}
            answer = await ann.post("/api/auth/tokens", {"name": "a"}, headers=headers)

            assert answer.status_code == 422
            assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_a_program_with_a_token_needs_no_origin(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    """No page of another site can make a browser send this header."""
    ann = await person("ann")
    made = (await ann.post("/api/auth/tokens", {"name": "my script"})).json()

    answer = await stranger.post(
        "/api/auth/tokens",
        json={"name": "another"},
        headers={**bearer(made["token"]), "origin": "https://elsewhere.example"},
    )

    assert answer.status_code == 201


async def test_a_bad_token_is_not_made_good_by_a_cookie(
    person: MakePerson, subtests: pytest.Subtests
) -> None:
    """Who brings an Authorization header is judged by it alone."""
    ann = await person("ann")
    for header in ("Bearer", "Bearer ", "Bearer x", "Basic YTpi", "bearer ÿ"):
        with subtests.test(header=header):
            headers = {b"authorization": header.encode(), b"origin": ORIGIN.encode()}
            answer = await ann.browser.get("/api/me", headers=headers)

            assert answer.status_code == 401


async def test_tokens_are_listed_newest_first_page_by_page(person: MakePerson) -> None:
    ann = await person("ann")
    for number in range(5):
        await ann.post("/api/auth/tokens", {"name": f"token {number}"})

    names: list[str] = []
    page = (await ann.get("/api/auth/tokens", limit=2)).json()
    names += [token["name"] for token in page["tokens"]]
    while page["nextCursor"] is not None:
        page = (await ann.get("/api/auth/tokens", limit=2, cursor=page["nextCursor"])).json()
        names += [token["name"] for token in page["tokens"]]

    assert sorted(names) == [f"token {number}" for number in range(5)]
