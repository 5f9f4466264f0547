"""What is said in a thread: a number of the room, a place beside its list, and rules of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.features.chat.talk import (
    Json,
    delete,
    did,
    direct_room,
    group,
    in_one_batch,
    look_at,
    page_of,
    read,
    refused,
    say,
    send,
    unread_in,
)
from tests.features.chat.threads.talk import (
    answer,
    ids_of,
    read_thread,
    shown,
    thread_of,
    unread_in_thread,
)
from tests.people import Person


async def test_a_reply_takes_a_number_of_the_room_and_is_not_in_its_list(
    ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room, "Lunch?")
    reply = await answer(ben, root, "Noodles")
    after = await say(ann, room, "Meanwhile")

    assert (reply["seq"], reply["threadId"], after["seq"]) == (2, root["id"], 3)
    assert ids_of(await page_of(ann, room)) == [root["id"], after["id"]]
    assert ids_of(await thread_of(ann, root)) == [reply["id"]]
    thread = await shown(ann, root)
    assert thread is not None
    assert (thread["repliesCount"], thread["lastReplyAt"]) == (1, reply["createdAt"])
    assert await shown(ann, after) is None


async def test_it_counts_for_who_follows_the_thread_and_for_nobody_in_the_room(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ann, team, "Lunch?")
    await read(ben, team)
    await read(cleo, team)
    before = await look_at(ann, team)
    for content in ("Noodles", "or rice"):
        await answer(ben, root, content)

    assert [await unread_in_thread(each, root) for each in (ann, ben, cleo)] == [2, 0, 0]
    assert [await unread_in(each, team) for each in (ann, ben, cleo)] == [0, 0, 0]
    after = await look_at(ann, team)
    assert after["lastSeq"] == before["lastSeq"] + 2
    assert (after["lastMessage"], after["lastMessageAt"]) == ("Lunch?", before["lastMessageAt"])
    assert did(await cleo.get("/api/chat/unread")) == {"total": 0, "rooms": 0}

    await answer(cleo, root, "Rice!")
    assert [await unread_in_thread(each, root) for each in (ann, ben, cleo)] == [3, 1, 0]
    # What is said in the room after it counts there, once.
    await say(ann, team, "Well")
    assert [await unread_in(each, team) for each in (ben, cleo)] == [1, 1]


async def test_it_reads_nothing_of_the_room_for_who_says_it(
    ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room)
    await say(ann, room, "unread")
    await answer(ben, root)
    assert await unread_in(ben, room) == 2


async def test_threads_hang_on_messages_of_the_room_only(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    root = await say(ann, room)
    reply = await answer(ben, root)
    foreign = await say(ann, await direct_room(ann, cleo))
    team = await group(ann, ben)
    await did_rename(ann, team)
    line = next(each for each in (await page_of(ann, team))["messages"] if each["type"] == "system")

    for person, place, thread, expected in (
        (ben, room, reply, (400, "thread_in_thread")),
        (ben, room, foreign, (404, "message_not_found")),
        (ann, room, foreign, (404, "message_not_found")),
        (ben, team, line, (404, "message_not_found")),
        (cleo, room, root, (404, "room_not_found")),
    ):
        sent = await send(person, place, threadId=thread["id"])
        assert refused(sent) == expected
        listed = await person.get("/api/chat/messages", roomId=place["id"], threadId=thread["id"])
        assert refused(listed) == expected
        marked = await person.post(
            "/api/chat/read", {"roomId": place["id"], "threadId": thread["id"]}
        )
        assert refused(marked) == expected
    assert refused(await send(ben, room, threadId=""))[0] == 422
    assert (await look_at(ben, room))["lastSeq"] == 2


async def did_rename(person: Person, room: Json) -> None:
    did(await person.patch(f"/api/chat/rooms/{room['id']}", {"name": "Other"}))


async def test_a_thread_goes_on_when_what_it_hangs_on_is_deleted_and_none_begins_there(
    ann: Person, ben: Person, room: Json
) -> None:
    root, lonely = await say(ann, room, "Lunch?"), await say(ann, room, "gone")
    first = await answer(ben, root)
    for message in (root, lonely):
        await delete(ann, message)

    second = await answer(ben, root, "still here")
    assert ids_of(await thread_of(ann, root)) == [first["id"], second["id"]]
    assert (await shown(ann, root) or {})["repliesCount"] == 2
    assert await unread_in_thread(ann, root) == 2
    assert refused(await send(ben, room, threadId=lonely["id"])) == (409, "message_is_deleted")


async def test_in_a_thread_one_answers_what_is_said_there(
    ann: Person, ben: Person, room: Json
) -> None:
    root, other = await say(ann, room, "Lunch?"), await say(ann, room, "Dinner?")
    reply, elsewhere = await answer(ben, root, "Noodles"), await answer(ben, other, "Soup")

    for answered in (root, reply):
        said = await answer(ann, root, replyToId=answered["id"])
        assert said["replyTo"]["id"] == answered["id"]
    for answered in (other, elsewhere):
        sent = await send(ann, room, threadId=root["id"], replyToId=answered["id"])
        assert refused(sent) == (404, "message_not_found")
    assert refused(await send(ann, room, replyToId=reply["id"])) == (404, "message_not_found")


async def test_a_thread_is_read_by_the_same_cursors(ann: Person, ben: Person, room: Json) -> None:
    root, other = await say(ann, room), await say(ann, room)
    replies = []
    for number in range(7):
        replies.append(await answer(ben, root, str(number)))
        await answer(ann, other)
    ids = [reply["id"] for reply in replies]

    async def page(**query: Any) -> tuple[list[str], bool, bool]:
        found = await thread_of(ann, root, **query)
        return ids_of(found), found["hasMoreBefore"], found["hasMoreAfter"]

    assert await page() == (ids, False, False)
    assert await page(limit=3) == (ids[4:], True, False)
    assert await page(limit=4, beforeId=ids[4]) == (ids[:4], False, True)
    assert await page(limit=3, beforeId=ids[4]) == (ids[1:4], True, True)
    assert await page(limit=4, afterId=ids[2]) == (ids[3:], True, False)
    assert await page(limit=3, afterId=root["id"]) == (ids[:3], True, True)
    assert await page(limit=3, aroundId=ids[3]) == (ids[2:5], True, True)
    assert await page(limit=1, aroundId=ids[0]) == (ids[:1], False, True)
    for foreign in (other["id"], (await thread_of(ann, other))["messages"][0]["id"], "nothing"):
        found = await ann.get(
            "/api/chat/messages", roomId=room["id"], threadId=root["id"], beforeId=foreign
        )
        assert refused(found) == (404, "message_not_found")
    # The room's own pages go on around what is said in threads, and end where it ends.
    assert ids_of(await page_of(ann, room, afterId=root["id"])) == [other["id"]]
    newest = await page_of(ann, room, limit=1, afterId=root["id"])
    assert (ids_of(newest), newest["hasMoreAfter"]) == ([other["id"]], False)


async def test_two_replies_at_the_same_moment_get_one_number_each(
    kabar: Any, ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room)
    sent = await in_one_batch(
        kabar,
        *((person, room, {"content": "Now", "threadId": root["id"]}) for person in (ann, ben)),
        (ben, room, {"content": "In the room"}),
        (ann, room, {"content": "Now", "threadId": root["id"]}),
    )
    messages = sorted((did(each, 201) for each in sent), key=lambda each: each["seq"])
    assert [each["seq"] for each in messages] == [2, 3, 4, 5]
    assert (await shown(ann, root) or {})["repliesCount"] == 3
    assert [await unread_in_thread(each, root) for each in (ann, ben)] == [0, 1]
    assert [await unread_in(each, room) for each in (ann, ben)] == [1, 0]
    assert (await look_at(ann, room))["lastMessage"] == "In the room"


async def test_the_same_client_id_in_another_thread_is_no_other_message(
    ann: Person, room: Json
) -> None:
    one, other = await say(ann, room), await say(ann, room)
    first = await answer(ann, one, clientId="c1")
    again = did(await send(ann, room, "Reply", threadId=one["id"], clientId="c1"))
    assert again["id"] == first["id"]
    body = {"roomId": room["id"], "content": "Keyed", "threadId": one["id"]}
    key = {"headers": {"Idempotency-Key": "k1"}}
    assert (await ann.post("/api/chat/send", body, **key)).status_code == 201
    elsewhere = await ann.post("/api/chat/send", {**body, "threadId": other["id"]}, **key)
    assert refused(elsewhere) == (422, "idempotency_key_reused")


async def test_a_deleted_reply_is_counted_no_more_and_the_thread_tells_when_the_last_was_said(
    ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room)
    first, second, third = [await answer(ben, root, str(number)) for number in range(3)]
    await read_thread(ann, root, first)
    await delete(ben, third)

    assert await unread_in_thread(ann, root) == 1
    thread = await shown(ann, root)
    assert thread is not None
    assert (thread["repliesCount"], thread["lastReplyAt"]) == (2, second["createdAt"])
    tombstone = (await thread_of(ann, root))["messages"][-1]
    assert (tombstone["content"], tombstone["deletedAt"] is None) == ("", False)
    await delete(ben, third)
    for reply in (first, second):
        await delete(ben, reply)
    thread = await shown(ann, root)
    assert thread is not None
    assert (thread["repliesCount"], thread["lastReplyAt"], thread["unreadCount"]) == (0, None, 0)
    assert await unread_in(ben, room) == 1


async def test_who_leaves_follows_nothing_there_and_who_comes_back_begins_anew(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ben, team)
    await answer(cleo, root)
    assert await unread_in_thread(ben, root) == 1
    left = await ben.delete(f"/api/chat/rooms/{team['id']}/participants/me")
    assert left.status_code == 204
    await answer(cleo, root)
    did(await ann.post(f"/api/chat/rooms/{team['id']}/participants", {"userIds": [ben.id]}))
    await answer(cleo, root)
    assert await unread_in_thread(ben, root) == 0
    await answer(ben, root)
    await answer(cleo, root)
    assert await unread_in_thread(ben, root) == 1


@pytest.mark.parametrize("what", ["root", "reply"])
async def test_what_one_deletes_for_oneself_is_not_unread_there(
    ann: Person, ben: Person, room: Json, what: str
) -> None:
    root = await say(ann, room)
    replies = [await answer(ben, root, str(number)) for number in range(2)]
    hidden = root if what == "root" else replies[0]
    assert (
        await ann.delete("/api/chat/messages", messageId=hidden["id"], scope="me")
    ).status_code == 204

    state = await read_thread(ann, root, root)
    assert state["unreadCount"] == (0 if what == "root" else 1)
    assert await unread_in(ann, room) == 0
    left = ids_of(await thread_of(ann, root))
    assert left == [each["id"] for each in replies if each is not hidden]
    # Of the other one nothing is gone.
    assert (await shown(ben, root) or {})["repliesCount"] == 2
    await delete(ben, replies[0])
    assert (await read_thread(ann, root, root))["unreadCount"] == (0 if what == "root" else 1)


async def test_what_blocked_people_say_does_not_count(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ann, team)
    await answer(ben, root)
    await answer(cleo, root)
    did(await ann.put(f"/api/users/{ben.id}/block"))
    assert await unread_in_thread(ann, root) == 1
    await answer(ben, root)
    assert await unread_in_thread(ann, root) == 1
    did(await ann.delete(f"/api/users/{ben.id}/block"))
    assert await unread_in_thread(ann, root) == 3


async def test_the_rules_of_a_room_are_those_of_its_threads(ann: Person, ben: Person) -> None:
    team = await group(ann, ben)
    root = await say(ann, team)
    path = f"/api/chat/rooms/{team['id']}"
    did(await ann.patch(path, {"slowModeSeconds": 60}))
    await answer(ben, root)
    assert refused(await send(ben, team, threadId=root["id"])) == (429, "slow_mode")
    assert refused(await send(ben, team)) == (429, "slow_mode")
    did(await ann.patch(path, {"slowModeSeconds": 0, "isAnnouncement": True}))
    assert refused(await send(ben, team, threadId=root["id"])) == (403, "only_admins_write")
    did(await ann.patch(path, {"isAnnouncement": False}))
    await answer(ben, root)
