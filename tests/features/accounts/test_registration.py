"""Making an account."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kabar.core.errors import KabarError
from kabar.features.accounts.registration import register
from kabar.infra.db import Database
from kabar.server.app import Kabar
from tests.people import PASSWORD, MakePerson, browser_of, registration

WRONG_FIELDS: list[tuple[str, object]] = [
    ("username", "ab"),
    ("username", "a" * 31),
    ("username", "ann b"),
    ("username", "änn"),
    ("username", "@ann"),
    ("username", 7),
    ("username", None),
    ("name", ""),
    ("name", "   "),
    ("name", "x" * 101),
    ("name", "a\x07b"),
    ("name", "a\x00b"),
    ("email", "nobody"),
    ("email", "a@b"),
    ("email", "a b@example.org"),
    ("email", "@example.org"),
    ("email", "x" * 250 + "@example.org"),
    ("password", "short"),
    ("password", "x" * 257),
    ("password", ["correct horse"]),
]


def form(**changes: Any) -> dict[str, Any]:
    return {
        "username": "ann",
        "name": "Ann",
        "email": "ann@example.org",
        "password": PASSWORD,
        **changes,
    }


async def test_registering_answers_the_user_and_signs_in(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.post("/api/auth/register", json=form())

    user = answer.json()["user"]
    assert answer.status_code == 201
    assert user == {
        "id": user["id"],
        "username": "ann",
        "name": "Ann",
        "avatar": None,
        "bio": None,
        "isPrivate": False,
        "isBot": False,
        "acceptsFollows": True,
        "hideFollows": False,
        "followersCount": 0,
        "followingCount": 0,
        "createdAt": user["createdAt"],
    }
    assert (await stranger.get("/api/auth/session")).json()["user"] == user


async def test_usernames_and_addresses_are_kept_in_lower_case(stranger: httpx.AsyncClient) -> None:
    draft = form(username=" Ann.B_1 ", email=" Ann@Example.ORG ")
    answer = await stranger.post("/api/auth/register", json=draft)

    assert answer.json()["user"]["username"] == "ann.b_1"
    assert (await stranger.get("/api/me")).json()["email"] == "ann@example.org"


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        ({"email": "other@example.org"}, "username_taken"),
        ({"username": "ANN", "email": "other@example.org"}, "username_taken"),
        ({"username": "other"}, "email_taken"),
        ({"username": "other", "email": "ANN@example.org"}, "email_taken"),
    ],
)
async def test_a_taken_name_is_a_conflict_that_says_which(
    stranger: httpx.AsyncClient, person: MakePerson, taken: dict[str, str], code: str
) -> None:
    await person("ann")

    answer = await stranger.post("/api/auth/register", json=form(**taken))

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert "set-cookie" not in answer.headers


async def test_a_field_that_is_not_right_is_named(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for field, value in WRONG_FIELDS:
        with subtests.test(field=field, value=value):
            answer = await stranger.post("/api/auth/register", json=form(**{field: value}))

            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (422, "invalid")
            assert [error["field"] for error in problem["errors"]] == [field]
            assert problem["errors"][0]["message"]


async def test_all_wrong_fields_are_told_at_once(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.post("/api/auth/register", json={"username": 1, "admin": True})

    assert {error["field"] for error in answer.json()["errors"]} == {
        "username",
        "admin",
        "name",
        "email",
        "password",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "a b", "name": "  ", "email": "nobody", "password": "short"},
        # what no type can say, beside what one can
        {"name": "\u200b", "email": "a\u200bb@example.org", "password": "short"},
        {"name": "\u200b", "email": "a\u200bb@example.org"},
    ],
)
async def test_every_rule_that_is_broken_is_told_at_once(
    stranger: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    answer = await stranger.post("/api/auth/register", json=form(**wrong))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(wrong)
    assert all(error["message"].startswith("Must ") for error in answer.json()["errors"])


async def test_both_taken_names_are_told_at_once(
    stranger: httpx.AsyncClient, person: MakePerson
) -> None:
    await person("ann")

    problem = (await stranger.post("/api/auth/register", json=form())).json()

    assert problem["code"] == "username_taken"
    assert [error["field"] for error in problem["errors"]] == ["username", "email"]


async def test_of_two_who_want_a_name_at_the_same_moment_one_gets_it(db: Database) -> None:
    async def attempt(number: int) -> str:
        draft = registration("ann")
        draft.email = f"ann{number}@example.org"
        try:
            await db.write(register, draft=draft, password_hash="x")
        except KabarError as error:
            return error.code
        return "created"

    results = await asyncio.gather(*(attempt(number) for number in range(12)))

    assert sorted(results) == ["created"] + ["username_taken"] * 11


async def test_repeating_a_registration_with_its_key_signs_in_again(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    """The answer was lost on the way: the second call gives the account, and a session."""
    key = {"Idempotency-Key": "a-key"}
    first = await stranger.post("/api/auth/register", json=form(), headers=key)

    async with browser_of(kabar.asgi) as elsewhere:
        second = await elsewhere.post("/api/auth/register", json=form(), headers=key)

        assert (first.status_code, second.status_code) == (201, 200)
        assert second.json() == first.json()
        assert (await elsewhere.get("/api/me")).json()["username"] == "ann"


async def test_repeating_a_registration_is_no_way_around_a_new_password(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    """Who knows an old password and an old key knows nothing any more."""
    key = {"Idempotency-Key": "a-key"}
    await stranger.post("/api/auth/register", json=form(), headers=key)
    change = {"password": "another one, and longer", "currentPassword": form()["password"]}
    assert (await stranger.patch("/api/me", json=change)).status_code == 200

    async with browser_of(kabar.asgi) as thief:
        answer = await thief.post("/api/auth/register", json=form(), headers=key)

        assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")
        assert "set-cookie" not in answer.headers
        assert (await thief.get("/api/auth/session")).json() == {"user": None}


async def test_repeating_a_registration_after_a_new_name_is_still_the_same_account(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    """Its old name is still its own, its old e-mail address may be somebody else's by now."""
    key = {"Idempotency-Key": "a-key"}
    first = await stranger.post("/api/auth/register", json=form(), headers=key)
    changes = {"username": "anna", "email": "anna@example.org", "currentPassword": PASSWORD}
    assert (await stranger.patch("/api/me", json=changes)).status_code == 200

    async with browser_of(kabar.asgi) as other, browser_of(kabar.asgi) as elsewhere:
        body = form(username="bob")
        assert (await other.post("/api/auth/register", json=body)).status_code == 201
        again = await elsewhere.post("/api/auth/register", json=form(), headers=key)

        assert again.status_code == 200
        assert (await elsewhere.get("/api/me")).json()["id"] == first.json()["user"]["id"]


async def test_the_same_key_with_another_password_is_another_registration(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    """Nobody gets into an account by guessing the key that it was made with."""
    key = {"Idempotency-Key": "a-key"}
    await stranger.post("/api/auth/register", json=form(), headers=key)

    async with browser_of(kabar.asgi) as thief:
        guess = form(password="something else")
        answer = await thief.post("/api/auth/register", json=guess, headers=key)

        assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")
        assert (await thief.get("/api/auth/session")).json() == {"user": None}
