"""How far somebody has read: exact, and never back."""

from __future__ import annotations

import asyncio

import pytest

from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    direct_room,
    group,
    listen,
    look_at,
    page_of,
    read,
    refused,
    say,
    say_all,
    unread_in,
)
from tests.people import Person

#: is mentioned
NOBODY: Json = {"mentionsCount": 0, "firstMentionId": None}


async def test_reading_a_room_reads_all_of_it(ann: Person, ben: Person, room: Json) -> None:
    await say_all(ann, room, 3)

    assert await read(ben, room) == {
        "roomId": room["id"],
        "lastReadSeq": 3,
        "unreadCount": 0,
        "version": 6,
        **NOBODY,
    }
    assert await unread_in(ben, room) == 0


async def test_one_may_read_up_to_a_message(ann: Person, ben: Person, room: Json) -> None:
    messages = await say_all(ann, room, 5)

    state = await read(ben, room, messages[1])

    counts = {"unreadCount": 3, "version": 7, **NOBODY}
    assert state == {"roomId": room["id"], "lastReadSeq": 2, **counts}
    assert (await look_at(ben, room))["me"]["lastReadSeq"] == 2


async def test_it_never_moves_back(kabar: Kabar, ann: Person, ben: Person, room: Json) -> None:
    messages = await say_all(ann, room, 5)
    await read(ben, room, messages[3])
    ear = await listen(kabar, ann, channel_of(room))

    for earlier in (messages[0], messages[3]):
        state = await read(ben, room, earlier)
        assert (state["lastReadSeq"], state["unreadCount"]) == (4, 1)

    assert await ear.heard() == [], "nothing has changed, so nobody is told"


async def test_many_who_read_at_once_end_at_the_furthest(
    ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 10)

    await asyncio.gather(*(read(ben, room, message) for message in messages[:8] * 2))

    assert (await look_at(ben, room))["me"]["lastReadSeq"] == 8
    assert await unread_in(ben, room) == 2


async def test_in_a_direct_room_the_sender_sees_what_was_read_and_when(
    ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 4)

    await read(ben, room, messages[2])

    stored = (await page_of(ann, room))["messages"]
    assert [m["isRead"] for m in stored] == [True, True, True, False]
    for message in stored:
        assert (message["readAt"] is not None) == message["isRead"]
        assert message["isDelivered"] == message["isRead"]
    assert stored[3] == messages[3]


async def test_the_time_of_reading_stays_the_first(ann: Person, ben: Person, room: Json) -> None:
    await say(ann, room, "one")
    await read(ben, room)
    first = (await page_of(ann, room))["messages"][0]
    await say(ann, room, "two")

    await read(ben, room)

    assert (await page_of(ann, room))["messages"][0] == first


async def test_in_a_group_no_message_is_marked(ann: Person, ben: Person) -> None:
    """Who has read what is told by positions; with many readers there is no one `readAt`."""
    room = await group(ann, ben)
    await say(ann, room)

    await read(ben, room)

    (message,) = (await page_of(ann, room))["messages"]
    assert (message["isRead"], message["readAt"]) == (False, None)


async def test_reading_is_told_to_the_room_and_to_ones_other_devices(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 3)
    anns = await listen(kabar, ann, channel_of(room), f"private-user-{ann.id}")
    phone = await listen(kabar, ben, f"private-user-{ben.id}")
    laptop = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")

    await ben.post(
        "/api/chat/read",
        {"roomId": room["id"], "messageId": messages[1]["id"]},
        headers={"x-socket-id": laptop.socket_id},
    )

    ((channel, event, data),) = await anns.heard()
    assert (channel, event) == (channel_of(room), "message-read")
    read_at = data["readAt"]
    assert data == {
        "roomId": room["id"],
        "userId": ben.id,
        "lastReadSeq": 2,
        "readAt": read_at,
    }
    assert await phone.heard() == [
        (
            f"private-user-{ben.id}",
            "message-read",
            data | {"unreadCount": 1, "version": 5, **NOBODY},
        )
    ]
    assert await laptop.heard() == [], "this is where it was read"
    assert (await page_of(ann, room))["messages"][0]["readAt"] == read_at


async def test_posting_tells_that_one_has_read(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await say(ann, room)
    anns = await listen(kabar, ann, channel_of(room))

    await say(ben, room)
    await say(ben, room)

    (told,) = await anns.heard("message-read")
    assert told[2]["lastReadSeq"] == 2
    assert told[2]["userId"] == ben.id


async def test_an_empty_room_is_read(ben: Person, room: Json) -> None:
    assert await read(ben, room) == {
        "roomId": room["id"],
        "lastReadSeq": 0,
        "unreadCount": 0,
        "version": 0,
        **NOBODY,
    }


async def test_one_reads_only_messages_of_the_room(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    elsewhere = await say(ann, await direct_room(ann, cleo))

    for message_id in (elsewhere["id"], "unknown"):
        body = {"roomId": room["id"], "messageId": message_id}
        assert refused(await ben.post("/api/chat/read", body)) == (404, "message_not_found")


@pytest.mark.parametrize("body", [{}, {"roomId": None}, {"roomId": "x", "messageId": 7}, []])
async def test_a_wrong_body_is_refused(ann: Person, body: object) -> None:
    assert refused(await ann.post("/api/chat/read", body))[0] in {400, 422}


async def test_reading_up_to_what_was_deleted_is_reading(
    ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 3)
    await delete(ann, messages[1])

    state = await read(ben, room, messages[1])

    counts = {"unreadCount": 1, "version": 6, **NOBODY}
    assert state == {"roomId": room["id"], "lastReadSeq": 2, **counts}
