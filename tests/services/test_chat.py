"""The report's chat service: each of its methods, by its name."""

from __future__ import annotations

import asyncio

import pytest

from kabar.core.errors import Invalid
from kabar.features.accounts.errors import UserNotFound
from kabar.features.chat.errors import MessageNotFound, NotYourMessage, RoomNotFound
from kabar.services import Services
from tests.people import MakePerson


async def test_get_or_create_direct_room(person: MakePerson, services: Services) -> None:
    ann, bob = await person("ann"), await person("bob")
    chat = services.chat_service

    rooms = await asyncio.gather(
        chat.get_or_create_direct_room(ann.id, bob.id),
        chat.get_or_create_direct_room(bob.id, ann.id),
    )

    assert rooms[0].id == rooms[1].id
    assert [room.name for room in rooms] == ["Bob", "Ann"]
    with pytest.raises(UserNotFound):
        await chat.get_or_create_direct_room("nobody", bob.id)


async def test_create_group_room(person: MakePerson, services: Services) -> None:
    ann, bob = await person("ann"), await person("bob")

    room = await services.chat_service.create_group_room(ann.id, "Garden", [bob.id])

    assert (room.name, room.participants_count, room.me.role) == ("Garden", 2, "owner")
    with pytest.raises(Invalid):
        await services.chat_service.create_group_room(ann.id, "   ")


async def test_send_message_once_for_each_client_id(person: MakePerson, services: Services) -> None:
    ann, bob = await person("ann"), await person("bob")
    chat = services.chat_service
    room = await chat.get_or_create_direct_room(ann.id, bob.id)

    first = await chat.send_message(room.id, ann.id, "Hello", client_id="a")
    again = await chat.send_message(room.id, ann.id, "Hello", client_id="a")
    answer = await chat.send_message(room.id, bob.id, "Hi", reply_to_id=first.id)

    assert first.id == again.id
    assert (answer.seq, answer.reply_to and answer.reply_to.id) == (2, first.id)
    listed = (await ann.get("/api/chat/messages", roomId=room.id)).json()["messages"]
    assert [message["content"] for message in listed] == ["Hello", "Hi"]


async def test_what_the_http_api_refuses_is_refused(person: MakePerson, services: Services) -> None:
    ann, bob, eve = [await person(name) for name in ("ann", "bob", "eve")]
    chat = services.chat_service
    room = await chat.get_or_create_direct_room(ann.id, bob.id)

    with pytest.raises(RoomNotFound):
        await chat.send_message(room.id, eve.id, "psst")
    with pytest.raises(RoomNotFound):
        await chat.get_messages(room.id, eve.id)
    for content in ("", " \n", "x" * 10_001):
        with pytest.raises(Invalid):
            await chat.send_message(room.id, ann.id, content)
    with pytest.raises(Invalid):
        await chat.send_message(room.id, ann.id, "x", colour="red")
    with pytest.raises(UserNotFound):
        await chat.send_message(room.id, "nobody", "psst")


async def test_get_messages_mark_as_read_and_get_total_unread_count(
    person: MakePerson, services: Services
) -> None:
    ann, bob = await person("ann"), await person("bob")
    chat = services.chat_service
    room = await chat.get_or_create_direct_room(ann.id, bob.id)
    sent = [await chat.send_message(room.id, ann.id, f"{n}") for n in range(5)]

    page = await chat.get_messages(room.id, bob.id, limit=2, before_id=sent[4].id)
    assert ([m.content for m in page.messages], page.has_more_before) == (["2", "3"], True)
    assert await chat.get_total_unread_count(bob.id) == 5
    state = await chat.mark_as_read(room.id, bob.id, sent[2].id)
    assert (state.last_read_seq, state.unread_count) == (3, 2)
    await chat.mark_as_read(room.id, bob.id)
    assert await chat.get_total_unread_count(bob.id) == 0


async def test_threads(person: MakePerson, services: Services) -> None:
    ann, bob = await person("ann"), await person("bob")
    chat = services.chat_service
    room = await chat.get_or_create_direct_room(ann.id, bob.id)
    root = await chat.send_message(room.id, ann.id, "Lunch?")
    reply = await chat.send_message(room.id, bob.id, "Noodles", thread_id=root.id)

    (listed,) = (await chat.get_messages(room.id, ann.id)).messages
    assert listed.thread is not None
    assert (listed.thread.replies_count, listed.thread.unread_count) == (1, 1)
    in_thread = await chat.get_messages(room.id, ann.id, thread_id=root.id)
    assert [message.id for message in in_thread.messages] == [reply.id]
    assert (await chat.mark_as_read(room.id, ann.id, thread_id=root.id)).unread_count == 0


async def test_edit_message_and_delete_message(person: MakePerson, services: Services) -> None:
    ann, bob = await person("ann"), await person("bob")
    chat = services.chat_service
    room = await chat.get_or_create_direct_room(ann.id, bob.id)
    message = await chat.send_message(room.id, ann.id, "Helo")

    edited = await chat.edit_message(message.id, "Hello")
    assert (edited.content, edited.edited_at is not None) == ("Hello", True)
    with pytest.raises(NotYourMessage):
        await chat.edit_message(message.id, "Hello from Ann", bob.id)
    with pytest.raises(NotYourMessage):
        await chat.delete_message(message.id, bob.id)
    with pytest.raises(MessageNotFound):
        await chat.edit_message("nothing", "x")
    await chat.delete_message(message.id, ann.id)
    (left,) = (await chat.get_messages(room.id, bob.id)).messages
    assert (left.content, left.deleted_at is not None) == ("", True)


async def test_send_typing(person: MakePerson, services: Services) -> None:
    ann, bob, eve = [await person(name) for name in ("ann", "bob", "eve")]
    chat = services.chat_service
    room = await chat.get_or_create_direct_room(ann.id, bob.id)

    await chat.send_typing(room.id, ann.id)

    assert not services.kabar.web.rules.typing_gate.may_pass(room.id, ann.id, typing=True)
    with pytest.raises(RoomNotFound):
        await chat.send_typing(room.id, eve.id)
