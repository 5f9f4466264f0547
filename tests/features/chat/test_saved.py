"""The room that somebody has with themselves."""

from __future__ import annotations

import asyncio

from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    did,
    listen,
    look_at,
    page_of,
    read,
    refused,
    say,
    send,
    unread_in,
)
from tests.people import Person

PATH = "/api/chat/rooms/saved"


async def saved_by(person: Person) -> Json:
    return did(await person.post(PATH))


async def test_there_is_one_however_many_ask_at_once(ann: Person) -> None:
    rooms = await asyncio.gather(*(saved_by(ann) for _ in range(10)))

    assert len({room["id"] for room in rooms}) == 1
    room = rooms[0]
    assert (room["type"], room["isSaved"], room["participantsCount"]) == ("DIRECT", True, 1)
    assert room["otherUser"]["id"] == ann.id
    (listed,) = did(await ann.get("/api/messages"))["conversations"]
    assert listed["id"] == room["id"]


async def test_what_one_notes_there_is_heard_on_ones_devices_and_never_unread(
    kabar: Kabar, ann: Person
) -> None:
    room = await saved_by(ann)
    ear = await listen(kabar, ann, channel_of(room))

    message = await say(ann, room, "Milk")

    assert message["receiverId"] == ann.id
    assert [data["content"] for _, _, data in await ear.heard("new-message")] == ["Milk"]
    assert await unread_in(ann, room) == 0
    assert (await read(ann, room))["unreadCount"] == 0
    notifications = did(await ann.get("/api/notifications"))
    assert (notifications["notifications"], notifications["unreadCount"]) == ([], 0)


async def test_nobody_else_gets_in(ann: Person, ben: Person) -> None:
    room = await saved_by(ann)
    await say(ann, room, "Secret")

    assert refused(await send(ben, room)) == (404, "room_not_found")
    assert refused(await ben.get("/api/chat/messages", roomId=room["id"])) == (
        *(404, "room_not_found"),
    )
    path = f"/api/chat/rooms/{room['id']}/participants"
    assert (await ann.post(path, {"userIds": [ben.id]})).status_code in {403, 409}
    assert (await saved_by(ben))["id"] != room["id"]
    assert [m["content"] for m in (await page_of(ann, room))["messages"]] == ["Secret"]


async def test_writing_to_oneself_by_name_is_still_refused(ann: Person) -> None:
    answer = await ann.post("/api/chat/rooms/direct", {"userId": ann.id})
    assert refused(answer) == (400, "cannot_message_self")


async def test_others_rooms_say_nothing_of_it(ann: Person, room: Json) -> None:
    assert "isSaved" not in await look_at(ann, room)
