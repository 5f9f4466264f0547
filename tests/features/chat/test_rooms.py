"""Rooms: the one of two people, and groups."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from kabar.features.chat.models import ChatRoom
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    did,
    direct_room,
    group,
    look_at,
    refused,
    say,
)
from tests.people import Person


async def test_two_people_have_one_direct_room_whoever_asks(ann: Person, ben: Person) -> None:
    anns = await direct_room(ann, ben)
    bens = await direct_room(ben, ann)

    assert anns["id"] == bens["id"]
    assert anns["type"] == "DIRECT"
    assert (anns["name"], bens["name"]) == ("Ben", "Ann")
    assert (anns["otherUser"]["id"], bens["otherUser"]["id"]) == (ben.id, ann.id)
    assert anns["participantsCount"] == 2
    assert {p["id"] for p in anns["participants"]} == {ann.id, ben.id}


async def test_fifty_who_ask_at_the_same_moment_get_the_same_room(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    rooms = await asyncio.gather(
        *(direct_room(*pair) for _ in range(25) for pair in ((ann, ben), (ben, ann)))
    )

    assert len({room["id"] for room in rooms}) == 1
    assert {room["participantsCount"] for room in rooms} == {2}
    count = select(func.count()).select_from(ChatRoom)
    assert await kabar.db.read(lambda tx: tx.execute(count).scalar_one()) == 1


async def test_who_write_to_each_other_at_the_same_moment_write_in_the_same_room(
    ann: Person, ben: Person
) -> None:
    """Neither had a room with the other before."""
    answers = await asyncio.gather(
        *(
            one.post("/api/messages", {"receiverId": other.id, "content": f"{one.username} {n}"})
            for n in range(10)
            for one, other in ((ann, ben), (ben, ann))
        )
    )

    messages = [did(answer, 201) for answer in answers]
    assert len({message["roomId"] for message in messages}) == 1
    assert sorted(message["seq"] for message in messages) == list(range(1, 21))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/chat/rooms/direct", {"userId": "ID"}),
        ("/api/messages", {"receiverId": "ID", "content": "Hello"}),
    ],
)
async def test_one_has_no_room_with_oneself_nor_with_nobody(
    ann: Person, path: str, body: Json
) -> None:
    def to(user_id: str) -> Json:
        return {name: user_id if value == "ID" else value for name, value in body.items()}

    assert refused(await ann.post(path, to(ann.id))) == (400, "cannot_message_self")
    assert refused(await ann.post(path, to("nobody"))) == (404, "user_not_found")


async def test_a_direct_room_is_as_it_is(ann: Person, cleo: Person, room: Json) -> None:
    address = f"/api/chat/rooms/{room['id']}"

    for answer in (
        await ann.patch(address, {"name": "Us"}),
        await ann.post(f"{address}/participants", {"userIds": [cleo.id]}),
        await ann.delete(f"{address}/participants/me"),
        await ann.delete(f"{address}/participants/{room['otherUser']['id']}"),
    ):
        assert refused(answer) == (409, "direct_room_is_fixed")
    assert await look_at(ann, room) == room


async def test_muting_and_pinning_are_ones_own_business(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    address = f"/api/chat/rooms/{room['id']}/me"

    muted = did(await ben.patch(address, {"isMuted": True}))
    pinned = did(await ben.patch(address, {"isPinned": True}))

    assert (muted["me"]["isMuted"], muted["me"]["isPinned"]) == (True, False)
    assert (pinned["me"]["isMuted"], pinned["me"]["isPinned"]) == (True, True)
    assert did(await ben.patch(address, {})) == pinned
    anns = (await look_at(ann, room))["me"]
    assert (anns["isMuted"], anns["isPinned"]) == (False, False)
    assert refused(await ben.patch(address, {"isMuted": "yes"}))[0] == 422
    assert refused(await ben.patch(address, {"role": "owner"}))[0] == 422


async def test_a_stranger_learns_nothing_of_a_room(ann: Person, ben: Person, cleo: Person) -> None:
    """Not even that there is one: an id of others' is like one that never was."""
    room = await group(ann, ben, name="Secret")
    message = await say(ann, room)
    known, made_up = room["id"], "c" + "0" * 24

    for room_id in (known, made_up):
        address = f"/api/chat/rooms/{room_id}"
        for answer in (
            await cleo.get(address),
            await cleo.patch(address, {"name": "x"}),
            await cleo.patch(f"{address}/me", {"isMuted": True}),
            await cleo.post(f"{address}/participants", {"userIds": [cleo.id]}),
            await cleo.delete(f"{address}/participants/me"),
            await cleo.delete(f"{address}/participants/{ben.id}"),
            await cleo.get("/api/chat/messages", roomId=room_id),
            await cleo.post("/api/chat/send", {"roomId": room_id, "content": "x"}),
            await cleo.post("/api/chat/read", {"roomId": room_id}),
            await cleo.post("/api/chat/typing", {"roomId": room_id}),
        ):
            assert refused(answer) == (404, "room_not_found")
            assert "Secret" not in answer.text
    for answer in (
        await cleo.patch("/api/chat/messages", {"messageId": message["id"], "content": "x"}),
        await cleo.delete("/api/chat/messages", messageId=message["id"]),
    ):
        assert refused(answer) == (404, "message_not_found")
    assert did(await cleo.get("/api/messages"))["conversations"] == []
    auth = {"socket_id": "1.2", "channel_name": channel_of(room)}
    assert refused(await cleo.post("/api/pusher/auth", auth)) == (403, "channel_forbidden")


@pytest.mark.parametrize("room_id", ["%00", "x" * 3000, "%F0%9F%98%80", "%ED%A0%80", "..%2F", "'"])
async def test_a_made_up_room_is_not_found(ann: Person, room_id: str) -> None:
    address = f"/api/chat/rooms/{room_id}"

    for answer in (
        await ann.get(address),
        await ann.patch(f"{address}/me", {"isMuted": True}),
        await ann.delete(f"{address}/participants/{room_id}"),
    ):
        assert answer.status_code in {400, 404}, answer.text
