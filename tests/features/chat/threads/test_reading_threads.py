"""Reading threads: who hears of it, what is read by it, and what those get who were away."""

from __future__ import annotations

from kabar.server.app import Kabar
from tests.features.chat.sync.test_sync import since_now, sync
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    group,
    listen,
    page_of,
    read,
    say,
)
from tests.features.chat.threads.talk import answer, hears, read_thread, thread_of, unread_in_thread
from tests.people import Person


async def test_it_moves_up_to_a_reply_or_to_the_end_and_never_back(
    ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room)
    replies = [await answer(ben, root, str(number)) for number in range(4)]

    state = await read_thread(ann, root, replies[1])
    assert {key: state[key] for key in ("roomId", "threadId", "lastReadSeq", "unreadCount")} == {
        "roomId": room["id"],
        "threadId": root["id"],
        "lastReadSeq": replies[1]["seq"],
        "unreadCount": 2,
    }
    assert (await read_thread(ann, root, replies[0]))["unreadCount"] == 2
    end = await read_thread(ann, root)
    assert (end["lastReadSeq"], end["unreadCount"]) == (replies[3]["seq"], 0)
    assert end["version"] > state["version"]


async def test_reading_a_thread_makes_nobody_follow_it(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ann, team)
    await answer(ben, root)
    assert (await read_thread(cleo, root))["unreadCount"] == 0
    await answer(ben, root)
    assert await unread_in_thread(cleo, root) == 0


async def test_in_a_direct_room_who_reads_the_room_has_not_read_its_threads(
    ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room)
    await answer(ben, root)
    await answer(ann, root, "from Ann")
    await read(ben, room)

    def is_read(message: Json) -> tuple[bool, bool]:
        return message["isRead"], message["readAt"] is not None

    (in_room,) = (await page_of(ann, room))["messages"]
    in_thread = (await thread_of(ann, root))["messages"][-1]
    assert (is_read(in_room), is_read(in_thread)) == ((True, True), (False, False))
    assert did(await ann.get(f"/api/chat/messages/{in_thread['id']}/receipts"))["read"] == []

    await read_thread(ben, root)
    in_thread = (await thread_of(ann, root))["messages"][-1]
    assert is_read(in_thread) == (True, True)
    receipts = did(await ann.get(f"/api/chat/messages/{in_thread['id']}/receipts"))
    assert [each["user"]["id"] for each in receipts["read"]] == [ben.id]
    await say(ben, room)
    await read(ann, room)
    assert is_read((await thread_of(ann, root))["messages"][-1]) == (True, True)


async def test_the_room_and_who_follows_hear_what_a_thread_has_become(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ann, team)
    anns = await listen(kabar, ann, f"private-user-{ann.id}")
    bells = await listen(kabar, ann, f"private-user-{ann.id}")
    cleos = await listen(kabar, cleo, channel_of(team), f"private-user-{cleo.id}")
    reply = await answer(ben, root, "Noodles")

    own = await hears(anns, "thread-updated")
    assert own["roomId"] == team["id"]
    assert own["threadId"] == root["id"]
    assert own["thread"]["unreadCount"] == 1
    (one, event, said), (other, next_event, updated) = await cleos.heard()
    assert {one, other} == {channel_of(team)}, "who does not follow it hears what the room hears"
    assert (event, next_event) == ("new-message", "thread-updated")
    assert await bells.heard("new-message") == [], "in lists of rooms nothing is new"
    assert (said["id"], said["threadId"]) == (reply["id"], root["id"])
    assert updated["thread"] == {"repliesCount": 1, "lastReplyAt": reply["createdAt"]}
    assert updated["version"] > root["version"]

    await delete(ben, reply)
    assert (await hears(anns, "thread-updated"))["thread"]["unreadCount"] == 0


async def test_ones_other_devices_hear_that_one_has_read_and_the_room_without_the_count(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room)
    reply = await answer(ben, root)
    own = await listen(kabar, ann, f"private-user-{ann.id}")
    other = await listen(kabar, ben, channel_of(room))
    await read_thread(ann, root)

    ((_, _, mine),) = await own.heard("thread-read")
    assert (mine["threadId"], mine["lastReadSeq"], mine["unreadCount"]) == (
        *(root["id"], reply["seq"]),
        0,
    )
    ((_, _, theirs),) = await other.heard("thread-read")
    assert set(theirs) == {"roomId", "threadId", "userId", "lastReadSeq", "readAt"}
    await read_thread(ann, root)
    assert await own.heard("thread-read") == [], "nothing has changed"

    did(await ann.patch("/api/me", {"readReceipts": False}))
    await answer(ben, root)
    await read_thread(ann, root)
    assert len(await own.heard("thread-read")) == 1
    assert await other.heard("thread-read") == []


async def test_who_was_away_is_told_of_replies_counts_and_what_they_read_elsewhere(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ann, team)
    first = await answer(ben, root)
    since = {person.id: await since_now(person) for person in (ann, cleo)}
    second = await answer(ben, root, "second")
    await delete(ben, first)
    await read_thread(ann, root, second)

    def told(found: Json) -> dict[str, Json]:
        return {event["type"]: event["data"] for event in found["events"]}

    mine = told(await sync(ann, since[ann.id]))
    assert mine["new-message"]["id"] == second["id"]
    assert mine["message-deleted"]["messageId"] == first["id"]
    assert mine["thread-updated"]["threadId"] == root["id"]
    assert mine["thread-updated"]["lastReadSeq"] == second["seq"]
    assert mine["thread-updated"]["thread"]["repliesCount"] == 1
    assert mine["thread-updated"]["thread"]["unreadCount"] == 0
    assert mine["thread-read"]["unreadCount"] == 0
    theirs = told(await sync(cleo, since[cleo.id]))
    assert theirs["thread-updated"]["thread"]["unreadCount"] == 0
    assert "lastReadSeq" not in theirs["thread-updated"], "who does not follow it"
    assert set(theirs["thread-read"]) == {"roomId", "threadId", "userId", "lastReadSeq", "readAt"}
