"""Silent messages: they count as any other, and nothing rings."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from kabar.features.chat.events import MessageSent
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Ear,
    Json,
    channel_of,
    did,
    group,
    in_one_batch,
    listen,
    read,
    say,
    unread_in,
)
from tests.features.chat.test_late import left_over
from tests.patience import patiently
from tests.people import Person


async def told(kabar: Kabar, ear: Ear) -> list[tuple[str, Json]]:
    """Return all that a socket heard since, notifications too."""
    async with patiently():
        while not kabar.relay.is_idle:
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    frames = ear._socket.heard
    return [(frame["event"], json.loads(frame["data"])) for frame in frames]


async def notified(person: Person) -> Any:
    page = did(await person.get("/api/notifications"))
    return page["unreadCount"], [each["body"] for each in page["notifications"]]


def names(heard: list[tuple[str, Json]]) -> list[str]:
    return [name for name, _ in heard]


async def test_it_is_there_and_unread_and_nothing_rings(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")

    message = await say(ann, room, "psst", silent=True)

    heard = await told(kabar, ear)
    assert "new-notification" not in names(heard)
    assert "notification" not in names(heard)
    (in_room, bell) = [data for name, data in heard if name == "new-message"]
    assert in_room == message
    assert (bell["unreadCount"], bell["silent"]) == (1, True)
    # The number on the bell is what the list says.
    (counts,) = [data for name, data in heard if name == "notifications-updated"]
    assert counts["unreadCount"] == 1
    assert await notified(ben) == (1, ["psst"])
    assert await unread_in(ben, room) == 1
    assert did(await ben.get("/api/chat/unread")) == {"total": 1, "rooms": 1}


async def test_the_next_one_that_is_not_silent_rings_however_many_were_before_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    for word in ("one", "two"):
        await say(ann, room, word, silent=True)
    ear = await listen(kabar, ben, f"private-user-{ben.id}")

    await say(ann, room, "loud")
    heard = await told(kabar, ear)
    assert names(heard).count("new-notification") == 1
    assert [data.get("silent") for name, data in heard if name == "new-message"] == [None]

    await say(ann, room, "quiet again", silent=True)
    await say(ann, room, "loud again")
    assert "new-notification" not in names(await told(kabar, ear)), "it is unread already"


async def test_in_one_batch_as_one_after_the_other(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, f"private-user-{ben.id}")

    await in_one_batch(
        kabar,
        (ann, room, {"content": "one", "silent": True}),
        (ann, room, {"content": "two", "silent": False}),
        (ann, room, {"content": "three", "silent": True}),
    )

    assert names(await told(kabar, ear)).count("new-notification") == 1
    await read(ben, room)
    await say(ann, room, "four", silent=True)
    await told(kabar, ear)
    await say(ann, room, "five")
    assert names(await told(kabar, ear)).count("new-notification") == 1


async def test_who_has_something_to_read_already_is_not_rung_by_what_follows(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await say(ann, room, "loud")
    await say(ann, room, "silent", silent=True)
    ear = await listen(kabar, ben, f"private-user-{ben.id}")

    await say(ann, room, "loud again")

    assert "new-notification" not in names(await told(kabar, ear))


async def test_a_silent_reply_counts_in_its_thread_and_makes_no_entry(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    root = await say(ben, room, "Lunch?")
    await say(ann, room, "psst", threadId=root["id"], silent=True)

    assert (await notified(ben))[1] == []
    seen = did(await ben.get("/api/chat/messages", roomId=room["id"]))["messages"][0]
    assert seen["thread"]["unreadCount"] == 1


async def test_it_is_still_silent_when_a_dead_process_left_it_untold(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room, "psst", silent=True)
    ear = await listen(kabar, ben, f"private-user-{ben.id}")
    sent = MessageSent(room_id=room["id"], message_id=message["id"], is_silent=True, socket_id=None)

    await left_over(kabar, sent)

    heard = await told(kabar, ear)
    assert [data["silent"] for name, data in heard if name == "new-message"] == [True]
    assert "new-notification" not in names(heard)


async def test_a_direct_message_is_silent_too(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, f"private-user-{ben.id}")

    body = {"receiverId": ben.id, "content": "psst", "silent": True}
    did(await ann.post("/api/messages", body), 201)

    assert "new-notification" not in names(await told(kabar, ear))
    assert await unread_in(ben, room) == 1
