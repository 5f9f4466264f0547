"""Marking as unread: from a message on, on all of one's own devices, and to nobody else."""

from __future__ import annotations

from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    direct_room,
    group,
    listen,
    look_at,
    page_of,
    read,
    refused,
    say,
    say_all,
)
from tests.people import Person


async def unread_from(person: Person, message: Json) -> Json:
    body = {"roomId": message["roomId"], "messageId": message["id"]}
    return did(await person.post("/api/chat/unread", body))


async def test_a_room_is_unread_from_a_message_on(ann: Person, ben: Person, room: Json) -> None:
    messages = await say_all(ann, room, 5)
    before = await read(ben, room)

    state = await unread_from(ben, messages[2])

    assert (state["lastReadSeq"], state["unreadCount"]) == (2, 3)
    assert state["version"] > before["version"]
    me = (await look_at(ben, room))["me"]
    assert (me["lastReadSeq"], me["unreadCount"]) == (2, 3)
    assert (me["firstUnreadId"], me["version"]) == (messages[2]["id"], state["version"])
    assert did(await ben.get("/api/chat/unread")) == {"total": 3, "rooms": 1}
    bell = did(await ben.get("/api/notifications"))
    assert (bell["unreadCount"], bell["unseenCount"]) == (1, 0)
    assert [entry["count"] for entry in bell["notifications"]] == [3]


async def test_what_is_unread_already_stays_so(ann: Person, ben: Person, room: Json) -> None:
    messages = await say_all(ann, room, 3)
    before = await read(ben, room, up_to=messages[0])

    assert await unread_from(ben, messages[2]) == before
    assert await unread_from(ben, messages[1]) == before


async def test_ones_own_messages_are_never_unread(ann: Person, ben: Person, room: Json) -> None:
    first = await say(ann, room)
    mine = [await say(ben, room) for _ in range(2)]
    await say(ann, room)

    assert (await unread_from(ben, first))["unreadCount"] == 2
    await delete(ben, mine[0])
    assert (await look_at(ben, room))["me"]["unreadCount"] == 2
    assert (await read(ben, room, up_to=first))["unreadCount"] == 1
    entry = did(await ben.get("/api/notifications"))["notifications"][0]
    assert (entry["title"], entry["count"]) == ("Ann", 1)
    await say(ben, room)
    assert (await look_at(ben, room))["me"]["unreadCount"] == 0


async def test_only_ones_own_devices_hear_of_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 2)
    await read(ben, room)
    anns = await listen(kabar, ann, f"private-user-{ann.id}", channel_of(room))
    bens = await listen(kabar, ben, f"private-user-{ben.id}")

    state = await unread_from(ben, messages[1])

    told = {**state, "userId": ben.id}
    assert [data for _, _, data in await bens.heard("message-unread")] == [told]
    assert await anns.heard() == []


async def test_to_others_it_stays_read(kabar: Kabar, ann: Person, ben: Person, room: Json) -> None:
    messages = await say_all(ann, room, 2)
    await read(ben, room)
    shown = (await page_of(ann, room))["messages"]
    path = f"/api/chat/messages/{messages[1]['id']}/receipts"
    receipts = did(await ann.get(path))
    assert [each["user"]["id"] for each in receipts["read"]] == [ben.id]
    since = did(await ann.get("/api/chat/sync"))["next"]
    ear = await listen(kabar, ann, channel_of(room))

    await unread_from(ben, messages[0])
    assert (await page_of(ann, room))["messages"] == shown
    assert did(await ann.get(path)) == receipts
    await read(ben, room, up_to=messages[0])
    await read(ben, room)

    # When it was read, it stays read: reading it once more is no news.
    assert (await page_of(ann, room))["messages"] == shown
    assert await ear.heard() == []
    told = did(await ann.get("/api/chat/sync", since=since))["events"]
    assert {event["data"]["lastReadSeq"] for event in told} == {2}
    await unread_from(ben, messages[0])
    await say(ben, room)
    assert (await page_of(ann, room))["messages"][:2] == shown


async def test_who_was_away_learns_that_it_is_unread_and_others_do_not(
    ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 2)
    await read(ben, room)
    bens = did(await ben.get("/api/chat/sync"))["next"]
    anns = did(await ann.get("/api/chat/sync"))["next"]

    state = await unread_from(ben, messages[1])

    (event,) = did(await ben.get("/api/chat/sync", since=bens))["events"]
    assert (event["type"], event["data"]) == ("message-unread", {**state, "userId": ben.id})
    assert did(await ann.get("/api/chat/sync", since=anns))["events"] == []


async def test_the_first_unread_message_is_one_that_counts(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben)
    gone = await say(ann, team)
    did(await ann.post(f"/api/chat/rooms/{team['id']}/participants", {"userIds": [cleo.id]}))
    await say(cleo, team)
    first = await say(ann, team)
    await delete(ann, gone)
    did(await ben.put(f"/api/users/{cleo.id}/block"))

    assert (await look_at(ben, team))["me"]["firstUnreadId"] == first["id"]
    await read(ben, team)
    assert (await look_at(ben, team))["me"]["firstUnreadId"] is None


async def test_nobody_marks_what_they_may_not_see(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    message, elsewhere = await say(ann, room), await say(ann, await direct_room(ann, cleo))

    for person, body, code in (
        (cleo, {"roomId": room["id"], "messageId": message["id"]}, "room_not_found"),
        (ben, {"roomId": room["id"], "messageId": elsewhere["id"]}, "message_not_found"),
        (ben, {"roomId": room["id"], "messageId": "nothing"}, "message_not_found"),
    ):
        assert refused(await person.post("/api/chat/unread", body)) == (404, code)
    missing = await ben.post("/api/chat/unread", {"roomId": room["id"]})
    assert refused(missing)[0] == 422
