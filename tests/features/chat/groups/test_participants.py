"""Coming into a group, and leaving it for good."""

from __future__ import annotations

import asyncio

import pytest

from kabar.server.app import Kabar
from tests.features.chat.groups.acts import add, give_role, leave, participants, roles
from tests.features.chat.talk import (
    channel_of,
    did,
    group,
    listen,
    look_at,
    page_of,
    refused,
    say,
    say_all,
    send,
)
from tests.people import MakePerson, Person


async def test_who_is_added_sees_all_and_has_nothing_unread(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    await say_all(ann, room, 3)

    added = await add(ann, room, cleo)

    assert added["participantsCount"] == 3
    cleos = await look_at(cleo, room)
    me = cleos["me"]
    assert (me["role"], me["unreadCount"], me["lastReadSeq"], me["version"]) == ("member", 0, 4, 9)
    assert (me["isMuted"], me["isPinned"]) == (False, False)
    assert len((await page_of(cleo, room))["messages"]) == 4
    await say(ann, room)
    assert (await look_at(cleo, room))["me"]["unreadCount"] == 1


async def test_each_who_is_added_is_told_of(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann)
    in_the_room = await listen(kabar, ann, channel_of(room))
    bens = await listen(kabar, ben, f"private-user-{ben.id}")

    await add(ann, room, ben, cleo)

    joined = [
        {"roomId": room["id"], "userId": who.id, "name": who.identity.name, "by": ann.id}
        for who in (ben, cleo)
    ]
    assert [data for _, _, data in await in_the_room.heard("user-joined")] == joined
    assert await bens.heard() == [(f"private-user-{ben.id}", "user-joined", joined[0])]


async def test_who_is_there_already_stays_as_they_are(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    await say(ann, room)
    ear = await listen(kabar, ann, channel_of(room))

    again = await add(ann, room, ben, ann, ben)

    assert again["participantsCount"] == 2
    assert await ear.heard() == []
    assert (await look_at(ben, room))["me"]["unreadCount"] == 1
    assert await roles(ann, room) == {"ann": "owner", "ben": "member"}


async def test_many_who_add_the_same_people_at_once_add_them_once(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann)

    pairs = [(ben, cleo), (cleo, ben)] * 8
    rooms = await asyncio.gather(*(add(ann, room, *pair) for pair in pairs))

    assert {found["participantsCount"] for found in rooms} == {3}
    assert len((await look_at(ann, room))["participants"]) == 3


async def test_all_are_added_or_none(ann: Person, ben: Person) -> None:
    room = await group(ann)

    answer = await ann.post(participants(room), {"userIds": [ben.id, "nobody"]})

    assert refused(answer) == (404, "user_not_found")
    assert (await look_at(ann, room))["participantsCount"] == 1


@pytest.mark.parametrize("ids", [[], ["x"] * 101, [""], "x", [None], None])
async def test_who_is_added_must_be_named(ann: Person, ids: object) -> None:
    room = await group(ann)

    assert refused(await ann.post(participants(room), {"userIds": ids}))[0] == 422


async def test_only_owner_and_admins_add_and_remove(
    ann: Person, ben: Person, cleo: Person, person: MakePerson
) -> None:
    dan = await person("dan")
    room = await group(ann, ben, cleo)

    assert refused(await ben.post(participants(room), {"userIds": [dan.id]})) == (
        403,
        "not_a_room_admin",
    )
    for other in (ann, cleo):
        answer = await ben.delete(f"{participants(room)}/{other.id}")
        assert refused(answer) == (403, "not_a_room_admin")

    await give_role(ann, ben, room, "admin")
    await add(ben, room, dan)
    assert (await ben.delete(f"{participants(room)}/{cleo.id}")).status_code == 204
    answer = await ben.delete(f"{participants(room)}/{ann.id}")
    assert refused(answer) == (403, "not_the_room_owner")
    assert set(await roles(ann, room)) == {"ann", "ben", "dan"}


async def test_who_is_not_there_cannot_be_removed(ann: Person, ben: Person) -> None:
    room = await group(ann)

    for user_id in (ben.id, "nobody"):
        answer = await ann.delete(f"{participants(room)}/{user_id}")
        assert refused(answer) == (404, "participant_not_found")


async def test_who_left_is_a_stranger(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    message = await say(ben, room)

    await leave(ben, room)

    assert refused(await ben.get(f"/api/chat/rooms/{room['id']}")) == (404, "room_not_found")
    assert refused(await send(ben, room)) == (404, "room_not_found")
    assert refused(await ben.delete("/api/chat/messages", messageId=message["id"])) == (
        404,
        "message_not_found",
    )
    assert refused(await ben.delete(f"{participants(room)}/me")) == (404, "room_not_found")
    assert did(await ben.get("/api/messages"))["conversations"] == []
    assert (await look_at(ann, room))["participantsCount"] == 1


async def test_who_comes_back_begins_anew(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    await leave(ben, room)
    await say_all(ann, room, 3)

    await add(ann, room, ben)

    assert (await look_at(ben, room))["me"]["unreadCount"] == 0
    # "Ben left the group", three messages, "Ann added Ben".
    assert (await say(ben, room))["seq"] == 6


async def test_who_is_removed_hears_nothing_more_on_any_socket(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    """Removing cuts the live subscription, not only the next one."""
    room = await group(ann, ben, cleo)
    presence = f"presence-room-{room['id']}"
    phone = await listen(kabar, ben, channel_of(room))
    laptop = await listen(kabar, ben, channel_of(room), presence, f"private-user-{ben.id}")
    cleos = await listen(kabar, cleo, channel_of(room))

    await ann.delete(f"{participants(room)}/{ben.id}")
    await say(ann, room, "psst")

    left = {"roomId": room["id"], "userId": ben.id, "name": "Ben", "by": ann.id}
    assert await phone.heard() == []
    assert await laptop.heard() == [(f"private-user-{ben.id}", "user-left", left)]
    told = [event for _, event, _ in await cleos.heard()]
    assert told == ["user-left", "new-message", "new-message"]
    auth = {"socket_id": phone.socket_id, "channel_name": channel_of(room)}
    assert refused(await ben.post("/api/pusher/auth", auth)) == (403, "channel_forbidden")


async def test_an_old_signature_does_not_bring_back_who_left(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    ear = await listen(kabar, ben)
    form = {"socket_id": ear.socket_id, "channel_name": channel_of(room)}
    signed = did(await ben.browser.post("/api/pusher/auth", data=form))

    await leave(ben, room)
    ear.resubscribe(channel_of(room), signed)
    await say(ann, room, "psst")

    assert await ear.heard() == []
    assert not ear.is_open


async def test_when_the_owner_leaves_the_one_who_is_there_longest_owns_it(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann)
    await add(ann, room, ben)
    await add(ann, room, cleo)

    await leave(ann, room)
    assert await roles(ben, room) == {"ben": "owner", "cleo": "member"}

    await leave(ben, room)
    assert await roles(cleo, room) == {"cleo": "owner"}


async def test_an_admin_inherits_before_a_member(ann: Person, ben: Person, cleo: Person) -> None:
    room = await group(ann, ben, cleo)
    await give_role(ann, cleo, room, "admin")

    await leave(ann, room)

    assert await roles(cleo, room) == {"ben": "member", "cleo": "owner"}


async def test_the_last_one_may_leave(ann: Person) -> None:
    room = await group(ann)

    await leave(ann, room)

    assert did(await ann.get("/api/messages"))["conversations"] == []


async def test_a_room_shows_its_first_participants_and_counts_all(
    ann: Person, person: MakePerson
) -> None:
    others = [await person(f"user{number}") for number in range(6)]
    room = await group(ann)
    for other in others:
        await add(ann, room, other)

    seen = await look_at(others[-1], room)

    assert seen["participantsCount"] == 7
    assert [p["username"] for p in seen["participants"]] == ["ann", "user0", "user1", "user2"]
