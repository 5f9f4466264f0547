"""Which sockets hear of what happens in rooms, and what exactly."""

from __future__ import annotations

import json

import pytest

from kabar.core.events import Publication, Revocation
from kabar.core.settings import Settings
from kabar.features.chat.events import MessageSent, ParticipantLeft, Recipient
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
    say,
    say_all,
    unread_in,
)
from tests.people import Person

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
    recipients = [Recipient("ben", 3, False), Recipient("cleo", 1, True)]
    event = MessageSent(message=MESSAGE, recipients=recipients, socket_id="1.2")

    told = list(event.publications())

    assert [(one.channels, one.event, one.except_socket) for one in told] == [
        (("private-room-r1",), "new-message", "1.2"),
        (("private-user-ben", "user-ben"), "new-message", None),
        (("private-user-cleo", "user-cleo"), "new-message", None),
        (("private-user-ann",), "room-updated", "1.2"),
    ]
    bell = {
        "roomId": "r1",
        "messageId": "m1",
        "seq": 7,
        "senderId": "ann",
        "senderName": "Ann",
        "content": "x" * 50,
    }
    assert json.loads(told[1].data) == bell | {"unreadCount": 3}
    assert json.loads(told[2].data) == bell | {"unreadCount": 1}


def test_who_leaves_is_cut_off_before_anything_is_said() -> None:
    event = ParticipantLeft(room_id="r1", user_id="ben", name="Ben", by="ann")

    told = list(event.publications())

    assert told[:3] == [
        Revocation(channel="private-room-r1", user_id="ben"),
        Revocation(channel="private-encrypted-room-r1", user_id="ben"),
        Revocation(channel="presence-room-r1", user_id="ben"),
    ]
    (said,) = told[3:]
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
            "unreadCount": 2,
        },
    )


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
    }
    assert await in_the_room.heard() == [(channel_of(room), "message-deleted", deleted)]
    assert await bell.heard("message-deleted") == [
        (private_of(ben), "message-deleted", deleted | {"unreadCount": 2})
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
        *("user-joined", "new-message", "user-typing"),
        *("message-read", "message-deleted", "user-left"),
    ]


class TestALargeRoom:
    """From how many participants on a room is large is a setting."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"chat_bell_max_participants": 2})

    async def test_in_a_large_room_only_the_room_is_told(
        self, kabar: Kabar, ann: Person, ben: Person, cleo: Person
    ) -> None:
        """Otherwise the cost of a message would grow with the room."""
        large, small = await group(ann, ben, cleo), await group(ann, ben)
        rooms = await listen(kabar, ben, channel_of(large), channel_of(small))
        bell = await listen(kabar, ben, private_of(ben))

        await say(ann, large)
        await say(ann, small)

        assert [channel for channel, _, _ in await rooms.heard("new-message")] == [
            channel_of(large),
            channel_of(small),
        ]
        assert [data["roomId"] for _, _, data in await bell.heard("new-message")] == [small["id"]]
        assert await unread_in(ben, large) == 1, "counted all the same"
