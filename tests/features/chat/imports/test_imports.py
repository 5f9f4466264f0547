"""An application imports messages with times and ids of its own, as often as it likes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kabar.core.times import rfc3339, utc_now
from tests.features.keys.conftest import Application, MakeApplication, application  # noqa: F401
from tests.people import MakePerson, Person


@pytest.fixture
async def shop(application: MakeApplication) -> Application:  # noqa: F811
    return await application("act")


@pytest.fixture
async def people(person: MakePerson) -> list[Person]:
    return [await person(name) for name in ("ann", "ben", "eve")]


async def group_of(people: list[Person]) -> str:
    ids = [each.id for each in people[1:2]]
    room = await people[0].post("/api/chat/rooms", {"name": "Garden", "participantIds": ids})
    room_id: str = room.json()["id"]
    return room_id


async def direct_of(people: list[Person]) -> str:
    room = await people[0].post("/api/chat/rooms/direct", {"userId": people[1].id})
    room_id: str = room.json()["id"]
    return room_id


def said(number: int, sender: Person, **more: Any) -> dict[str, Any]:
    at = utc_now() - timedelta(days=3) + timedelta(minutes=number)
    return {
        "id": f"old-{number}",
        "senderId": sender.id,
        "content": f"Number {number}",
        "createdAt": rfc3339(at),
        **more,
    }


async def test_they_have_their_times_and_ids_and_nothing_is_unread(
    people: list[Person], shop: Application
) -> None:
    ann, ben, _ = people
    room = await direct_of(people)
    old = [said(1, ann), said(2, ben, replyToId="old-1", editedAt=rfc3339(utc_now()))]

    answer = await shop.call("POST", f"/api/chat/rooms/{room}/import", {"messages": old})

    assert answer.status_code == 200
    assert answer.json() == {"new": 2, "known": 0, "lastSeq": 2}
    listed = (await ben.get("/api/chat/messages", roomId=room)).json()["messages"]
    assert [(each["id"], each["seq"], each["createdAt"]) for each in listed] == [
        (each["id"], number, each["createdAt"]) for number, each in enumerate(old, 1)
    ]
    assert listed[1]["replyTo"]["id"] == "old-1"
    assert listed[1]["editedAt"] == old[1]["editedAt"]
    for reader in (ann, ben):
        (shown,) = (await reader.get("/api/messages")).json()["conversations"]
        assert (shown["lastMessage"], shown["me"]["unreadCount"]) == ("Number 2", 0)
    after = await ann.post("/api/chat/send", {"roomId": room, "content": "Now"})
    assert after.json()["seq"] == 3
    assert (await ben.get("/api/chat/unread")).json() == {"total": 1, "rooms": 1}


async def test_what_was_sent_before_stays_and_what_is_new_follows(
    people: list[Person], shop: Application
) -> None:
    ann = people[0]
    room = await group_of(people)
    path = f"/api/chat/rooms/{room}/import"
    begin = (await ann.get(f"/api/chat/rooms/{room}")).json()["lastSeq"]
    now = utc_now() + timedelta(seconds=1)
    old = [said(n, ann, createdAt=rfc3339(now + timedelta(seconds=n))) for n in range(4)]

    first = await shop.call("POST", path, {"messages": old[:2]})
    again = await shop.call("POST", path, {"messages": old[:2]})
    more = await shop.call("POST", path, {"messages": old})

    assert [each.json() for each in (first, again, more)] == [
        {"new": 2, "known": 0, "lastSeq": begin + 2},
        {"new": 0, "known": 2, "lastSeq": begin + 2},
        {"new": 2, "known": 2, "lastSeq": begin + 4},
    ]


async def test_two_at_once_write_each_message_once(people: list[Person], shop: Application) -> None:
    ann = people[0]
    room = await direct_of(people)
    body = {"messages": [said(n, ann) for n in range(20)]}

    answers = await asyncio.gather(
        *(shop.call("POST", f"/api/chat/rooms/{room}/import", body) for _ in range(5))
    )

    assert sorted(each.json()["new"] for each in answers) == [0, 0, 0, 0, 20]
    listed = (await ann.get("/api/chat/messages", roomId=room, limit=100)).json()["messages"]
    assert [each["seq"] for each in listed] == list(range(1, 21))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"senderId": "nobody"}, "messages[1].senderId"),
        ({"senderId": "{eve}"}, "messages[1].senderId"),
        ({"content": " "}, "messages[1].content"),
        ({"content": "x" * 10_001}, "messages[1].content"),
        ({"createdAt": "2020-01-01T00:00:00Z"}, "messages[1].createdAt"),
        ({"createdAt": "2500-01-01T00:00:00Z"}, "messages[1].createdAt"),
        ({"createdAt": "2025-01-01T00:00:00"}, "messages[1].createdAt"),
        ({"createdAt": "soon"}, "messages[1].createdAt"),
        ({"replyToId": "nothing"}, "messages"),
        ({"id": "a/b"}, "messages[1].id"),
        ({"id": ""}, "messages[1].id"),
        ({"seq": 7}, "messages[1].seq"),
    ],
)
async def test_one_that_is_wrong_refuses_all_and_is_named(
    people: list[Person], shop: Application, wrong: dict[str, str], field: str
) -> None:
    ann, _, eve = people
    room = await direct_of(people)
    filled = {name: str(value).replace("{eve}", eve.id) for name, value in wrong.items()}
    body = {"messages": [said(1, ann), said(2, ann) | filled]}

    answer = await shop.call("POST", f"/api/chat/rooms/{room}/import", body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    listed = (await ann.get("/api/chat/messages", roomId=room)).json()["messages"]
    assert listed == []


async def test_an_id_of_another_room_is_taken(people: list[Person], shop: Application) -> None:
    ann = people[0]
    room, other = await direct_of(people), await group_of(people)
    await shop.call("POST", f"/api/chat/rooms/{room}/import", {"messages": [said(1, ann)]})

    answer = await shop.call(
        "POST", f"/api/chat/rooms/{other}/import", {"messages": [said(1, ann)]}
    )

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["messages[0].id"]


async def test_only_applications_that_may_act_import(
    people: list[Person],
    application: MakeApplication,  # noqa: F811
) -> None:
    room = await direct_of(people)
    path, body = f"/api/chat/rooms/{room}/import", {"messages": [said(1, people[0])]}

    by_person = await people[0].post(path, body)
    by_other = await (await application("users", "notify")).call("POST", path, body)
    nowhere = await (await application("act")).call("POST", "/api/chat/rooms/x/import", body)

    assert [(each.status_code, each.json()["code"]) for each in (by_person, by_other, nowhere)] == [
        (401, "key_needed"),
        (403, "key_may_not"),
        (404, "room_not_found"),
    ]
