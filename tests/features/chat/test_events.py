"""Which sockets hear of what happens in rooms, and what exactly."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec
import pytest

from kabar.core.events import Publication, Revocation, encode_json
from kabar.features.chat.bell import Bell
from kabar.features.chat.events import MessageSent
from kabar.features.chat.groups.events import ParticipantLeft
from kabar.features.chat.schemas import MessageView, PersonView
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    group,
    listen,
    page_of,
    read,
    say,
    say_all,
)
from tests.patience import patiently
from tests.people import MakePerson, Person

MESSAGE = MessageView(
    id="m1",
    room_id="r1",
    seq=7,
    sender_id="ann",
    sender=PersonView(id="ann", username="ann", name="Ann", avatar=None),
    receiver_id="ben",
    content="x" * 60,
    type="text",
    attachment_url=None,
    client_id=None,
    reply_to=None,
    is_read=False,
    read_at=None,
    is_delivered=False,
    edited_at=None,
    deleted_at=None,
    created_at="2026-11-22T08:15:30.123Z",
)


def private_of(person: Person) -> str:
    return f"private-user-{person.id}"


def test_a_message_is_told_to_its_room_to_each_reader_and_to_the_writers_other_tabs() -> None:
    bells = [
        # once for all who hear the same
        Bell(("private-user-ben", "user-ben", "private-user-dan"), 3, 11),
        Bell(("private-user-cleo",), 1, 13),
    ]
    event = MessageSent(message=MESSAGE, bells=bells, socket_id="1.2")

    told = list(event.publications())

    assert [(one.channels, one.event, one.except_socket) for one in told] == [
        (("private-room-r1",), "new-message", "1.2"),
        (("private-user-ben", "user-ben", "private-user-dan"), "new-message", None),
        (("private-user-cleo",), "new-message", None),
        (("private-user-ann",), "room-updated", "1.2"),
    ]
    bell = {
        "roomId": "r1",
        "messageId": "m1",
        "seq": 7,
        "senderId": "ann",
        "senderName": "Ann",
        "content": "x" * 50,
        "createdAt": "2026-11-22T08:15:30.123Z",
    }
    assert json.loads(told[1].data) == bell | {"unreadCount": 3, "version": 11}
    assert json.loads(told[2].data) == bell | {"unreadCount": 1, "version": 13}


def test_a_bell_never_rings_with_half_a_character() -> None:
    family = "👩‍👩‍👧‍👦"
    message = msgspec.structs.replace(MESSAGE, content="x" * 48 + family)
    event = MessageSent(message=message, bells=[Bell(("user-ben",), 1, 1)], socket_id=None)

    _, rung, moved = (json.loads(one.data) for one in event.publications())

    assert (rung["content"], moved["lastMessage"]) == ("x" * 48, "x" * 48)


def test_who_leaves_is_cut_off_before_anything_is_said() -> None:
    event = ParticipantLeft(room_id="r1", user_id="ben", name="Ben", by="ann")

    told = list(event.publications())

    assert told[:4] == [
        Revocation(channel="private-room-r1", user_id="ben"),
        Revocation(channel="private-encrypted-room-r1", user_id="ben"),
        Revocation(channel="presence-room-r1", user_id="ben"),
        Revocation(channel="group-r1", user_id="ben"),
    ]
    (said,) = told[4:]
    assert isinstance(said, Publication)
    assert said.channels == ("private-room-r1", "private-user-ben", "user-ben")
    assert said.event == "user-left"


async def test_a_new_message_is_heard_as_it_was_answered(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    in_the_room = await listen(kabar, ben, channel_of(room))
    bell = await listen(kabar, ben, private_of(ben))
    await say(ann, room, "first")

    sent = await say(ann, room, "  " + "Hello Ben, " * 10)

    heard = await in_the_room.heard("new-message")
    assert [data["seq"] for _, _, data in heard] == [1, 2]
    assert heard[1] == (channel_of(room), "new-message", sent)
    assert (await bell.heard("new-message"))[1] == (
        private_of(ben),
        "new-message",
        {
            "roomId": room["id"],
            "messageId": sent["id"],
            "seq": 2,
            "senderId": ann.id,
            "senderName": "Ann",
            "content": sent["content"][:50],
            "createdAt": sent["createdAt"],
            "unreadCount": 2,
            "version": 2,
        },
    )


async def test_a_list_of_rooms_does_not_go_on_showing_what_was_edited_or_deleted(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    """On the users' own channels: a page listens to few of its rooms."""
    bell = await listen(kabar, ben, private_of(ben))
    first, last = await say(ann, room, "first"), await say(ann, room, "last")

    await ann.patch("/api/chat/messages", {"messageId": first["id"], "content": "fast"})
    await ann.patch("/api/chat/messages", {"messageId": last["id"], "content": "least"})
    await delete(ann, last)

    changed = {"roomId": room["id"], "lastSeq": 2, "lastMessageAt": last["createdAt"]}
    assert [data for _, _, data in await bell.heard("room-updated")] == [
        changed | {"lastMessage": "least"},
        changed | {"lastMessage": None},
    ]


async def test_what_one_does_with_a_room_is_told_to_ones_other_tabs(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    hers, his = [await listen(kabar, each, private_of(each)) for each in (ann, ben)]

    await ann.patch(f"/api/chat/rooms/{room['id']}/me", {"isMuted": True})
    await ann.patch(f"/api/chat/rooms/{room['id']}/me", {"isPinned": True})

    told = [data["me"] for _, _, data in await hers.heard("room-updated")]
    assert [(each["isMuted"], each["isPinned"]) for each in told] == [(True, False), (True, True)]
    assert await his.heard() == []


async def test_what_is_sent_twice_is_heard_once(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, channel_of(room))
    body = {"roomId": room["id"], "content": "Hello", "clientId": "x"}

    for _ in range(3):
        await ann.post("/api/chat/send", body)

    assert len(await ear.heard()) == 1


async def test_the_socket_that_says_something_is_spared_the_echo(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    """And no other socket of the same person."""
    laptop = await listen(kabar, ann, channel_of(room), private_of(ann))
    phone = await listen(kabar, ann, channel_of(room), private_of(ann))
    bens = await listen(kabar, ben, channel_of(room))
    spared = {"x-socket-id": laptop.socket_id}
    body = {"roomId": room["id"], "content": "Hello"}

    message = did(await ann.post("/api/chat/send", body, headers=spared), 201)
    edit = {"messageId": message["id"], "content": "Hallo"}
    await ann.patch("/api/chat/messages", edit, headers=spared)
    await ann.browser.delete(
        "/api/chat/messages", params={"messageId": message["id"]}, headers=spared
    )

    events = ["new-message", "message-edited", "message-deleted"]
    assert await laptop.heard() == []
    assert [event for _, event, _ in await bens.heard()] == events
    assert [event for channel, event, _ in await phone.heard() if "room" in channel] == events


async def test_a_socket_id_of_somebody_else_or_made_up_only_spares_that_socket(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, channel_of(room))
    body = {"roomId": room["id"], "content": "Hello"}

    for socket_id in ("1.2", "x", "", "1.2.3", "9" * 50):
        answer = await ann.post("/api/chat/send", body, headers={"x-socket-id": socket_id})
        assert answer.status_code == 201

    assert len(await ear.heard()) == 5


async def test_an_edit_is_heard_as_the_whole_message(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room, "teh")
    ear = await listen(kabar, ben, channel_of(room))

    body = {"messageId": message["id"], "content": "the"}
    edited = did(await ann.patch("/api/chat/messages", body))

    assert await ear.heard() == [(channel_of(room), "message-edited", edited)]


async def test_a_deletion_is_heard_with_what_is_left_to_read(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 3)
    in_the_room = await listen(kabar, ben, channel_of(room))
    bell = await listen(kabar, ben, private_of(ben))

    await delete(ann, messages[1])

    tombstone = (await page_of(ben, room))["messages"][1]
    deleted = {
        "roomId": room["id"],
        "messageId": messages[1]["id"],
        "seq": 2,
        "by": ann.id,
        "deletedAt": tombstone["deletedAt"],
        "scope": "all",
    }
    assert await in_the_room.heard() == [(channel_of(room), "message-deleted", deleted)]
    assert await bell.heard("message-deleted") == [
        (private_of(ben), "message-deleted", deleted | {"unreadCount": 2, "version": 4})
    ]


async def test_events_come_in_the_order_in_which_things_happened(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    ear = await listen(kabar, ann, channel_of(room))
    address = f"/api/chat/rooms/{room['id']}"

    await ann.post(f"{address}/participants", {"userIds": [cleo.id]})
    message = await say(ann, room)
    await cleo.post("/api/chat/typing", {"roomId": room["id"]})
    await cleo.post("/api/chat/read", {"roomId": room["id"]})
    await delete(ann, message)
    await cleo.delete(f"{address}/participants/me")

    assert [event for _, event, _ in await ear.heard()] == [
        # Around what was said: "Ann added Cleo", "Cleo left the group".
        *("new-message", "user-joined", "new-message", "user-typing"),
        *("message-read", "message-deleted", "user-left", "new-message"),
    ]


async def test_a_room_of_any_size_rings_for_who_listens_and_for_nobody_else(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, person: MakePerson
) -> None:
    """On both of their channels, and with what each has not read."""
    dan = await person("dan")
    room = await group(ann, ben, cleo, dan)
    bens = await listen(kabar, ben, private_of(ben))
    cleos = await listen(kabar, cleo, private_of(cleo))
    anns = await listen(kabar, ann, private_of(ann))
    await say(ann, room)
    await read(cleo, room)

    await say(ann, room)

    counts = [data["unreadCount"] for _, _, data in await bens.heard("new-message")]
    assert counts == [1, 2]
    assert [data["unreadCount"] for _, _, data in await cleos.heard("new-message")] == [1, 1]
    assert [event for _, event, _ in await anns.heard()] == ["room-updated", "room-updated"]


async def test_who_comes_and_goes_is_told_from_then_on_and_no_longer(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    bens = await listen(kabar, ben, private_of(ben))
    cleos = await listen(kabar, cleo, private_of(cleo))
    await say(ann, room, "one")

    await ann.post(f"/api/chat/rooms/{room['id']}/participants", {"userIds": [cleo.id]})
    await say(ann, room, "two")
    await ben.delete(f"/api/chat/rooms/{room['id']}/participants/me")
    await say(ann, room, "three")

    said = [data["content"] for _, _, data in await bens.heard("new-message")]
    assert said == ["one", "two"]
    said = [data["content"] for _, _, data in await cleos.heard("new-message")]
    assert said == ["two", "three"]


async def test_who_begins_to_listen_while_a_message_is_committed_hears_of_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may have read the room before the commit: else they would never know."""
    auth = await listen(kabar, ben)
    form = {"socket_id": auth.socket_id, "channel_name": private_of(ben)}
    signed = did(await ben.browser.post("/api/pusher/auth", data=form))
    crowds = kabar.web.audience.crowds

    def come_meanwhile(*asked: Any) -> Any:
        found = crowds(*asked)
        asyncio.run_coroutine_threadsafe(subscribe(), loop).result(10)
        return found

    async def subscribe() -> None:
        auth.resubscribe(private_of(ben), signed)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(kabar.web.audience, "crowds", come_meanwhile)
    message = await say(ann, room)
    async with patiently():
        while not (heard := await auth.heard("new-message")):
            await asyncio.sleep(0)

    ((_, _, bell),) = heard
    assert (bell["messageId"], bell["unreadCount"]) == (message["id"], 1)


def test_the_outbox_does_not_hold_the_message_again() -> None:
    event = MessageSent(
        room_id="r1",
        message_id="m1",
        message=MESSAGE,
        bells=[Bell(("private-user-ben",), 3, 11)],
        rung=("ben",),
        socket_id="1.2",
    )

    kept = json.loads(encode_json(event.kept()))

    assert kept == {
        "type": "MessageSent",
        "event_id": event.event_id,
        "room_id": "r1",
        "message_id": "m1",
        "message": None,
        "bells": [],
        "rung": [],
        "crowd": None,
        "socket_id": "1.2",
    }
