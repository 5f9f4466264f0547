"""Threads where other things meet them: imports, what is scheduled, search, what disappears."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from kabar.core.times import rfc3339, utc_now
from kabar.features.chat.lifetimes.sweeping import sweep_up
from kabar.features.chat.search.indexing import index_messages
from kabar.server.app import Kabar
from tests.features.chat.lifetimes.time import let_expire
from tests.features.chat.talk import Json, did, group, page_of, refused, say, unread_in
from tests.features.chat.test_scheduled import let_time_pass, schedule
from tests.features.chat.threads.talk import (
    answer,
    ids_of,
    read_thread,
    shown,
    thread_of,
    unread_in_thread,
)
from tests.features.keys.conftest import MakeApplication, application  # noqa: F401
from tests.people import Person


def old(number: int, sender: Person, **more: Any) -> Json:
    at = utc_now() - timedelta(days=3) + timedelta(minutes=number)
    return {
        "id": f"old-{number}",
        "senderId": sender.id,
        "content": f"Number {number}",
        "createdAt": rfc3339(at),
        **more,
    }


async def test_threads_are_imported_with_their_numbers_and_nothing_in_them_is_unread(
    application: MakeApplication,  # noqa: F811
    ann: Person,
    ben: Person,
    cleo: Person,
) -> None:
    shop = await application("act")
    team = await group(ann, ben, cleo)
    path = f"/api/chat/rooms/{team['id']}/import"
    messages = [
        old(1, ann),
        old(2, ben, threadId="old-1"),
        old(3, cleo),
        old(4, ben, threadId="old-1"),
    ]
    assert (await shop.call("POST", path, {"messages": messages})).status_code == 200

    page = await page_of(ann, team)
    root = next(each for each in page["messages"] if each["id"] == "old-1")
    assert [each for each in ids_of(page) if each.startswith("old")] == ["old-1", "old-3"]
    assert ids_of(await thread_of(ann, root)) == ["old-2", "old-4"]
    assert (root["thread"]["repliesCount"], root["thread"]["unreadCount"]) == (2, 0)
    assert [await unread_in(each, team) for each in (ann, ben, cleo)] == [0, 0, 0]
    row = did(await ann.get(f"/api/chat/rooms/{team['id']}"))
    assert row["lastMessage"] == "Number 3"

    # They follow it as if they had talked here, and the next import goes on.
    await answer(ben, root)
    assert await unread_in_thread(ann, root) == 1
    more = {"messages": [*messages, old(9_999, cleo, threadId="old-1")]}
    assert (await shop.call("POST", path, more)).status_code == 422, "not before what is there"
    for wrong in ("nothing", "old-2", "old-8"):
        late = [old(7, ann, threadId=wrong, createdAt=rfc3339(utc_now()))]
        late.append(old(8, ann, createdAt=rfc3339(utc_now())))
        refusal = await shop.call("POST", path, {"messages": late})
        assert refusal.status_code == 422
        assert refusal.json()["errors"][0]["field"] == "messages[0].threadId"


async def test_what_is_scheduled_for_a_thread_is_said_there(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room)
    reply = await answer(ben, root)
    scheduled = await schedule(ben, room, "later", threadId=root["id"])
    assert scheduled["threadId"] == root["id"]
    for wrong in (reply["id"], "nothing"):
        draft = {"roomId": room["id"], "content": "x", "sendAt": "2027-01-01T00:00:00Z"}
        sent = await ben.post("/api/chat/send", {**draft, "threadId": wrong})
        assert refused(sent)[0] in {400, 404}
    await let_time_pass(kabar)
    said = (await thread_of(ann, root))["messages"]
    assert [each["content"] for each in said] == ["Reply", "later"]


async def test_an_application_talks_in_threads_for_its_users(
    application: MakeApplication,  # noqa: F811
    ann: Person,
    ben: Person,
    room: Json,
) -> None:
    shop = await application("act")
    root = await say(ann, room)
    body = {"roomId": room["id"], "threadId": root["id"], "content": "by a program"}
    sent = await shop.call("POST", "/api/chat/send", body, user=ben.id)
    assert sent.status_code == 201
    assert await unread_in_thread(ann, root) == 1
    read = {"roomId": room["id"], "threadId": root["id"]}
    state = await shop.call("POST", "/api/chat/read", read, user=ann.id)
    assert state.json()["unreadCount"] == 0


async def test_a_hit_in_a_thread_has_around_it_what_was_said_there(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    root = await say(ann, room, "Lunch?")
    first = await answer(ben, root, "Noodles")
    await say(ann, room, "something else")
    second = await answer(ben, root, "with tofu")
    after = await say(ann, room, "and tofu for me")
    await index_messages(kabar.db)

    found = did(await ann.get("/api/chat/search", q="tofu"))["messages"]
    in_room, in_thread = found
    assert (in_thread["id"], in_thread["threadId"]) == (second["id"], root["id"])
    assert (in_thread["previous"]["id"], in_thread["next"]) == (first["id"], None)
    assert (in_room["id"], in_room["previous"]["content"]) == (after["id"], "something else")


async def test_a_reply_that_has_disappeared_counts_no_more_swept_up_or_not(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    await kabar.workers.close()
    team = await group(ann, ben)
    root = await say(ann, team)
    did(await ann.patch(f"/api/chat/rooms/{team['id']}", {"messageTtlSeconds": 3600}))
    gone, kept = await answer(ben, root), await answer(ben, root)
    assert await unread_in_thread(ann, root) == 2
    await kabar.db.write(let_expire, team["id"], gone["id"])

    for _ in range(2):
        assert await unread_in_thread(ann, root) == 1
        assert (await read_thread(ann, root, root))["unreadCount"] == 1
        assert await unread_in(ann, team) == 0
        assert ids_of(await thread_of(ann, root)) == [kept["id"]]
        await sweep_up(kabar.db, kabar.web.audience)
    assert (await shown(ann, root) or {})["repliesCount"] == 1


async def test_two_who_reply_leave_and_delete_at_once_leave_a_thread_that_is_right(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ann, team)
    replies = [await answer(ben, root, str(number)) for number in range(4)]
    await asyncio.gather(
        *(ben.delete("/api/chat/messages", messageId=each["id"]) for each in replies[:2]),
        *(answer(cleo, root, "now") for _ in range(3)),
        read_thread(ann, root, replies[1]),
        ben.delete(f"/api/chat/rooms/{team['id']}/participants/me"),
    )
    thread = await thread_of(ann, root)
    left = [each for each in thread["messages"] if not each["deletedAt"]]
    unread = sum(each["seq"] > replies[1]["seq"] for each in left)
    assert await unread_in_thread(ann, root) == unread
    assert (await shown(ann, root) or {})["repliesCount"] == len(left)
    assert len(thread["messages"]) == 7
