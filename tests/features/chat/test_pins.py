"""Pins: the few messages of a room that everybody should find."""

from __future__ import annotations

import httpx
import pytest

from kabar.features.chat.pins import pinning
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    group,
    listen,
    page_of,
    refused,
    say,
    say_all,
)
from tests.people import Person


async def pin(person: Person, message: Json) -> httpx.Response:
    return await person.put(f"/api/chat/messages/{message['id']}/pin")


async def unpin(person: Person, message: Json) -> httpx.Response:
    return await person.delete(f"/api/chat/messages/{message['id']}/pin")


async def pins(person: Person, room: Json) -> list[str]:
    found = did(await person.get(f"/api/chat/rooms/{room['id']}/pins"))["messages"]
    return [message["content"] for message in found]


async def test_both_of_a_direct_room_pin_and_see_what_was_pinned_last_first(
    ann: Person, ben: Person, room: Json
) -> None:
    one, two, _ = await say_all(ann, room, 3)

    first = did(await pin(ann, one))
    did(await pin(ben, two))

    assert first["pinnedAt"] is not None
    assert did(await pin(ben, one)) == first
    assert sorted(await pins(ben, room)) == ["1", "2"]
    assert (await page_of(ann, room))["messages"][0]["pinnedAt"] == first["pinnedAt"]
    assert did(await unpin(ben, one))["pinnedAt"] is None
    assert did(await unpin(ben, one))["pinnedAt"] is None
    assert await pins(ann, room) == ["2"]


async def test_in_a_group_those_pin_who_run_it(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    message = await say(ben, room)

    assert refused(await pin(ben, message)) == (403, "not_a_room_admin")
    did(await pin(ann, message))
    assert refused(await unpin(ben, message)) == (403, "not_a_room_admin")
    assert await pins(ben, room) == ["Hello"]


async def test_a_stranger_learns_nothing(ann: Person, cleo: Person, room: Json) -> None:
    message = await say(ann, room)
    did(await pin(ann, message))

    assert refused(await pin(cleo, message)) == (404, "message_not_found")
    assert refused(await unpin(cleo, message)) == (404, "message_not_found")
    answer = await cleo.get(f"/api/chat/rooms/{room['id']}/pins")
    assert refused(answer) == (404, "room_not_found")


async def test_what_is_deleted_is_pinned_no_longer(ann: Person, ben: Person, room: Json) -> None:
    """For all, and for whom it was hidden."""
    one, two = await say_all(ann, room, 2)
    for message in (one, two):
        did(await pin(ann, message))

    await delete(ann, one)
    await ben.delete("/api/chat/messages", messageId=two["id"], scope="me")

    assert await pins(ann, room) == ["2"]
    assert await pins(ben, room) == []
    assert refused(await pin(ann, one)) == (409, "message_is_deleted")


async def test_a_room_has_so_many_pins(
    ann: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinning, "MOST_PINS", 1)
    one, two = await say_all(ann, room, 2)
    did(await pin(ann, one))

    assert refused(await pin(ann, two)) == (409, "too_many_pins")
    did(await unpin(ann, one))
    did(await pin(ann, two))


async def test_the_room_hears_of_it(kabar: Kabar, ann: Person, ben: Person, room: Json) -> None:
    message = await say(ann, room)
    ear = await listen(kabar, ben, channel_of(room))

    at = did(await pin(ann, message))["pinnedAt"]
    await pin(ann, message)
    await unpin(ann, message)

    about = {"roomId": room["id"], "messageId": message["id"], "seq": 1}
    about |= {"userId": ann.id, "name": "Ann"}
    assert [(event, data) for _, event, data in await ear.heard()] == [
        ("message-pinned", {**about, "pinnedAt": at, "version": 1}),
        ("message-unpinned", {**about, "pinnedAt": None, "version": 2}),
    ]
