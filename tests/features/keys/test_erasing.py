"""An application erases a user: nothing of them is left but what they said, as that of nobody."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from kabar.core.times import rfc3339, utc_now
from kabar.features.accounts.models import FormerUsername, NamePart, Session, User
from kabar.features.chat.groups.models import JoinRequest
from kabar.features.chat.marks import Hidden, Vote
from kabar.features.chat.models import ChatParticipant
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.follows.models import Follow, FollowRequest
from kabar.features.notifications.models import Notification
from kabar.infra.db import Transaction
from kabar.infra.http.idempotency import AnsweredRequest
from kabar.server.app import Kabar
from tests.features.keys.conftest import Application, MakeApplication
from tests.patience import patiently
from tests.people import PASSWORD, MakePerson, Person


@pytest.fixture
async def shop(application: MakeApplication) -> Application:
    return await application("users", "act")


async def erase(kabar: Kabar, shop: Application, user: Person) -> None:
    answer = await shop.call("DELETE", f"/api/users/{user.id}")
    assert answer.status_code == 204, answer.text
    async with patiently():
        while await kabar.db.read(traces_of, user.id):
            await asyncio.sleep(0)


def traces_of(tx: Transaction, user_id: str) -> dict[str, int]:
    """Return how many rows there are that name the user, but their own and their messages."""
    columns: list[Any] = [
        *(table.user_id for table in (Session, FormerUsername, ChatParticipant, Notification)),
        ScheduledMessage.sender_id,
        *(table.user_id for table in (NamePart, JoinRequest, Hidden, Vote)),
        *(Follow.follower_id, Follow.following_id, Notification.subject_id),
        *(FollowRequest.requester_id, FollowRequest.target_id, AnsweredRequest.owner),
    ]
    counts = {
        str(column): tx.execute(select(func.count()).where(column == user_id)).scalar_one()
        for column in columns
    }
    return {name: count for name, count in counts.items() if count}


async def test_nothing_of_them_is_found(
    kabar: Kabar, person: MakePerson, shop: Application, stranger: httpx.AsyncClient
) -> None:
    ann, bob, cleo = [await person(name) for name in ("ann", "bob", "cleo")]
    await ann.patch("/api/me", {"bio": "I like tea", "username": "ann_2"})
    await cleo.patch("/api/me", {"isPrivate": True})
    for follower, followed in ((ann, bob), (bob, ann), (ann, cleo)):
        await follower.put(f"/api/users/{followed.id}/follow")
    ours = await ann.post("/api/chat/rooms", {"name": "Ours"}, headers={"Idempotency-Key": "k"})
    later = {"sendAt": rfc3339(utc_now() + timedelta(days=1)), "content": "Tomorrow"}
    await ann.post("/api/chat/send", {"roomId": ours.json()["id"], **later})

    await erase(kabar, shop, ann)

    assert (await ann.get("/api/me")).status_code == 401
    login = await stranger.post("/api/auth/login", json={"login": "ann_2", "password": PASSWORD})
    assert login.status_code == 401
    for name in (ann.id, "@ann", "@ann_2"):
        assert (await bob.get(f"/api/users/{name}")).status_code == 404
        assert (await bob.put(f"/api/users/{name}/follow")).status_code == 404
    found = (await bob.get("/api/users")).json()["users"]
    assert {user["username"] for user in found} == {"bob", "cleo"}
    me = (await bob.get("/api/me")).json()
    assert (me["followersCount"], me["followingCount"]) == (0, 0)
    row = select(User.name, User.email, User.bio, User.password_hash).where(User.id == ann.id)
    assert tuple(await kabar.db.read(lambda tx: tx.execute(row).one())) == (
        *("Deleted user", f"none: {ann.id}", None, None),
    )


async def test_what_they_said_stays_as_that_of_nobody(
    kabar: Kabar, person: MakePerson, shop: Application
) -> None:
    ann, bob = await person("ann"), await person("bob")
    sent = (await ann.post("/api/messages", {"receiverId": bob.id, "content": "Hi"})).json()
    room = sent["roomId"]
    other = (await bob.post("/api/chat/send", {"roomId": room, "content": "Not for me"})).json()
    await ann.delete("/api/chat/messages", messageId=other["id"], scope="me")

    await erase(kabar, shop, ann)

    messages = (await bob.get("/api/chat/messages", roomId=room)).json()["messages"]
    assert [(each["content"], each["sender"]["name"]) for each in messages] == [
        ("Hi", "Deleted user"),
        ("Not for me", "Bob"),
    ]
    shown = (await bob.get(f"/api/chat/rooms/{room}")).json()
    assert (shown["name"], shown["participantsCount"]) == ("Deleted user", 1)
    again = await bob.post("/api/chat/rooms/direct", {"userId": ann.id})
    assert (again.status_code, again.json()["id"]) == (200, room)


async def test_their_groups_pass_on_to_others(
    kabar: Kabar, person: MakePerson, shop: Application
) -> None:
    ann, bob = await person("ann"), await person("bob")
    rooms = [
        (await ann.post("/api/chat/rooms", {"name": f"R{n}", "participantIds": [bob.id]})).json()
        for n in range(60)
    ]

    await erase(kabar, shop, ann)

    for room in (rooms[0], rooms[-1]):
        shown = (await bob.get(f"/api/chat/rooms/{room['id']}")).json()
        assert (shown["me"]["role"], shown["participantsCount"]) == ("owner", 1)
    added = await bob.post(f"/api/chat/rooms/{rooms[0]['id']}/participants", {"userIds": [ann.id]})
    assert (added.status_code, added.json()["code"]) == (404, "user_not_found")


async def test_an_id_is_never_given_twice(
    kabar: Kabar, person: MakePerson, shop: Application
) -> None:
    ann = await person("ann")
    await erase(kabar, shop, ann)

    again = await shop.call("DELETE", f"/api/users/{ann.id}")
    anew = await shop.call("PUT", f"/api/users/{ann.id}", {"name": "Another Ann"})
    acting = await shop.call("GET", "/api/me", user=ann.id)
    token = await shop.call("POST", f"/api/users/{ann.id}/tokens", {})

    assert [each.json()["code"] for each in (again, anew, acting, token)] == [
        *("user_not_found", "user_erased", "user_not_found", "user_not_found"),
    ]
    # The names are free.
    other = await shop.call("PUT", "/api/users/ann-7", {"name": "Ann", "username": "ann"})
    assert other.status_code == 201


async def test_one_who_has_more_than_fits_at_once_is_erased_too(
    kabar: Kabar, shop: Application, person: MakePerson
) -> None:
    ann = await person("ann")
    fans = [f"fan-{n}" for n in range(230)]
    for fan in fans:
        await shop.call("PUT", f"/api/users/{fan}", {"name": fan})
    await asyncio.gather(
        *(shop.call("PUT", f"/api/users/{ann.id}/follow", user=fan) for fan in fans)
    )

    await erase(kabar, shop, ann)

    counts = select(func.max(User.following_count), func.max(User.followers_count))
    assert tuple(await kabar.db.read(lambda tx: tx.execute(counts).one())) == (0, 0)
