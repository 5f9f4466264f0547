"""An application acts for its users, with what they may do and no more."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy import select, update

from kabar.features.accounts.callers import shown_by
from kabar.features.accounts.managed_users import revoke_application
from kabar.features.keys.models import StoredKey
from kabar.server.app import Kabar
from tests.features.accounts.test_signed_in import WRITES, dripping, filled, room_of
from tests.features.keys.conftest import MakeApplication
from tests.people import ORIGIN, MakePerson


async def test_an_application_does_for_a_user_what_they_could_do(
    person: MakePerson, application: MakeApplication
) -> None:
    ann, bob, shop = await person("ann"), await person("bob"), await application("act")

    sent = await shop.call(
        "POST", "/api/messages", {"receiverId": bob.id, "content": "Hello"}, user=ann.id
    )

    assert (sent.status_code, sent.json()["senderId"]) == (201, ann.id)
    me = await shop.call("GET", "/api/me", user=ann.id)
    assert me.json()["username"] == "ann"
    rooms = (await bob.get("/api/messages")).json()["conversations"]
    assert [room["lastMessage"] for room in rooms] == ["Hello"]


async def test_it_sees_no_more_than_the_user(
    person: MakePerson, application: MakeApplication
) -> None:
    ann, bob, eve = [await person(name) for name in ("ann", "bob", "eve")]
    shop = await application("act")
    room = await room_of(ann, bob)

    answer = await shop.call("GET", f"/api/chat/rooms/{room}", user=eve.id)

    assert (answer.status_code, answer.json()["code"]) == (404, "room_not_found")


@pytest.mark.parametrize(
    ("may", "user", "status", "code"),
    [
        (["users"], "{ann}", 403, "key_may_not"),
        (["act"], None, 401, "no_user_named"),
        (["act"], "nobody-here", 404, "user_not_found"),
        (["act"], "@ann", 404, "user_not_found"),
        (["act"], "", 404, "user_not_found"),
    ],
)
async def test_what_is_wrong_is_said(
    person: MakePerson,
    application: MakeApplication,
    may: list[str],
    user: str | None,
    status: int,
    code: str,
) -> None:
    ann, shop = await person("ann"), await application(*may)

    answer = await shop.call("GET", "/api/me", user=user and user.format(ann=ann.id))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_key_that_nobody_made_is_refused(
    person: MakePerson, stranger: httpx.AsyncClient
) -> None:
    ann = await person("ann")
    headers = {"authorization": "Bearer kabar_key_invented", "x-kabar-user": ann.id}

    answer = await stranger.get("/api/me", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_key")


@pytest.mark.parametrize("name", ["authorization", "x-kabar-user"])
async def test_who_calls_is_said_once(
    person: MakePerson, application: MakeApplication, name: str
) -> None:
    ann, bob, shop = await person("ann"), await person("bob"), await application("act")
    headers = [("authorization", f"Bearer {shop.key}"), ("x-kabar-user", ann.id)]
    twice = {"authorization": f"Bearer {shop.key}", "x-kabar-user": bob.id}[name]

    transport = shop.http._transport
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        answer = await client.get("/api/me", headers=[*headers, (name, twice)])

    assert (answer.status_code, answer.json()["code"]) == (400, "repeated_header")


async def test_a_person_cannot_act_for_another(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    token = (await ann.post("/api/auth/tokens", {"name": "mine"})).json()["token"]

    by_cookie = await ann.browser.get("/api/me", headers={"x-kabar-user": bob.id})
    by_token = await ann.browser.get(
        "/api/me", headers={"authorization": f"Bearer {token}", "x-kabar-user": bob.id}
    )

    for answer in (by_cookie, by_token):
        assert (answer.status_code, answer.json()["code"]) == (403, "only_keys_act")


async def test_a_cookie_beside_the_key_does_not_count(
    person: MakePerson, application: MakeApplication
) -> None:
    ann, bob, shop = await person("ann"), await person("bob"), await application("act")

    answer = await ann.browser.get(
        "/api/me", headers={"authorization": f"Bearer {shop.key}", "x-kabar-user": bob.id}
    )

    assert answer.json()["username"] == "bob"


async def test_a_revoked_key_is_worth_nothing_at_once(
    kabar: Kabar, person: MakePerson, application: MakeApplication
) -> None:
    ann, shop = await person("ann"), await application("users", "act")
    assert (await shop.call("GET", "/api/me", user=ann.id)).status_code == 200

    # As `kabar keys revoke` does it: another process, of which this one hears nothing.
    await kabar.db.write(revoke_application, key_id=shop.key_id)

    acting = await shop.call("GET", "/api/me", user=ann.id)
    managing = await shop.call("PUT", "/api/users/u1", {"name": "One"})
    assert [(each.status_code, each.json()["code"]) for each in (acting, managing)] == [
        (401, "bad_key")
    ] * 2


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
async def test_a_body_that_drips_does_not_outlive_the_key(
    kabar: Kabar,
    person: MakePerson,
    application: MakeApplication,
    method: str,
    path: str,
    body: dict[str, str],
) -> None:
    ann, bob, shop = await person("ann"), await person("bob"), await application("act")
    names = {"bob": bob.id, "room": await room_of(ann, bob)}

    async def revoke() -> None:
        await kabar.db.write(revoke_application, key_id=shop.key_id)

    answer = await shop.http.request(
        method,
        path.format(**names),
        content=dripping(filled(body, names), meanwhile=revoke),
        headers={"content-type": "application/json", "x-kabar-user": ann.id},
    )

    assert answer.status_code == 401


async def test_a_body_that_drips_does_not_outlive_the_user(
    person: MakePerson, application: MakeApplication
) -> None:
    ann, bob, shop = await person("ann"), await person("bob"), await application("users", "act")
    room = await room_of(ann, bob)

    async def erase() -> None:
        assert (await shop.call("DELETE", f"/api/users/{ann.id}")).status_code == 204

    answer = await shop.http.request(
        "POST",
        "/api/chat/send",
        content=dripping({"roomId": room, "content": "still here"}, meanwhile=erase),
        headers={"content-type": "application/json", "x-kabar-user": ann.id},
    )

    assert answer.status_code == 401


async def test_a_key_opens_no_socket_as_somebody(
    kabar: Kabar, person: MakePerson, application: MakeApplication
) -> None:
    """Nobody would close it when the key is revoked: clients of users have tokens."""
    ann, shop = await person("ann"), await application("act")
    key, user = f"Bearer {shop.key}".encode(), ann.id.encode()

    shown = await kabar.sessions.identify([(b"authorization", key), (b"x-kabar-user", user)])

    assert shown is None


async def test_when_a_key_was_used_is_known_to_the_minute(
    kabar: Kabar, person: MakePerson, application: MakeApplication
) -> None:
    ann, shop = await person("ann"), await application("act")

    async def used_at() -> object:
        column = select(StoredKey.last_used_at)
        return await kabar.db.read(lambda tx: tx.execute(column).scalar_one())

    assert await used_at() is None
    await shop.call("GET", "/api/me", user=ann.id)
    assert await used_at() is not None

    nothing = update(StoredKey).values(last_used_at=None)
    await kabar.db.write(lambda tx: tx.execute(nothing).rowcount)
    await asyncio.gather(*(shop.call("GET", "/api/me", user=ann.id) for _ in range(5)))
    assert await used_at() is None, "it was written again within the minute"


def test_a_header_with_strange_bytes_is_some_user_that_there_is_not() -> None:
    assert shown_by([(b"x-kabar-user", b"\xff\x00 ")]).user_id == "\xff\x00"
