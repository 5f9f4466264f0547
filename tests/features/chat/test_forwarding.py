"""Forwarding: what is said again elsewhere, whose words they are, and who may know from where."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kabar.features.chat.audience import Audience
from kabar.features.chat.forwarding.forwarding import forward as forward_in
from kabar.features.chat.forwarding.schemas import MOST_ROOMS
from kabar.infra.db import Database
from kabar.server.app import Kabar
from tests.crowded import crowded
from tests.features.chat.sync.test_sync import since_now, sync
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    direct_room,
    group,
    listen,
    look_at,
    page_of,
    refused,
    say,
    unread_in,
)
from tests.features.uploads.files import upload
from tests.people import MakePerson, Person
from tests.plans import heard, walks_through


async def forward(person: Person, message: Json, *rooms: Json, **more: Any) -> httpx.Response:
    path = f"/api/chat/messages/{message['id']}/forward"
    return await person.post(path, {"roomIds": [room["id"] for room in rooms]}, **more)


async def forwarded(person: Person, message: Json, *rooms: Json) -> list[Json]:
    messages: list[Json] = did(await forward(person, message, *rooms), 201)["messages"]
    return messages


async def last_of(person: Person, room: Json) -> Json:
    last: Json = (await page_of(person, room))["messages"][-1]
    return last


@pytest.fixture
async def team(ann: Person, cleo: Person) -> Json:
    """A group of Ann's in which Ben is not."""
    return await group(ann, cleo, name="Team")


async def test_it_is_said_in_each_room_in_ones_own_name_with_the_name_of_who_said_it_first(
    ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said = await say(ben, room, "The bridge is closed")
    other = await direct_room(ann, cleo)

    first, second = await forwarded(ann, said, team, other)

    assert [first["roomId"], second["roomId"]] == [team["id"], other["id"]]
    for each in (first, second):
        assert (each["senderId"], each["content"], each["seq"]) == (ann.id, said["content"], 1)
        assert each["forwardedFrom"] == {"roomId": room["id"], "senderName": "Ben"}
    seen = await last_of(cleo, team)
    assert seen["forwardedFrom"] == {"senderName": "Ben"}
    assert room["id"] not in str(seen)
    assert await unread_in(cleo, team) == 1
    assert "forwardedFrom" not in await last_of(ben, room)


async def test_what_was_forwarded_keeps_its_origin_however_often_it_goes_on(
    ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said = await say(ben, room, "The bridge is closed")
    (first,) = await forwarded(ann, said, team)
    others = await direct_room(cleo, ben)

    (again,) = await forwarded(cleo, first, others)

    assert again["forwardedFrom"] == {"senderName": "Ben"}
    # Ben is in the room where he said it.
    assert (await last_of(ben, others))["forwardedFrom"]["roomId"] == room["id"]


async def test_nobody_hears_on_any_road_from_where_it_comes_who_is_not_there(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said = await say(ben, room, "The bridge is closed")
    ear = await listen(kabar, cleo, channel_of(team), f"private-user-{cleo.id}")
    since = await since_now(cleo)

    await forwarded(ann, said, team)

    live = await ear.heard("new-message")
    assert len(live) == 2, "in the room, and on the bell"
    told = [
        live,
        await sync(cleo, since),
        await page_of(cleo, team),
        did(await cleo.get("/api/messages")),
        did(await cleo.get("/api/notifications")),
    ]
    assert room["id"] not in str(told)
    assert ben.id not in str(told)


async def test_who_leaves_the_room_it_comes_from_is_not_told_of_it_any_more(
    ann: Person, ben: Person, cleo: Person
) -> None:
    source, target = await group(ben, ann, name="Source"), await group(ann, cleo, name="Target")
    said = await say(ben, source)
    await forwarded(ann, said, target)

    await ann.delete(f"/api/chat/rooms/{source['id']}/participants/me")

    assert (await last_of(ann, target))["forwardedFrom"] == {"senderName": "Ben"}


async def test_into_all_rooms_or_none(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    file = await upload(ben, b"notes", "notes.txt")
    said = await say(ben, room, "Notes", attachmentIds=[file["id"]])
    announcements = await group(cleo, ann, name="News")
    did(await cleo.patch(f"/api/chat/rooms/{announcements['id']}", {"isAnnouncement": True}))
    others = await direct_room(ben, cleo)
    ear = await listen(kabar, cleo, channel_of(team))

    answers = [await forward(ann, said, team, each) for each in (announcements, others)]

    assert [refused(each) for each in answers] == [
        (403, "only_admins_write"),
        (404, "room_not_found"),
    ]
    assert (await look_at(ann, team))["lastSeq"] == 0
    assert await ear.heard() == []


async def test_where_one_may_not_write_one_does_not_forward(
    ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said = await say(ann, room)
    blocked = await direct_room(ann, cleo)
    did(await cleo.put(f"/api/users/{ann.id}/block"))
    assert refused(await forward(ann, said, blocked)) == (404, "user_not_found")

    slow = await group(ben, ann, name="Slow")
    did(await ben.patch(f"/api/chat/rooms/{slow['id']}", {"slowModeSeconds": 60}))
    await forwarded(ann, said, slow)
    assert refused(await forward(ann, said, slow)) == (429, "slow_mode")


async def test_what_one_may_not_see_cannot_be_forwarded(
    ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said, hidden, gone = [await say(ben, room, word) for word in ("one", "two", "three")]
    asked = await say(ben, room, poll={"question": "Tea?", "options": ["Yes", "No"]})
    await ann.delete("/api/chat/messages", messageId=hidden["id"], scope="me")
    await delete(ben, gone)
    joined = did(await ann.get("/api/chat/messages", roomId=team["id"]))["messages"]
    did(await ann.patch(f"/api/chat/rooms/{team['id']}", {"name": "Crew"}))
    told = await last_of(ann, team)

    assert joined == []
    assert refused(await forward(cleo, said, team)) == (404, "message_not_found")
    assert refused(await forward(ann, hidden, team)) == (404, "message_not_found")
    assert refused(await forward(ann, gone, team)) == (409, "message_is_deleted")
    assert refused(await forward(ann, asked, team)) == (409, "poll_is_not_forwarded")
    assert refused(await forward(ann, told, team)) == (409, "system_message_is_not_forwarded")


async def test_its_files_go_with_it_and_stay_when_the_first_one_is_deleted(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    files = [await upload(ben, word.encode(), f"{word}.txt") for word in ("one", "two")]
    said = await say(ben, room, attachmentIds=[each["id"] for each in files])

    (copy,) = await forwarded(ann, said, team)
    await delete(ben, said)

    assert [each["name"] for each in copy["attachments"]] == ["one.txt", "two.txt"]
    assert {each["id"] for each in copy["attachments"]}.isdisjoint(each["id"] for each in files)
    assert copy["type"] == "file"
    seen = await last_of(cleo, team)
    got = [await cleo.browser.get(each["url"]) for each in seen["attachments"]]
    assert [each.content for each in got] == [b"one", b"two"]
    lost = await ann.browser.get(said["attachments"][0]["url"].partition("?")[0])
    assert lost.status_code == 404


async def test_what_somebody_else_said_is_not_edited_and_can_be_deleted(
    ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said = await say(ben, room)
    (copy,) = await forwarded(ann, said, team)

    edit = {"messageId": copy["id"], "content": "Other words"}
    assert refused(await ann.patch("/api/chat/messages", edit)) == (409, "forwarded_is_fixed")
    await delete(ann, copy)
    assert "forwardedFrom" not in await last_of(cleo, team)


@pytest.mark.parametrize("count", [0, MOST_ROOMS + 1])
async def test_into_so_many_rooms_at_once(ann: Person, room: Json, count: int) -> None:
    said = await say(ann, room)
    answer = await forward(ann, said, *[{"id": f"room-{n}"} for n in range(count)])
    assert refused(answer) == (422, "invalid")
    assert refused(await forward(ann, said, room, room)) == (422, "invalid")


async def test_with_a_key_it_is_forwarded_once(
    ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said = await say(ben, room)
    key = {"headers": {"Idempotency-Key": "one"}}

    first, *again = await asyncio.gather(*(forward(ann, said, team, **key) for _ in range(3)))

    assert sorted(each.status_code for each in (first, *again)) == [200, 200, 201]
    assert first.json() == again[0].json() == again[1].json()
    assert (await look_at(cleo, team))["lastSeq"] == 1
    assert refused(await forward(ann, said, room, **key)) == (422, "idempotency_key_reused")


async def test_the_name_is_that_of_today(
    person: MakePerson, ann: Person, ben: Person, cleo: Person, room: Json, team: Json
) -> None:
    said = await say(ben, room)
    await forwarded(ann, said, team)

    did(await ben.patch("/api/me", {"name": "Benjamin"}))

    assert (await last_of(cleo, team))["forwardedFrom"] == {"senderName": "Benjamin"}


async def test_no_plan_walks_through_a_table(db: Database) -> None:
    place = await crowded(db, direct_rooms=20_000)
    with heard(db) as said:
        await db.write(
            forward_in,
            sender=place.ann,
            message_id="m2-1",
            room_ids=["room2", "room3"],
            contents={},
            socket_id=None,
            audience=Audience(None),
        )

    walks = await db.read(walks_through, said, ("Message", "ChatParticipant", "ChatRoom", "User"))
    assert not walks, walks
