"""Who was signed out while the body of a request came, does nothing more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from kabar.core.events import encode_json
from kabar.features.accounts.models import AccessToken
from kabar.server.app import Kabar
from tests.people import PASSWORD, MakePerson, Person, browser_of

NEW_PASSWORD = "another horse battery staple"
#: with what each would do, if it were let
WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/auth/tokens", {"name": "mine"}),
    ("PATCH", "/api/me", {"bio": "I was here"}),
    ("POST", "/api/chat/rooms", {"name": "Mine", "participantIds": []}),
    ("POST", "/api/chat/rooms/direct", {"userId": "{bob}"}),
    ("POST", "/api/messages", {"receiverId": "{bob}", "content": "psst"}),
    ("POST", "/api/chat/send", {"roomId": "{room}", "content": "psst"}),
    ("POST", "/api/chat/read", {"roomId": "{room}"}),
    ("PATCH", "/api/chat/rooms/{room}/me", {"isMuted": True}),
    ("POST", "/api/pusher/auth", {"socket_id": "1.2", "channel_name": "private-room-{room}"}),
    ("POST", "/api/pusher/user-auth", {"socket_id": "1.2"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
async def test_a_body_that_drips_does_not_outlive_the_session(
    person: MakePerson, method: str, path: str, body: dict[str, Any]
) -> None:
    ann, bob = await person("ann"), await person("bob")
    names = {"bob": bob.id, "room": await room_of(ann, bob)}
    thief = ann.browser

    async def sign_out() -> None:
        async with twin(ann) as own:
            assert (await own.post("/api/auth/logout")).status_code == 204

    answer = await thief.request(
        method,
        path.format(**names),
        content=dripping(filled(body, names), meanwhile=sign_out),
        headers={"content-type": "application/json"},
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_token_that_is_made_while_the_password_changes_opens_nothing(
    kabar: Kabar, person: MakePerson
) -> None:
    ann = await person("ann")
    async with browser_of(kabar.asgi) as thief:
        login = {"login": "ann", "password": PASSWORD}
        assert (await thief.post("/api/auth/login", json=login)).status_code == 200

        async def change() -> None:
            assert (await change_password(ann)).status_code == 200

        answer = await thief.post(
            "/api/auth/tokens",
            content=dripping({"name": "for later"}, meanwhile=change),
            headers={"content-type": "application/json"},
        )

    assert answer.status_code == 401
    count = select(func.count()).select_from(AccessToken)
    assert await kabar.db.read(lambda tx: tx.execute(count).scalar_one()) == 0


@pytest.mark.parametrize(("keep", "status"), [(None, 401), (False, 401), (True, 200)])
async def test_tokens_end_with_the_password_unless_they_are_kept(
    person: MakePerson, stranger: httpx.AsyncClient, keep: bool | None, status: int
) -> None:
    ann = await person("ann")
    token = (await ann.post("/api/auth/tokens", {"name": "my script"})).json()["token"]
    as_script = {"authorization": f"Bearer {token}"}
    assert (await stranger.get("/api/me", headers=as_script)).status_code == 200

    more = {} if keep is None else {"keepTokens": keep}
    assert (await change_password(ann, **more)).status_code == 200

    assert (await stranger.get("/api/me", headers=as_script)).status_code == status
    assert (await ann.get("/api/me")).status_code == 200


async def test_a_revoked_token_is_not_handed_out_again(person: MakePerson) -> None:
    ann = await person("ann")
    key = {"Idempotency-Key": "a-key"}
    first = await ann.post("/api/auth/tokens", {"name": "my script"}, headers=key)
    assert (await ann.delete(f"/api/auth/tokens/{first.json()['id']}")).status_code == 204

    again = await ann.post("/api/auth/tokens", {"name": "my script"}, headers=key)

    assert (again.status_code, again.json()["code"]) == (404, "token_not_found")


async def room_of(ann: Person, bob: Person) -> str:
    answer = await ann.post("/api/chat/rooms/direct", {"userId": bob.id})
    room_id: str = answer.json()["id"]
    return room_id


async def change_password(ann: Person, **more: Any) -> httpx.Response:
    return await ann.patch(
        "/api/me", {"currentPassword": PASSWORD, "password": NEW_PASSWORD, **more}
    )


def twin(ann: Person) -> httpx.AsyncClient:
    """Return another connection of the same browser."""
    transport = ann.browser._transport
    return httpx.AsyncClient(
        transport=transport,
        base_url=ann.browser.base_url,
        headers=ann.browser.headers,
        cookies=ann.browser.cookies,
    )


def filled(body: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {
        name: value.format(**names) if isinstance(value, str) else value
        for name, value in body.items()
    }


async def dripping(
    body: dict[str, Any], *, meanwhile: Callable[[], Awaitable[None]]
) -> AsyncIterator[bytes]:
    """Send the body in two halves; between them something happens."""
    text = encode_json(body)
    yield text[:5]
    await meanwhile()
    yield text[5:]
