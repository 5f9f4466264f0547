"""Choosing: muting for a time, putting away, and what one wants to be told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from kabar.core.times import rfc3339
from kabar.features.chat.models import ChatParticipant
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    did,
    direct_room,
    group,
    listen,
    look_at,
    refused,
    say,
)
from tests.people import Person

CHOICES = {
    "isMuted": False,
    "mutedUntil": None,
    "isPinned": False,
    "isArchived": False,
    "notify": "all",
    "draft": None,
}


async def choose(person: Person, room: Json, **choices: object) -> Json:
    """Return how somebody has the room then."""
    me: Json = did(await person.patch(f"/api/chat/rooms/{room['id']}/me", choices))["me"]
    return me


async def listed(person: Person, **query: str) -> list[str]:
    page = did(await person.get("/api/messages", **query))
    return [room["id"] for room in page["conversations"]]


async def total(person: Person) -> Json:
    return did(await person.get("/api/chat/unread"))


async def let_mutes_end(kabar: Kabar) -> None:
    """As if the time had come."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    muted = ChatParticipant.muted_until.is_not(None)
    await kabar.db.write(
        lambda tx: tx.execute(update(ChatParticipant).where(muted).values(muted_until=past))
    )


def in_an_hour() -> str:
    return rfc3339(datetime.now(UTC) + timedelta(hours=1))


async def test_a_room_is_had_as_it_was_made_until_somebody_chooses(ann: Person, room: Json) -> None:
    assert {name: room["me"][name] for name in CHOICES} == CHOICES
    assert await choose(ann, room) == room["me"]


async def test_a_mute_for_a_time_ends_by_itself(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    until = in_an_hour()
    me = await choose(ann, room, mutedUntil=until)
    await say(ben, room)
    assert (me["isMuted"], me["mutedUntil"]) == (True, until)
    assert await total(ann) == {"total": 0, "rooms": 0}

    await let_mutes_end(kabar)

    me = (await look_at(ann, room))["me"]
    assert (me["isMuted"], me["mutedUntil"], me["unreadCount"]) == (False, None, 1)
    assert await total(ann) == {"total": 1, "rooms": 1}
    bell = did(await ann.get("/api/notifications"))
    assert (bell["unreadCount"], len(bell["notifications"])) == (1, 1)


async def test_the_time_of_a_mute_is_ended_and_made_one_for_good(ann: Person, room: Json) -> None:
    async def muted(**choices: object) -> tuple[bool, str | None]:
        me = await choose(ann, room, **choices)
        return me["isMuted"], me["mutedUntil"]

    later = in_an_hour()
    assert await muted(isMuted=True, mutedUntil=later) == (True, later)
    assert await muted(mutedUntil=None) == (False, None)
    assert await muted(mutedUntil=later) == (True, later)
    assert await muted(isMuted=True) == (True, None)
    assert await muted(mutedUntil=None) == (True, None)
    assert await muted(mutedUntil=later) == (True, later)
    assert await muted(isMuted=False) == (False, None)


@pytest.mark.parametrize(
    "choices",
    [
        {"mutedUntil": "2020-01-01T00:00:00.000Z"},
        {"mutedUntil": "2099-01-01T00:00:00.000"},
        {"mutedUntil": "tomorrow"},
        {"isMuted": False, "mutedUntil": "2099-01-01T00:00:00.000Z"},
        {"notify": "some"},
        {"isArchived": None},
        {"draft": "Hello"},
        {"draft": {"content": "x" * 10_001}},
        {"draft": {"content": "x", "replyToId": ""}},
        {"unread": True},
    ],
)
async def test_what_cannot_be_chosen_is_refused(ann: Person, room: Json, choices: Json) -> None:
    answer = await ann.patch(f"/api/chat/rooms/{room['id']}/me", choices)

    assert refused(answer)[0] == 422
    assert await look_at(ann, room) == room


async def test_a_room_that_is_put_away_is_in_a_list_of_its_own(ann: Person, ben: Person) -> None:
    team, room = await group(ann, ben), await direct_room(ann, ben)
    await say(ben, room)

    me = await choose(ann, room, isArchived=True)

    assert (me["isArchived"], me["unreadCount"]) == (True, 1)
    assert await listed(ann) == [team["id"]]
    assert await listed(ann, filter="archived") == [room["id"]]
    assert await listed(ben) == [room["id"], team["id"]]
    # What is not in the list is not in the total, nor in the bell.
    assert await total(ann) == {"total": 0, "rooms": 0}
    assert did(await ann.get("/api/notifications"))["notifications"] == []

    await choose(ann, room, isArchived=False)

    assert await listed(ann) == [room["id"], team["id"]]
    assert await total(ann) == {"total": 1, "rooms": 1}


async def test_a_message_brings_back_what_was_put_away(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await say(ben, room)
    await choose(ann, room, isArchived=True)
    ear = await listen(kabar, ann, f"private-user-{ann.id}")

    await say(ben, room, "Again")

    assert (await look_at(ann, room))["me"]["isArchived"] is False
    assert await listed(ann) == [room["id"]]
    assert await total(ann) == {"total": 2, "rooms": 1}
    ((_, _, bell),) = await ear.heard("new-message")
    assert bell["unreadCount"] == 2
    (entry,) = did(await ann.get("/api/notifications"))["notifications"]
    assert (entry["body"], entry["count"]) == ("Again", 2)


async def test_a_muted_room_stays_put_away_until_the_mute_ends(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await choose(ann, room, isArchived=True, mutedUntil=in_an_hour())
    await say(ben, room)
    assert await listed(ann) == []
    assert await listed(ann, filter="archived") == [room["id"]]

    await let_mutes_end(kabar)

    assert await listed(ann) == [room["id"]]
    assert await total(ann) == {"total": 1, "rooms": 1}


async def test_what_a_group_tells_of_itself_brings_nothing_back(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben)
    await choose(ben, team, isArchived=True)

    await ann.post(f"/api/chat/rooms/{team['id']}/participants", {"userIds": [cleo.id]})

    assert await listed(ben, filter="archived") == [team["id"]]


@pytest.mark.parametrize("notify", ["mentions", "nothing"])
async def test_who_does_not_want_to_be_told_of_all_has_it_unread_and_hears_no_bell(
    ann: Person, ben: Person, room: Json, notify: str
) -> None:
    assert (await choose(ann, room, notify=notify))["notify"] == notify

    await say(ben, room)

    assert await total(ann) == {"total": 1, "rooms": 1}
    bell = did(await ann.get("/api/notifications"))
    assert (bell["unreadCount"], bell["notifications"]) == (0, [])


async def test_what_one_chooses_only_ones_own_devices_hear(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    phone = await listen(kabar, ann, f"private-user-{ann.id}", channel_of(room))
    laptop = await listen(kabar, ann, f"private-user-{ann.id}")
    bens = await listen(kabar, ben, f"private-user-{ben.id}", channel_of(room))

    answer = await ann.browser.patch(
        f"/api/chat/rooms/{room['id']}/me",
        json={"isPinned": True, "notify": "mentions"},
        headers={"X-Socket-ID": phone.socket_id},
    )

    me = CHOICES | {"isPinned": True, "notify": "mentions"}
    assert {name: did(answer)["me"][name] for name in me} == me
    assert [data["me"] for _, _, data in await laptop.heard("room-updated")] == [me]
    assert await phone.heard() == []
    assert await bens.heard() == []


async def test_who_was_away_learns_what_they_chose_elsewhere(
    ann: Person, ben: Person, room: Json
) -> None:
    async def mine(person: Person, since: str) -> list[Json]:
        events = did(await person.get("/api/chat/sync", since=since))["events"]
        return [event["data"]["me"] for event in events if event["type"] == "room-updated"]

    anns = did(await ann.get("/api/chat/sync"))["next"]
    bens = did(await ben.get("/api/chat/sync"))["next"]
    await choose(ann, room, isArchived=True, draft={"content": "Hel"})

    assert await mine(ann, anns) == [CHOICES | {"isArchived": True, "draft": {"content": "Hel"}}]
    assert await mine(ben, bens) == []


async def test_who_is_not_in_a_room_has_nothing_to_choose(cleo: Person, room: Json) -> None:
    answer = await cleo.patch(f"/api/chat/rooms/{room['id']}/me", {"isArchived": True})

    assert refused(answer) == (404, "room_not_found")
