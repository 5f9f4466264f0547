"""Roads by block: nothing passes between two people of whom one blocks the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import httpx
import pytest

from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Ear,
    Json,
    channel_of,
    delete,
    did,
    group,
    in_one_batch,
    listen,
    look_at,
    page_of,
    read,
    refused,
    say,
    send,
)
from tests.patience import patiently
from tests.people import MakePerson, Person

BLOCKED, NOBODY = (403, "blocked"), (404, "user_not_found")


class Place(NamedTuple):
    """Ann blocks Ben. They have a room, and are in a group of Cleo's; he has said something."""

    ann: Person
    ben: Person
    cleo: Person
    room: Json
    group: Json
    #: in the direct room
    anns: Json
    bens: Json


@pytest.fixture
async def place(ann: Person, ben: Person, cleo: Person, room: Json) -> Place:
    common = await group(cleo, ann, ben)
    anns, bens = await say(ann, room), await say(ben, room, "Rude")
    did(await ann.put(f"/api/users/{ben.id}/block"))
    return Place(ann, ben, cleo, room, common, anns, bens)


Road = Callable[[Place, Person, Person], Awaitable[httpx.Response]]


async def _invent_group(place: Place, one: Person, other: Person) -> httpx.Response:
    draft = {"name": "Trap", "participantIds": [place.cleo.id, other.id]}
    return await one.post("/api/chat/rooms", draft)


async def _add_to_group(place: Place, one: Person, other: Person) -> httpx.Response:
    own = await group(one, place.cleo)
    body = {"userIds": [place.cleo.id, other.id]}
    return await one.post(f"/api/chat/rooms/{own['id']}/participants", body)


#: every road from one to the other
ROADS: dict[str, Road] = {
    "send": lambda place, one, _: send(one, place.room),
    "send to a user": lambda _, one, other: one.post(
        "/api/messages", {"receiverId": other.id, "content": "Hello"}
    ),
    "open the room": lambda _, one, other: one.post("/api/chat/rooms/direct", {"userId": other.id}),
    "edit": lambda place, one, _: one.patch(
        "/api/chat/messages",
        {
            "messageId": (place.anns if one is place.ann else place.bens)["id"],
            "content": "What I meant to say",
        },
    ),
    "make a group": _invent_group,
    "add to a group": _add_to_group,
    "follow": lambda _, one, other: one.put(f"/api/users/{other.id}/follow"),
}


@pytest.mark.parametrize("road", ROADS)
async def test_no_road_leads_from_one_to_the_other(place: Place, road: str) -> None:
    ann, ben = place.ann, place.ben

    assert refused(await ROADS[road](place, ann, ben)) == BLOCKED
    assert refused(await ROADS[road](place, ben, ann)) == NOBODY
    assert did(await ann.get("/api/chat/unread"))["total"] == 0
    assert (await look_at(ben, place.room))["lastSeq"] == 2

    did(await ann.delete(f"/api/users/{ben.id}/block"))
    for one, other in ((ann, ben), (ben, ann)):
        assert (await ROADS[road](place, one, other)).status_code < 300


@pytest.mark.parametrize("road", ["send to a user", "open the room"])
async def test_two_without_a_room_get_none(ann: Person, cleo: Person, road: str) -> None:
    did(await ann.put(f"/api/users/{cleo.id}/block"))
    nowhere = Place(ann, cleo, cleo, {}, {}, {}, {})

    assert refused(await ROADS[road](nowhere, ann, cleo)) == BLOCKED
    assert refused(await ROADS[road](nowhere, cleo, ann)) == NOBODY
    for one in (ann, cleo):
        assert did(await one.get("/api/messages"))["conversations"] == []


async def test_the_one_who_was_blocked_and_blocks_too_is_told_of_their_own_block(
    place: Place,
) -> None:
    did(await place.ben.put(f"/api/users/{place.ann.id}/block"))
    did(await place.ann.delete(f"/api/users/{place.ben.id}/block"))

    assert refused(await send(place.ben, place.room)) == BLOCKED
    assert refused(await send(place.ann, place.room)) == NOBODY
    did(await place.ben.delete(f"/api/users/{place.ann.id}/block"))
    await say(place.ann, place.room)


async def test_what_was_sent_before_is_answered_as_before(place: Place, ann: Person) -> None:
    did(await ann.delete(f"/api/users/{place.ben.id}/block"))
    first = await say(ann, place.room, clientId="mine")
    did(await ann.put(f"/api/users/{place.ben.id}/block"))

    again = await send(ann, place.room, clientId="mine")

    assert (again.status_code, again.json()["id"]) == (200, first["id"])


async def test_the_closed_room_can_be_read_and_says_to_the_blocker_why(place: Place) -> None:
    hers, his = [await look_at(one, place.room) for one in (place.ann, place.ben)]

    assert [m["content"] for m in (await page_of(place.ben, place.room))["messages"]]
    assert (hers["me"]["isBlocking"], his["me"]["isBlocking"]) == (True, False)
    # His words do not stand in her list, nor count.
    assert (hers["lastMessage"], hers["me"]["isEndFolded"]) == (None, True)
    assert (his["lastMessage"], his["me"]["isEndFolded"]) == ("Rude", False)
    assert hers["me"]["unreadCount"] == 0


async def _ears(kabar: Kabar, place: Place) -> list[Ear]:
    """Return ears that hear all that Ann and Ben may hear, before she blocks him."""
    channels = [channel_of(place.room), f"presence-room-{place.room['id']}"]
    return [
        await listen(kabar, one, *channels, f"private-user-{one.id}")
        for one in (place.ann, place.ben)
    ]


#: what each could still do in the room that is closed
DEEDS: dict[str, Callable[[Place, Person], Awaitable[object]]] = {
    "type": lambda place, one: one.post("/api/chat/typing", {"roomId": place.room["id"]}),
    "read": lambda place, one: read(one, place.room),
    "delete": lambda place, one: delete(one, place.anns if one is place.ann else place.bens),
    "open": lambda place, one: look_at(one, place.room),
    "send": lambda place, one: send(one, place.room),
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_neither_hears_anything_of_the_other_live(
    kabar: Kabar, place: Place, deed: str
) -> None:
    ann, ben = place.ann, place.ben
    did(await ann.delete(f"/api/users/{ben.id}/block"))
    hers, his = await _ears(kabar, place)
    did(await ann.put(f"/api/users/{ben.id}/block"))
    for ear in (hers, his):
        await ear.heard()

    await DEEDS[deed](place, ben)
    told_ann = await hers.heard()
    await his.heard()
    await DEEDS[deed](place, ann)
    told_ben = await his.heard()

    assert [event for _, event, _ in told_ann if event != "user-blocked"] == []
    assert told_ben == []


async def test_neither_may_listen_to_the_closed_room(kabar: Kabar, place: Place) -> None:
    room_id = place.room["id"]
    for one in (place.ann, place.ben):
        for beginning in ("private-room-", "presence-room-", "private-encrypted-room-"):
            form = {"socket_id": "1.2", "channel_name": beginning + room_id}
            answer = await one.browser.post("/api/pusher/auth", data=form)
            assert refused(answer) == (403, "channel_forbidden")

    did(await place.ann.delete(f"/api/users/{place.ben.id}/block"))

    ear = await listen(kabar, place.ann, channel_of(place.room))
    await say(place.ben, place.room, "Sorry")
    assert [data["content"] for _, _, data in await ear.heard("new-message")] == ["Sorry"]


async def _bell(person: Person) -> tuple[int, int]:
    counts = did(await person.get("/api/notifications"))
    return counts["unreadCount"], counts["unseenCount"]


async def _unread(person: Person, room: Json) -> tuple[int, int]:
    """Return what is unread in a room by itself, and in all."""
    page = did(await person.get("/api/messages"))["conversations"]
    (listed,) = [one for one in page if one["id"] == room["id"]]
    alone = (await look_at(person, room))["me"]["unreadCount"]
    assert listed["me"]["unreadCount"] == alone
    return alone, did(await person.get("/api/chat/unread"))["total"]


async def test_in_a_common_group_what_the_blocked_one_says_does_not_count(place: Place) -> None:
    ann, ben, cleo, common = place.ann, place.ben, place.cleo, place.group
    await say(ben, common, "Hidden")
    assert (await _unread(ann, common), await _bell(ann)) == ((0, 0), (0, 0))
    assert did(await ann.get("/api/notifications"))["notifications"] == []
    assert (await _unread(cleo, common))[0] == 1

    said = await say(cleo, common, "Heard")
    await say(ben, common, "Hidden too")

    assert (await _unread(ann, common), await _bell(ann)) == ((1, 1), (1, 1))
    (entry,) = did(await ann.get("/api/notifications"))["notifications"]
    assert (entry["body"], entry["count"], entry["data"]["messageId"]) == ("Heard", 1, said["id"])
    assert (await look_at(ann, common))["lastMessage"] is None
    # All of it is in the room: the page folds his away.
    assert [message["content"] for message in (await page_of(ann, common))["messages"]] == [
        "Hidden",
        "Heard",
        "Hidden too",
    ]

    assert (await read(ann, common))["unreadCount"] == 0
    (entry,) = did(await ann.get("/api/notifications"))["notifications"]
    assert (entry["body"], entry["readAt"] is None) == ("Heard", False)


async def test_what_is_hidden_and_deleted_is_not_taken_off_twice(place: Place) -> None:
    hidden = await say(place.ben, place.group, "Hidden")
    await say(place.cleo, place.group, "Heard")

    await delete(place.ben, hidden)

    assert (await _unread(place.ann, place.group), await _bell(place.ann)) == ((1, 1), (1, 1))


async def test_no_bell_rings_for_the_blocker(kabar: Kabar, place: Place) -> None:
    ear = await listen(kabar, place.ann, f"private-user-{place.ann.id}")
    his = await listen(kabar, place.cleo, f"private-user-{place.cleo.id}")

    await say(place.ben, place.group, "Hidden")
    assert [data["unreadCount"] for _, _, data in await his.heard("new-message")] == [1]
    await say(place.cleo, place.group, "Heard")
    await say(place.ben, place.group, "Hidden too")

    heard = await ear.heard("new-message")
    assert [(data["content"], data["unreadCount"]) for _, _, data in heard] == [("Heard", 1)]


async def test_in_one_batch_too(kabar: Kabar, place: Place) -> None:
    ear = await listen(kabar, place.ann, f"private-user-{place.ann.id}")

    await in_one_batch(
        kabar,
        (place.ben, place.group, {"content": "Hidden"}),
        (place.cleo, place.group, {"content": "One"}),
        (place.ben, place.group, {"content": "Hidden too"}),
        (place.cleo, place.group, {"content": "Two"}),
    )

    heard = await ear.heard("new-message")
    assert [(d["content"], d["unreadCount"]) for _, _, d in heard] == [("One", 1), ("Two", 2)]
    assert await _unread(place.ann, place.group) == (2, 2)


async def test_an_edit_of_the_last_word_is_not_shown_to_the_blocker(
    kabar: Kabar, place: Place
) -> None:
    ear = await listen(kabar, place.ann, f"private-user-{place.ann.id}")
    message = await say(place.ben, place.group, "Hidden")

    body = {"messageId": message["id"], "content": "Hidden still"}
    did(await place.ben.patch("/api/chat/messages", body))

    assert await ear.heard("room-updated") == []


@pytest.mark.parametrize("comes", ["ann", "ben"])
async def test_whoever_of_the_two_comes_later_it_is_hidden(place: Place, comes: str) -> None:
    ann, ben, cleo = place.ann, place.ben, place.cleo
    comer, there = (ann, ben) if comes == "ann" else (ben, ann)
    later = await group(cleo, there)
    body = {"userIds": [comer.id]}
    did(await cleo.post(f"/api/chat/rooms/{later['id']}/participants", body))

    await say(ben, later, "Hidden")

    assert (await look_at(ann, later))["me"]["unreadCount"] == 0
    # What somebody has said who left is hidden too.
    did(await ben.get("/api/me"))
    assert (await ben.delete(f"/api/chat/rooms/{later['id']}/participants/me")).status_code == 204
    assert (await look_at(ann, later))["me"]["unreadCount"] == 0


async def test_once_unblocked_all_counts_again(place: Place) -> None:
    await say(place.ben, place.group, "Hidden")

    did(await place.ann.delete(f"/api/users/{place.ben.id}/block"))

    assert (await _unread(place.ann, place.group), await _bell(place.ann)) == ((1, 1), (1, 1))
    assert (await look_at(place.ann, place.group))["lastMessage"] == "Hidden"


async def test_notifications_of_each_other_are_gone(
    kabar: Kabar, person: MakePerson, ann: Person
) -> None:
    dan = await person("dan")
    for one, other in ((ann, dan), (dan, ann)):
        did(await one.put(f"/api/users/{other.id}/follow"))
    await _lists_are(kabar, ann, dan, length=1)
    did(await ann.post("/api/notifications/read-all"))

    did(await ann.put(f"/api/users/{dan.id}/block"))

    await _lists_are(kabar, ann, dan, length=0)


async def _lists_are(kabar: Kabar, *people: Person, length: int) -> None:
    async with patiently():
        while not kabar.relay.is_idle:
            await asyncio.sleep(0)
    for one in people:
        assert len(did(await one.get("/api/notifications"))["notifications"]) == length


async def test_a_block_and_a_message_at_the_same_moment(place: Place) -> None:
    """Nothing that is answered with 201 is said after the block."""
    ann, ben = place.ann, place.ben
    did(await ann.delete(f"/api/users/{ben.id}/block"))

    answers = await asyncio.gather(
        *(send(ben, place.room, str(number)) for number in range(5)),
        ann.put(f"/api/users/{ben.id}/block"),
        *(send(ben, place.room, str(number)) for number in range(5)),
    )

    taken = [answer for answer in answers if answer.status_code == 201]
    assert (await look_at(ann, place.room))["lastSeq"] == 2 + len(taken)
    assert refused(await send(ben, place.room)) == NOBODY


async def test_two_make_their_room_while_one_blocks_the_other(ann: Person, cleo: Person) -> None:
    await asyncio.gather(
        cleo.post("/api/chat/rooms/direct", {"userId": ann.id}),
        ann.put(f"/api/users/{cleo.id}/block"),
        cleo.post("/api/chat/rooms/direct", {"userId": ann.id}),
    )

    assert refused(await cleo.post("/api/messages", {"receiverId": ann.id, "content": "Hi"})) == (
        NOBODY
    )
