"""System messages: a group tells what happened in it, and it is no news to anybody."""

from __future__ import annotations

import pytest

from kabar.core.text import isolated
from kabar.features.chat.groups.lines import MOST_TOLD_OF
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import add, ban, change, crowd, give_role, leave, participants
from tests.features.chat.talk import (
    Json,
    channel_of,
    did,
    everything_in,
    group,
    listen,
    look_at,
    page_of,
    read,
    refused,
    say,
    send,
    unread_in,
)
from tests.people import MakePerson, Person


async def lines(person: Person, room: Json) -> list[str]:
    """Return what the group told of itself, without what holds names apart."""
    said = await everything_in(person, room)
    return [plain(one["content"]) for one in said if one["type"] == "system"]


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


async def test_a_group_tells_what_happens_in_it(
    ann: Person, ben: Person, cleo: Person, person: MakePerson
) -> None:
    dan = await person("dan")
    room = await group(ann)
    await add(ann, room, ben)
    await add(ann, room, cleo, dan)
    await change(ann, room, name="Garden")
    await change(ann, room, avatar="https://example.org/a.png")
    await change(ann, room, description="We grow vegetables")
    await change(ann, room, isAnnouncement=True, slowModeSeconds=30)
    await change(ann, room, isAnnouncement=False, slowModeSeconds=0, joinRule="open")
    await give_role(ann, ben, room, "admin")
    await give_role(ann, ben, room, "member")
    await ann.delete(f"{participants(room)}/{dan.id}")
    did(await dan.post(f"/api/chat/rooms/{room['id']}/join"))
    await ban(ann, dan, room)
    await give_role(ann, ben, room, "owner")
    await leave(ben, room)

    assert await lines(cleo, room) == [
        "Ann added Ben",
        "Ann added Cleo and 1 other",
        "Ann named the group Garden",
        "Ann changed the picture",
        "Ann changed the description",
        "Ann lets only admins write",
        "Ann set slow mode: one message in 30 seconds",
        "Ann lets everybody write",
        "Ann ended slow mode",
        "Ann made Ben an admin",
        "Ann made Ben a member",
        "Ann removed Dan",
        "Dan joined the group",
        "Ann banned Dan",
        "Ann made Ben the owner",
        "Ben left the group",
        "Ann is the owner now",
    ]


async def test_it_takes_a_number_and_is_heard_as_it_is_read(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    ear = await listen(kabar, ben, channel_of(room))
    await say(ann, room)

    await add(ann, room, cleo)
    await say(ann, room)

    said = await everything_in(ben, room)
    assert [message["seq"] for message in said] == [1, 2, 3]
    line = said[1]
    assert line["content"] == f"{isolated('Ann')} added {isolated('Cleo')}"
    assert line["system"] == {
        "happening": "added",
        "userId": cleo.id,
        "name": "Cleo",
        "count": 1,
        "value": None,
    }
    assert [data for _, _, data in await ear.heard("new-message")] == said


async def test_names_are_those_of_today(ann: Person, ben: Person) -> None:
    room = await group(ann)
    await add(ann, room, ben)

    await ann.patch("/api/me", {"name": "Anna {by}"})
    await ben.patch("/api/me", {"name": "Benjamin"})

    assert await lines(ann, room) == ["Anna {by} added Benjamin"]


async def test_it_is_not_unread_wherever_one_stands(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    bens = await listen(kabar, ben, f"private-user-{ben.id}")
    await add(ann, room, cleo)
    assert await unread_in(ben, room) == 0
    assert did(await ben.get("/api/chat/unread")) == {"total": 0, "rooms": 0}
    # No bell rings.
    assert await bens.heard() == []

    await say(ann, room, "one")
    await change(ann, room, name="Garden")
    await say(ann, room, "two")
    await change(ann, room, name="Yard")

    assert await unread_in(ben, room) == 2
    assert [data["unreadCount"] for _, _, data in await bens.heard("new-message")] == [1, 2]
    one = (await page_of(ben, room))["messages"][1]
    assert (await read(ben, room, one))["unreadCount"] == 1
    assert (await read(ben, room))["unreadCount"] == 0
    seen = await look_at(ben, room)
    assert (seen["lastMessage"], seen["lastSeq"]) == ("two", 5)


async def test_it_is_no_entry_in_the_list_of_notifications(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    await change(ann, room, name="Garden")

    async def entries() -> list[tuple[str, int, bool]]:
        found = did(await ben.get("/api/notifications"))["notifications"]
        return [(one["body"], one["count"], one["readAt"] is None) for one in found]

    assert await entries() == []
    await say(ann, room, "Hello")
    await add(ann, room, cleo)
    assert await entries() == [("Hello", 1, True)]
    await read(ben, room)
    await change(ann, room, name="Yard")
    assert await entries() == [("Hello", 0, False)]
    # Also if what was read last is a line, or one answers after it.
    await say(ann, room, "Are you there?")
    line = await change(ann, room, name="Orchard")
    newest = (await page_of(ben, room))["messages"][-1]
    assert (newest["type"], newest["seq"]) == ("system", line["lastSeq"])
    await read(ben, room, newest)
    assert await entries() == [("Are you there?", 0, False)]
    await say(ann, room, "So?")
    await change(ann, room, name="Meadow")
    await say(ben, room, "Yes")
    assert await entries() == [("So?", 0, False)]


async def test_the_list_of_rooms_shows_what_people_said(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    message = await say(ann, room, "Hello")
    await change(ann, room, name="Garden")

    did(await ann.patch("/api/chat/messages", {"messageId": message["id"], "content": "Hi"}))

    (listed,) = did(await ben.get("/api/messages"))["conversations"]
    assert (listed["lastMessage"], listed["lastMessageAt"]) == ("Hi", message["createdAt"])


async def test_nobody_edits_deletes_or_answers_it(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    await change(ann, room, name="Garden")
    (line,) = await everything_in(ann, room)

    edit = await ann.patch("/api/chat/messages", {"messageId": line["id"], "content": "x"})
    delete = await ann.delete("/api/chat/messages", messageId=line["id"])
    reply = await send(ann, room, replyToId=line["id"])

    assert refused(edit) == refused(delete) == (409, "system_message_is_fixed")
    assert refused(reply) == (404, "message_not_found")
    assert refused(await send(ann, room, type="system")) == (422, "invalid")


@pytest.mark.parametrize("others", [MOST_TOLD_OF - 1, MOST_TOLD_OF])
async def test_of_a_large_group_coming_and_going_is_not_written_down(
    kabar: Kabar, ann: Person, ben: Person, others: int
) -> None:
    """It would bury what people say; it is told live in all."""
    room = await group(ann)
    await crowd(kabar, room, others - 1)
    ear = await listen(kabar, ann, channel_of(room))
    is_told = others < MOST_TOLD_OF

    await add(ann, room, ben)
    await leave(ben, room)

    assert await lines(ann, room) == (["Ann added Ben", "Ben left the group"] if is_told else [])
    assert [e for _, e, _ in await ear.heard() if e != "new-message"] == [
        "user-joined",
        "user-left",
    ]
