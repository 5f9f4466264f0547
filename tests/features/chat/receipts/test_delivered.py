"""Who has a message on a device, who has read it, and who would rather not say."""

from __future__ import annotations

import asyncio

import httpx
from sqlalchemy import update

from kabar.features.chat.models import ChatRoom
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    did,
    group,
    in_one_batch,
    listen,
    page_of,
    read,
    refused,
    say,
    say_all,
)
from tests.people import Person


async def got(person: Person, room: Json, up_to: Json | None = None) -> httpx.Response:
    body = {"roomId": room["id"], **({"messageId": up_to["id"]} if up_to else {})}
    return await person.post("/api/chat/delivered", body)


async def receipts(person: Person, message: Json) -> dict[str, list[str]]:
    """Return who has read a message, and who has it, by username."""
    answer = did(await person.get(f"/api/chat/messages/{message['id']}/receipts"))
    return {
        kind: sorted(receipt["user"]["username"] for receipt in found)
        for kind, found in answer.items()
    }


async def keep_to_oneself(person: Person) -> None:
    assert did(await person.patch("/api/me", {"readReceipts": False}))["readReceipts"] is False


async def test_what_a_device_has_is_told_to_the_room_once(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 3)
    ear = await listen(kabar, ann, channel_of(room))

    for up_to in (messages[1], messages[0], messages[1]):
        assert (await got(ben, room, up_to)).status_code == 204

    delivered = {"roomId": room["id"], "userId": ben.id, "lastDeliveredSeq": 2}
    assert await ear.heard() == [(channel_of(room), "message-delivered", delivered)]
    shown = (await page_of(ann, room))["messages"]
    assert [message["isDelivered"] for message in shown] == [True, True, False]
    assert [message["isRead"] for message in shown] == [False, False, False]


async def test_without_a_message_it_is_all_there_is(ann: Person, ben: Person, room: Json) -> None:
    last = (await say_all(ann, room, 3))[-1]

    await got(ben, room)

    assert await receipts(ann, last) == {"read": [], "delivered": ["ben"]}


async def test_what_one_has_read_one_has(ann: Person, ben: Person, room: Json) -> None:
    message = await say(ann, room)
    await read(ben, room)

    assert (await got(ben, room)).status_code == 204
    assert await receipts(ann, message) == {"read": ["ben"], "delivered": ["ben"]}


async def test_a_group_is_told_who_has_read_and_who_has_it(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    first, second = await say_all(ann, room, 2)
    await read(ben, room, first)
    await got(cleo, room, second)

    assert await receipts(ann, first) == {"read": ["ben"], "delivered": ["ben", "cleo"]}
    assert await receipts(ben, second) == {"read": [], "delivered": ["cleo"]}


async def test_strangers_learn_nothing(ann: Person, ben: Person, cleo: Person, room: Json) -> None:
    message = await say(ann, room)

    assert refused(await got(cleo, room)) == (404, "room_not_found")
    answer = await cleo.get(f"/api/chat/messages/{message['id']}/receipts")
    assert refused(answer) == (404, "message_not_found")


async def test_a_message_of_another_room_is_none(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    elsewhere = await say(ann, await group(ann, cleo))

    assert refused(await got(ben, room, elsewhere)) == (404, "message_not_found")


async def test_who_does_not_tell_what_they_read_is_not_seen_to_read(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await keep_to_oneself(ben)
    message = await say(ann, room)
    ear = await listen(kabar, ann, channel_of(room))
    own = await listen(kabar, ben, f"private-user-{ben.id}")

    assert (await read(ben, room))["unreadCount"] == 0

    assert await ear.heard("message-read") == []
    assert [data["lastReadSeq"] for _, _, data in await own.heard("message-read")] == [1]
    (shown,) = (await page_of(ann, room))["messages"]
    assert (shown["isRead"], shown["readAt"], shown["isDelivered"]) == (False, None, True)
    assert await receipts(ann, message) == {"read": [], "delivered": ["ben"]}


async def test_and_does_not_see_what_others_read(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    await keep_to_oneself(ben)
    message = await say(ben, room)
    ear = await listen(kabar, ben, channel_of(room))
    await read(ann, room)

    assert await ear.heard("message-read") == []
    assert (await page_of(ben, room))["messages"][0]["isRead"] is False
    assert (await receipts(ben, message))["read"] == []

    team = await group(ann, ben, cleo)
    message = await say(ann, team)
    await read(cleo, team)
    assert (await receipts(ben, message))["read"] == []
    assert (await receipts(ann, message))["read"] == ["cleo"]


async def test_nor_does_an_answer_tell_of_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await keep_to_oneself(ben)
    await say(ann, room)
    ear = await listen(kabar, ann, channel_of(room))

    await say(ben, room, "I have read it, but do not say so")

    assert await ear.heard("message-read") == []
    assert (await page_of(ann, room))["messages"][0]["isRead"] is False


async def test_in_one_batch_each_answer_is_told_as_its_sender_wants(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    other = did(await ann.post("/api/chat/rooms/direct", {"userId": cleo.id}))
    await keep_to_oneself(ben)
    for one in (room, other):
        await say(ann, one)
    ear = await listen(kabar, ann, channel_of(room), channel_of(other))

    await in_one_batch(
        kabar,
        (ben, room, {"content": "read, and silent"}),
        (cleo, other, {"content": "read"}),
    )

    told = [(channel, data["userId"]) for channel, _, data in await ear.heard("message-read")]
    assert told == [(channel_of(other), cleo.id)]


async def test_who_tells_again_is_seen_from_then_on(ann: Person, ben: Person, room: Json) -> None:
    await keep_to_oneself(ben)
    await say(ann, room)
    await read(ben, room)
    assert did(await ben.patch("/api/me", {"readReceipts": True}))["readReceipts"] is True

    message = await say(ann, room)
    await read(ben, room)

    assert (await receipts(ann, message))["read"] == ["ben"]
    assert (await page_of(ann, room))["messages"][-1]["isRead"] is True


async def test_of_two_of_whom_one_blocks_the_other_neither_learns_anything(
    ann: Person, ben: Person, room: Json
) -> None:
    first, second = await say_all(ann, room, 2)
    await read(ben, room, first)
    did(await ann.put(f"/api/users/{ben.id}/block"))

    assert (await got(ben, room)).status_code == 204
    await read(ben, room)

    shown = (await page_of(ann, room))["messages"][-1]
    assert (shown["isRead"], shown["readAt"], shown["isDelivered"]) == (False, None, False)
    for message in (first, second):
        for person in (ann, ben):
            assert await receipts(person, message) == {"read": [], "delivered": []}
    pin = f"/api/chat/messages/{first['id']}/pin"
    assert refused(await ann.put(pin)) == (403, "blocked")
    assert refused(await ben.put(pin)) == (404, "user_not_found")


async def test_in_a_crowd_nobody_is_told(kabar: Kabar, ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    message = await say(ann, room)
    await kabar.db.write(crowd, room_id=room["id"])
    ear = await listen(kabar, ann, channel_of(room))

    assert (await got(ben, room)).status_code == 204
    assert (await read(ben, room))["unreadCount"] == 0

    assert await ear.heard() == []
    answer = await ann.get(f"/api/chat/messages/{message['id']}/receipts")
    assert refused(answer) == (400, "room_is_too_large")


def crowd(tx: Transaction, *, room_id: str) -> None:
    """Let a room count as one of 257, which would take long to fill."""
    tx.execute(update(ChatRoom).where(ChatRoom.id == room_id).values(participants_count=257))


async def test_many_devices_at_once_end_at_the_furthest(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 10)
    ear = await listen(kabar, ann, channel_of(room))

    await asyncio.gather(*(got(ben, room, message) for message in messages[:8] * 2))

    told = [data["lastDeliveredSeq"] for _, _, data in await ear.heard("message-delivered")]
    assert told == sorted(set(told)), "in order, and none twice"
    assert told[-1] == 8
    assert (await receipts(ann, messages[7]))["delivered"] == ["ben"]
    assert (await receipts(ann, messages[8]))["delivered"] == []
