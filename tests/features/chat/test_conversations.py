"""The list of conversations, and what is unread in all of them."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from kabar.core.times import utc_now
from kabar.features.chat.models import ChatRoom
from kabar.server.app import Kabar
from kabar.wiring import HOUSEKEEPING
from tests.features.chat.talk import (
    Json,
    delete,
    did,
    direct_room,
    group,
    look_at,
    page_of,
    read,
    refused,
    say,
    say_all,
)
from tests.people import MakePerson, Person


async def conversations(person: Person, **query: Any) -> Json:
    return did(await person.get("/api/messages", **query))


async def names(person: Person) -> list[str]:
    return [room["name"] for room in (await conversations(person))["conversations"]]


async def pin(person: Person, room: Json, pinned: bool = True) -> None:
    did(await person.patch(f"/api/chat/rooms/{room['id']}/me", {"isPinned": pinned}))


async def mute(person: Person, room: Json, muted: bool = True) -> None:
    did(await person.patch(f"/api/chat/rooms/{room['id']}/me", {"isMuted": muted}))


async def unread(person: Person) -> tuple[int, int]:
    found = did(await person.get("/api/chat/unread"))
    return found["total"], found["rooms"]


async def groups(owner: Person, *others: Person, count: int) -> list[Json]:
    """Return rooms `1`, `2`, … in each of which something was said, in this order."""
    rooms = [await group(owner, *others, name=str(number)) for number in range(1, count + 1)]
    for room in rooms:
        await say(owner, room)
    return rooms


async def walk(person: Person, limit: int) -> list[list[str]]:
    """Return the names on each page."""
    pages: list[list[str]] = []
    page = await conversations(person, limit=limit)
    pages.append([room["name"] for room in page["conversations"]])
    while page["nextCursor"]:
        page = await conversations(person, limit=limit, cursor=page["nextCursor"])
        pages.append([room["name"] for room in page["conversations"]])
    return pages


async def test_the_newest_is_first_and_what_is_pinned_before_all(ann: Person) -> None:
    rooms = await groups(ann, count=4)
    assert await names(ann) == ["4", "3", "2", "1"]

    await say(ann, rooms[1])
    assert await names(ann) == ["2", "4", "3", "1"]

    await pin(ann, rooms[0])
    await pin(ann, rooms[2])
    assert await names(ann) == ["3", "1", "2", "4"]

    await pin(ann, rooms[0], pinned=False)
    assert await names(ann) == ["3", "2", "4", "1"]


async def test_what_was_said_while_the_clock_ran_ahead_does_not_stay_on_top(
    kabar: Kabar, ann: Person
) -> None:
    """The clock is right again, and what was found a year ahead counts as of now."""
    rooms = await groups(ann, count=3)
    await _say_a_year_ahead(kabar, ann, rooms[0])
    await say(ann, rooms[1])
    assert await names(ann) == ["1", "2", "3"]

    await HOUSEKEEPING["rooms of the future"](kabar.db)

    assert await names(ann) == ["1", "2", "3"]
    await say(ann, rooms[2])
    assert await names(ann) == ["3", "1", "2"]


async def _say_a_year_ahead(kabar: Kabar, person: Person, room: Json) -> None:
    await say(person, room)
    ahead = update(ChatRoom).values(last_message_at=utc_now() + timedelta(days=365))
    await kabar.db.write(lambda tx: tx.execute(ahead.where(ChatRoom.id == room["id"])))


async def test_pins_are_ones_own(ann: Person, ben: Person) -> None:
    rooms = await groups(ann, ben, count=2)

    await pin(ann, rooms[0])

    assert await names(ann) == ["1", "2"]
    assert await names(ben) == ["2", "1"]


async def test_pages_follow_each_other_without_repeating_or_leaving_out(ann: Person) -> None:
    rooms = await groups(ann, count=5)
    await pin(ann, rooms[0])

    assert await walk(ann, 1) == [["1"], ["5"], ["4"], ["3"], ["2"]]
    assert await walk(ann, 2) == [["1", "5"], ["4", "3"], ["2"]]
    assert await walk(ann, 5) == [["1", "5", "4", "3", "2"]]


async def test_a_cursor_holds_while_messages_arrive(ann: Person) -> None:
    """What moves up is seen live; nothing that stayed is skipped or shown twice."""
    rooms = await groups(ann, count=6)
    first = await conversations(ann, limit=2)

    for room in (rooms[0], rooms[5], rooms[4]):
        await say(ann, room)
    rest = await conversations(ann, limit=10, cursor=first["nextCursor"])

    assert [room["name"] for room in first["conversations"]] == ["6", "5"]
    assert [room["name"] for room in rest["conversations"]] == ["4", "3", "2"]
    assert rest["nextCursor"] is None


def forged(*fields: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "🙂",
        "a" * 2000,
        "%00",
        forged(),
        forged(1, "x"),
        forged("1", "x", True),
        forged(-1, "x", True),
        forged(10**20, "x", True),
        forged(1, "x\u0000", True),
        forged(1, "x", True, 1),
        forged(1, "x", None),
        base64.urlsafe_b64encode(b'[1,"\\ud800",true]').decode(),
        base64.urlsafe_b64encode(b"[" * 500).decode(),
    ],
)
async def test_a_made_up_cursor_is_refused(ann: Person, cursor: str) -> None:
    answer = await ann.get("/api/messages", cursor=cursor)

    assert refused(answer) == (400, "bad_cursor")


async def test_a_cursor_of_another_list_is_refused(ann: Person, ben: Person, cleo: Person) -> None:
    for other in (ben, cleo):
        await other.put(f"/api/users/{ann.id}/follow")
    followers = did(await ann.get(f"/api/users/{ann.id}/followers", limit=1))
    await groups(ann, count=2)
    rooms = await conversations(ann, limit=1)

    elsewhere = await ann.get("/api/messages", cursor=followers["nextCursor"])
    and_back = await ann.get(f"/api/users/{ann.id}/followers", cursor=rooms["nextCursor"])

    assert refused(elsewhere) == refused(and_back) == (400, "bad_cursor")


@pytest.mark.parametrize("limit", ["0", "101", "x", "-5"])
async def test_a_limit_out_of_bounds_is_refused(ann: Person, limit: str) -> None:
    assert refused(await ann.get("/api/messages", limit=limit))[0] == 422


async def test_an_empty_direct_room_is_listed_for_who_began_it(ann: Person, ben: Person) -> None:
    room = await direct_room(ann, ben)
    assert (await names(ann), await names(ben)) == (["Ben"], [])

    await say(ann, room)
    assert (await names(ann), await names(ben)) == (["Ben"], ["Ann"])


async def test_each_conversation_is_the_room_as_one_sees_it(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    team = await group(ann, ben, cleo)
    await say_all(ben, team, 2)
    await say_all(ben, room, 3)
    await mute(ann, team)

    listed = (await conversations(ann))["conversations"]

    assert listed == [await look_at(ann, room), await look_at(ann, team)]
    assert [found["me"]["unreadCount"] for found in listed] == [3, 2]
    assert [found["lastMessage"] for found in listed] == ["3", "2"]


async def test_nobody_elses_rooms_are_listed(ann: Person, ben: Person, cleo: Person) -> None:
    await groups(ann, ben, count=2)

    assert await conversations(cleo) == {"conversations": [], "nextCursor": None}


async def test_a_long_last_message_is_shortened(ann: Person, room: Json) -> None:
    await say(ann, room, "word\n" * 1000)

    assert (await look_at(ann, room))["lastMessage"] == "word " * 19 + "word"


# ── unread ───────────────────────────────────────────────────────────────────────────────────


async def test_unread_counts_messages_and_rooms_that_are_not_muted(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    team = await group(ben, ann, cleo)
    other = await direct_room(cleo, ann)
    assert await unread(ann) == (0, 0)

    messages = await say_all(ben, room, 3)
    await say_all(cleo, team, 2)
    await say(cleo, other)
    assert await unread(ann) == (6, 3)

    await mute(ann, team)
    assert await unread(ann) == (4, 2)
    await read(ann, room, messages[0])
    assert await unread(ann) == (3, 2)
    await delete(cleo, (await page_of(cleo, other))["messages"][0])
    assert await unread(ann) == (2, 1)
    await say(ann, room)
    assert await unread(ann) == (0, 0)
    await mute(ann, team, muted=False)
    assert await unread(ann) == (2, 1)
    assert await unread(cleo) == (0, 0)


async def test_who_is_in_no_room_has_nothing_unread(person: MakePerson) -> None:
    assert await unread(await person("nobody")) == (0, 0)
