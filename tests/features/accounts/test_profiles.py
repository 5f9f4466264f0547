"""One's own profile, and changing it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import update

from kabar.core.errors import KabarError
from kabar.features.accounts.entering import sign_in
from kabar.features.accounts.errors import BadCredentials, WrongPassword
from kabar.features.accounts.models import User
from kabar.features.accounts.profiles import MOST_FORMER_NAMES, update_profile
from kabar.features.accounts.queries import require_account
from kabar.features.accounts.schemas import ProfileChanges
from kabar.infra.db import Database, Transaction
from kabar.server.app import Kabar
from tests.people import PASSWORD, MakePerson, browser_of, identity_of


def new_email(address: str) -> dict[str, str]:
    return {"email": address, "currentPassword": PASSWORD}


WRONG_CHANGES: list[tuple[str, object]] = [
    ("name", None),
    ("name", " "),
    ("username", "no spaces"),
    ("email", "nobody"),
    ("bio", "x" * 501),
    ("avatar", "http://example.org/a.png"),
    ("avatar", "javascript:alert(1)"),
    ("avatar", "https://"),
    ("avatar", "https://[::1/a"),
    ("avatar", "https://example.org/\na"),
    ("followersCount", 1000),
    ("id", "me"),
]


async def test_changes_are_seen_by_oneself_and_by_others(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")

    changed = await ann.patch(
        "/api/me",
        {"name": " Ann  B. ", "bio": " Hello. ", "avatar": "https://example.org/a.png"},
    )

    assert changed.status_code == 200
    assert changed.json()["name"] == "Ann B."
    seen = (await bob.get(f"/api/users/{ann.id}")).json()
    assert (seen["name"], seen["bio"], seen["avatar"]) == (
        "Ann B.",
        "Hello.",
        "https://example.org/a.png",
    )
    assert "email" not in seen


async def test_what_is_not_named_stays(person: MakePerson) -> None:
    ann = await person("ann")
    before = (await ann.patch("/api/me", {"bio": "Hello."})).json()

    after = (await ann.patch("/api/me", {"name": "Ann B."})).json()

    assert after == {**before, "name": "Ann B."}
    assert (await ann.patch("/api/me", {})).json() == after


async def test_null_takes_away_what_may_be_absent(person: MakePerson) -> None:
    ann = await person("ann")
    await ann.patch("/api/me", {"bio": "Hello.", "avatar": "https://example.org/a.png"})

    after = (await ann.patch("/api/me", {"bio": None, "avatar": None})).json()

    assert (after["bio"], after["avatar"]) == (None, None)


async def test_one_may_take_a_new_name_and_is_found_by_it(person: MakePerson) -> None:
    ann = await person("ann")
    await ann.patch("/api/me", {"username": "Cleo", **new_email("Cleo@example.org")})

    assert (await ann.get("/api/users/@cleo")).json()["id"] == ann.id
    assert (await ann.get("/api/users/@ann")).json()["id"] == ann.id
    found = (await ann.get("/api/users", query="cleo")).json()["users"]
    assert [user["id"] for user in found] == [ann.id]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"username": "bob"}, "username_taken"), (new_email("BOB@example.org"), "email_taken")],
)
async def test_what_another_has_cannot_be_taken(
    person: MakePerson, changes: dict[str, str], code: str
) -> None:
    ann, _ = await person("ann"), await person("bob")

    answer = await ann.patch("/api/me", {**changes, "name": "Bob"})

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert (await ann.get("/api/me")).json()["name"] == "Ann", "nothing is half done"


async def test_keeping_ones_own_name_is_no_conflict(person: MakePerson) -> None:
    ann = await person("ann")
    assert (await ann.patch("/api/me", {"username": "ann"})).status_code == 200


async def test_of_many_who_want_a_name_at_the_same_moment_one_gets_it(db: Database) -> None:
    people = [(await identity_of(db, f"user{number}"))[0] for number in range(8)]
    changes = msgspec.convert({"username": "wanted"}, ProfileChanges)

    async def attempt(number: int) -> str:
        try:
            await db.write(
                update_profile, caller=people[number], changes=changes, password_hash=None
            )
        except KabarError as error:
            return error.code
        return "changed"

    results = await asyncio.gather(*(attempt(number) for number in range(8)))

    assert sorted(results) == ["changed"] + ["username_taken"] * 7


async def test_a_change_that_is_not_right_is_named(
    person: MakePerson, subtests: pytest.Subtests
) -> None:
    ann = await person("ann")
    for field, value in WRONG_CHANGES:
        with subtests.test(field=field, value=value):
            answer = await ann.patch("/api/me", {field: value})

            assert answer.status_code == 422
            assert [error["field"] for error in answer.json()["errors"]] == [field]


class TestNames:
    """Whether a name or an address is somebody's cannot be asked for ever, nor can all be had."""

    @pytest.mark.parametrize("field", ["email", "username"])
    async def test_who_tries_many_has_to_wait(self, person: MakePerson, field: str) -> None:
        ann, bob = await person("ann"), await person("bob")
        end = "@example.org" if field == "email" else ""
        wanted = [f"{name}{end}" for name in ("bob", "cleo", *["bob"] * 10)]

        proof = {"currentPassword": PASSWORD}
        answers = [await ann.patch("/api/me", {field: value, **proof}) for value in wanted]

        statuses = [answer.status_code for answer in answers]
        assert statuses == [409, 200, *[409] * 8, 429, 429]
        assert answers[-1].json()["code"] == "too_many_requests"
        assert "too often" in answers[-1].json()["detail"]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 24 * 3600
        present = (await ann.get("/api/me")).json()
        same = {field: present[field], "name": "Ann B."}
        assert (await ann.patch("/api/me", same)).status_code == 200, "that is no change"
        changes = {field: f"bobby{end}", **proof}
        assert (await bob.patch("/api/me", changes)).status_code == 200

    async def test_many_at_once_are_no_way_around(self, person: MakePerson) -> None:
        ann = await person("ann")

        answers = await asyncio.gather(
            *(ann.patch("/api/me", {"username": f"ann{n}"}) for n in range(30))
        )

        assert [answer.status_code for answer in answers].count(429) == 20

    async def test_the_last_former_names_stay_ones_own_and_older_ones_are_let_go(
        self, kabar: Kabar, person: MakePerson
    ) -> None:
        ann, bob = await person("ann"), await person("bob")
        for number in range(MOST_FORMER_NAMES + 1):
            changes = msgspec.convert({"username": f"ann{number}"}, ProfileChanges)
            await kabar.db.write(
                update_profile, caller=ann.identity, changes=changes, password_hash=None
            )

        for name in [f"ann{number}" for number in range(MOST_FORMER_NAMES + 1)]:
            assert (await bob.get(f"/api/users/@{name}")).json()["id"] == ann.id
        assert (await bob.patch("/api/me", {"username": "ann0"})).status_code == 409
        assert (await bob.get("/api/users/@ann")).status_code == 404
        assert (await bob.patch("/api/me", {"username": "ann"})).status_code == 200


class TestEmail:
    """Whoever finds a browser unattended cannot have the account's mail sent to themselves."""

    async def test_a_new_address_needs_the_password(
        self, person: MakePerson, subtests: pytest.Subtests
    ) -> None:
        ann = await person("ann")
        before = (await ann.get("/api/me")).json()["email"]
        for proof, code in (({}, "invalid"), ({"currentPassword": "wrong one"}, "wrong_password")):
            with subtests.test(code):
                answer = await ann.patch("/api/me", {"email": "new@example.org", **proof})

                assert (answer.status_code, answer.json()["code"]) == (422, code)
                assert [each["field"] for each in answer.json()["errors"]] == ["currentPassword"]
                assert (await ann.get("/api/me")).json()["email"] == before
        answer = await ann.patch("/api/me", new_email("new@example.org"))
        assert answer.json()["email"] == "new@example.org"

    async def test_keeping_the_present_one_needs_none(self, person: MakePerson) -> None:
        ann = await person("ann")
        present = (await ann.get("/api/me")).json()["email"]
        assert (await ann.patch("/api/me", {"email": present.upper()})).status_code == 200

    async def test_who_guesses_at_the_password_has_to_wait(self, person: MakePerson) -> None:
        ann = await person("ann")
        guess = {"email": "new@example.org", "currentPassword": "a guess"}
        answers = [await ann.patch("/api/me", guess) for _ in range(11)]

        assert [answer.status_code for answer in answers] == [*[422] * 10, 429]
        assert (await ann.patch("/api/me", new_email("new@example.org"))).status_code == 429

    async def test_who_signs_in_elsewhere_has_none_to_show(
        self, kabar: Kabar, person: MakePerson
    ) -> None:
        ann = await person("ann")
        assert (await ann.get("/api/me")).json()["hasPassword"] is True
        await kabar.db.write(_forget_password, ann.id)

        answer = await ann.patch("/api/me", {"email": "new@example.org"})

        assert answer.status_code == 200
        assert (answer.json()["email"], answer.json()["hasPassword"]) == ("new@example.org", False)


class TestPasswords:
    """A new password needs the old one, and ends every other session."""

    async def test_a_new_password_signs_in_and_the_old_one_no_longer(
        self, stranger: httpx.AsyncClient, person: MakePerson
    ) -> None:
        ann = await person("ann")

        answer = await ann.patch("/api/me", _new_password())

        assert answer.status_code == 200
        assert await _signs_in(stranger, "a new password")
        assert not await _signs_in(stranger, PASSWORD)

    async def test_a_password_that_was_changed_while_it_was_verified_opens_nothing(
        self, kabar: Kabar, person: MakePerson
    ) -> None:
        """Verifying takes a while, and the answer is about the password of before."""
        ann = await person("ann")
        verified = await kabar.db.read(require_account, ann.id)
        await ann.patch("/api/me", _new_password())

        with pytest.raises(BadCredentials):
            await kabar.db.write(
                sign_in,
                user_id=ann.id,
                verified_hash=verified.password_hash,
                lasts=timedelta(days=1),
                instead_of=None,
                better_hash=None,
            )
        with pytest.raises(WrongPassword):
            await kabar.db.write(
                update_profile,
                caller=ann.identity,
                changes=ProfileChanges(),
                password_hash="of a thief",
                instead_of_hash=verified.password_hash,
            )

    async def test_it_ends_every_other_session(self, kabar: Kabar, person: MakePerson) -> None:
        ann = await person("ann")
        async with browser_of(kabar.asgi) as elsewhere:
            assert await _signs_in(elsewhere, PASSWORD)
            assert (await elsewhere.get("/api/me")).status_code == 200

            await ann.patch("/api/me", _new_password())

            assert (await elsewhere.get("/api/me")).status_code == 401
        assert (await ann.get("/api/me")).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"currentPassword": "wrong"}, "wrong_password"),
            ({"currentPassword": ""}, "wrong_password"),
            ({"currentPassword": None}, "invalid"),
        ],
    )
    async def test_it_needs_the_old_one(
        self, stranger: httpx.AsyncClient, person: MakePerson, changes: dict[str, Any], code: str
    ) -> None:
        ann = await person("ann")

        answer = await ann.patch("/api/me", {**_new_password(), **changes})

        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["field"] == "currentPassword"
        assert await _signs_in(stranger, PASSWORD)

    async def test_it_is_not_asked_for_by_a_stranger(self, stranger: httpx.AsyncClient) -> None:
        answer = await stranger.patch("/api/me", json=_new_password())
        assert answer.status_code == 401


def _new_password() -> dict[str, str]:
    return {"password": "a new password", "currentPassword": PASSWORD}


def _forget_password(tx: Transaction, user_id: str) -> None:
    tx.execute(update(User).where(User.id == user_id).values(password_hash=None))


async def _signs_in(browser: httpx.AsyncClient, password: str) -> bool:
    answer = await browser.post("/api/auth/login", json={"login": "ann", "password": password})
    return answer.status_code == 200
