"""An application has users of its own, under ids that it chooses."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from kabar.core.times import rfc3339, utc_now
from kabar.features.accounts.managed_users import revoke_application
from kabar.features.accounts.models import AccessToken, User
from kabar.features.accounts.tokens import end_expired_tokens
from kabar.server.app import Kabar
from tests.features.keys.conftest import MakeApplication
from tests.people import MakePerson


async def test_a_user_is_made_once_and_then_changed(application: MakeApplication) -> None:
    shop = await application("users", "act")
    body = {"name": "Sari", "username": "sari", "email": "Sari@Example.org", "avatar": None}

    made = await shop.call("PUT", "/api/users/customer-7", body)
    again = await shop.call("PUT", "/api/users/customer-7", {"name": "Sari Dewi"})

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["id"] == "customer-7"
    assert (again.json()["username"], again.json()["name"]) == ("sari", "Sari Dewi")
    me = (await shop.call("GET", "/api/me", user="customer-7")).json()
    assert (me["email"], me["isBot"]) == ("sari@example.org", False)


async def test_who_is_given_no_username_has_one_made_of_the_id(
    application: MakeApplication,
) -> None:
    shop = await application("users")
    ids = ["Customer-7", "7", "customer_7", "a" * 40]

    made = [(await shop.call("PUT", f"/api/users/{each}", {"name": "X"})).json() for each in ids]

    usernames = [user["username"] for user in made]
    assert usernames[:2] == ["customer_7", "user_7"]
    assert usernames[2].startswith("customer_7_"), "the plain one is taken"
    assert usernames[3] == "a" * 30


async def test_users_without_an_address_have_none(application: MakeApplication) -> None:
    shop = await application("users", "act")
    for each in ("u1", "u2"):
        assert (await shop.call("PUT", f"/api/users/{each}", {"name": each})).status_code == 201

    me = (await shop.call("GET", "/api/me", user="u1")).json()
    assert me["email"] is None
    given = await shop.call("PUT", "/api/users/u1", {"name": "U", "email": "u@example.org"})
    assert given.status_code == 200
    assert (await shop.call("GET", "/api/me", user="u1")).json()["email"] == "u@example.org"
    await shop.call("PUT", "/api/users/u1", {"name": "U", "email": None})
    assert (await shop.call("GET", "/api/me", user="u1")).json()["email"] is None


async def test_a_bot_is_marked_as_one(person: MakePerson, application: MakeApplication) -> None:
    ann, shop = await person("ann"), await application("users")

    made = await shop.call("PUT", "/api/users/helper", {"name": "Helper", "isBot": True})

    assert made.json()["isBot"] is True
    assert (await ann.get("/api/users/helper")).json()["isBot"] is True
    assert (await ann.get(f"/api/users/{ann.id}")).json()["isBot"] is False


@pytest.mark.parametrize("wanted", ["me", "ME", "suggestions", "relationships", "saved", "direct"])
async def test_some_ids_mean_something_else(application: MakeApplication, wanted: str) -> None:
    shop = await application("users")

    answer = await shop.call("PUT", f"/api/users/{wanted}", {"name": "X"})

    assert (answer.status_code, answer.json()["code"]) == (422, "reserved_id")


@pytest.mark.parametrize("wanted", ["a:b", "a,b", "%40ann", ".a", "=a", "a%20b", "é", "x" * 65])
async def test_an_id_holds_nothing_that_joins_ids_elsewhere(
    application: MakeApplication, wanted: str
) -> None:
    shop = await application("users")

    answer = await shop.call("PUT", f"/api/users/{wanted}", {"name": "X"})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["id"]


async def test_names_that_others_have_are_taken(
    person: MakePerson, application: MakeApplication
) -> None:
    await person("ann")
    shop = await application("users")
    await shop.call("PUT", "/api/users/u1", {"name": "One"})

    for path in ("/api/users/u1", "/api/users/new-one"):
        name = await shop.call("PUT", path, {"name": "X", "username": "ann"})
        mail = await shop.call("PUT", path, {"name": "X", "email": "ann@example.org"})
        assert [name.json()["code"], mail.json()["code"]] == ["username_taken", "email_taken"]


async def test_of_two_who_make_the_same_user_one_makes_it(
    kabar: Kabar, application: MakeApplication
) -> None:
    shop = await application("users")

    answers = await asyncio.gather(
        *(shop.call("PUT", "/api/users/u1", {"name": f"Name {n}"}) for n in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    count = select(func.count()).select_from(User)
    assert await kabar.db.read(lambda tx: tx.execute(count).scalar_one()) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/users/u1", {"name": "X"}),
        ("DELETE", "/api/users/u1", None),
        ("POST", "/api/users/u1/tokens", {}),
    ],
)
async def test_people_and_other_keys_may_not(
    person: MakePerson, application: MakeApplication, method: str, path: str, body: Any
) -> None:
    ann, other = await person("ann"), await application("act", "notify", "moderate", "operate")

    by_person = await ann.browser.request(method, path, json=body)
    by_key = await other.call(method, path, body)

    assert (by_person.status_code, by_person.json()["code"]) == (401, "key_needed")
    assert (by_key.status_code, by_key.json()["code"]) == (403, "key_may_not")


async def test_a_token_signs_in_the_users_client(
    application: MakeApplication, stranger: httpx.AsyncClient
) -> None:
    shop = await application("users")
    await shop.call("PUT", "/api/users/u1", {"name": "One"})

    made = await shop.call("POST", "/api/users/u1/tokens", {})

    assert made.status_code == 201
    assert set(made.json()) == {"id", "token"}
    me = await stranger.get("/api/me", headers=bearer(made))
    assert me.json()["id"] == "u1"
    nobody = await shop.call("POST", "/api/users/u2/tokens", {})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "user_not_found")


async def test_a_token_ends_at_its_time(
    kabar: Kabar, application: MakeApplication, stranger: httpx.AsyncClient
) -> None:
    shop = await application("users")
    await shop.call("PUT", "/api/users/u1", {"name": "One"})
    soon = {"expiresAt": rfc3339(utc_now() + timedelta(hours=1))}
    made = await shop.call("POST", "/api/users/u1/tokens", soon)
    assert (await stranger.get("/api/me", headers=bearer(made))).status_code == 200

    assert await kabar.db.write(end_expired_tokens) == set()
    over = update(AccessToken).values(expires_at=utc_now() - timedelta(minutes=1))
    await kabar.db.write(lambda tx: tx.execute(over).rowcount)
    await kabar.web.end_expired_sessions()

    count = select(func.count()).select_from(AccessToken)
    assert await kabar.db.read(lambda tx: tx.execute(count).scalar_one()) == 0
    kabar.sessions.forget_user("u1")
    assert (await stranger.get("/api/me", headers=bearer(made))).status_code == 401


@pytest.mark.parametrize(
    "wrong", ["2020-01-01T00:00:00Z", "2500-01-01T00:00:00Z", "2099-01-01T00:00:00", "soon", 7]
)
async def test_a_token_ends_at_a_time_in_the_future(
    application: MakeApplication, wrong: object
) -> None:
    shop = await application("users")
    await shop.call("PUT", "/api/users/u1", {"name": "One"})

    answer = await shop.call("POST", "/api/users/u1/tokens", {"expiresAt": wrong})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["expiresAt"]


async def test_who_repeats_the_call_gets_the_same_token(application: MakeApplication) -> None:
    shop = await application("users")
    await shop.call("PUT", "/api/users/u1", {"name": "One"})
    call = ("POST", "/api/users/u1/tokens", {"name": "phone"})

    first, again = [await shop.call(*call, **{"Idempotency-Key": "k1"}) for _ in range(2)]

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_what_was_made_with_a_key_ends_with_it(
    kabar: Kabar, application: MakeApplication, stranger: httpx.AsyncClient
) -> None:
    shop, other = await application("users", "act"), await application("users")
    await shop.call("PUT", "/api/users/u1", {"name": "One"})
    by_key = await shop.call("POST", "/api/users/u1/tokens", {})
    by_user = await shop.call("POST", "/api/auth/tokens", {"name": "x"}, user="u1")
    by_other = await other.call("POST", "/api/users/u1/tokens", {})

    await kabar.db.write(revoke_application, key_id=shop.key_id)

    answers = [
        (await stranger.get("/api/me", headers=bearer(made))).status_code
        for made in (by_key, by_user, by_other)
    ]
    assert answers == [401, 401, 200]


def bearer(made: httpx.Response) -> dict[str, str]:
    return {"authorization": f"Bearer {made.json()['token']}"}
