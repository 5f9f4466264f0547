"""Messages that disappear: gone on every road from their time on, and swept up soon after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kabar.features.chat.lifetimes import sweeping
from kabar.features.chat.lifetimes.sweeping import sweep_up
from kabar.features.chat.marks import FormerWords, Reaction
from kabar.features.chat.models import ChatRoom, Message
from kabar.features.chat.search.indexing import index_messages
from kabar.features.exports.sections import SECTIONS
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.lifetimes.time import let_expire
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    everything_in,
    group,
    in_one_batch,
    listen,
    look_at,
    page_of,
    read,
    refused,
    say,
    say_all,
    send,
    unread_in,
)
from tests.features.uploads.files import fetch, upload
from tests.people import Person

SECRET = "the word nobody may find"


async def set_lifetime(person: Person, room: Json, seconds: int) -> Json:
    path = f"/api/chat/rooms/{room['id']}"
    return did(await person.patch(path, {"messageTtlSeconds": seconds}))


async def expire(kabar: Kabar, room: Json) -> None:
    await kabar.db.write(let_expire, room["id"])


async def sweep(kabar: Kabar) -> None:
    await sweep_up(kabar.db, kabar.web.audience)


def lives(message: Json) -> timedelta:
    times = (datetime.fromisoformat(message[name]) for name in ("createdAt", "expiresAt"))
    created_at, expires_at = times
    return expires_at - created_at


async def test_a_message_lives_as_long_as_its_room_says_and_earlier_ones_stay(
    ann: Person, ben: Person, room: Json
) -> None:
    stays = await say(ann, room, "For ever")

    shown = await set_lifetime(ben, room, 3600)
    goes = await say(ann, room, "For an hour")
    await set_lifetime(ann, room, 0)
    stays_too = await say(ann, room, "For ever again")

    assert shown["messageTtlSeconds"] == 3600
    assert (stays["expiresAt"], stays_too["expiresAt"]) == (None, None)
    assert lives(goes) == timedelta(hours=1)
    said = await everything_in(ben, room)
    assert [each["expiresAt"] for each in said if each["id"] == goes["id"]] == [goes["expiresAt"]]
    assert [each["content"] for each in said if each["type"] == "system"] == [
        "\u2068Ben\u2069 lets new messages disappear after \u20681 hour\u2069",
        "\u2068Ann\u2069 lets new messages stay",
    ]


async def test_who_may_set_it_is_said_in_one_table(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    ours = await group(ann, ben)
    path = f"/api/chat/rooms/{ours['id']}"
    lifetime = {"messageTtlSeconds": 60}
    assert refused(await ben.patch(path, lifetime)) == (403, "not_a_room_admin")
    assert refused(await cleo.patch(path, lifetime)) == (404, "room_not_found")
    assert (await set_lifetime(ann, ours, 60))["messageTtlSeconds"] == 60
    for wrong in (-1, 1, 4, 31_536_001, "60", 1.5, None):
        answer = await ann.patch(path, {"messageTtlSeconds": wrong})
        assert refused(answer)[0] == 422, wrong
        assert [each["field"] for each in answer.json()["errors"]] == ["messageTtlSeconds"]

    direct = f"/api/chat/rooms/{room['id']}"
    assert refused(await ann.patch(direct, {"name": "Us", **lifetime}))[1] == "direct_room_is_fixed"
    await ben.put(f"/api/users/{ann.id}/block")
    assert refused(await ann.patch(direct, lifetime))[0] == 404
    assert (await look_at(ben, room))["messageTtlSeconds"] == 0


async def test_the_room_hears_of_it_and_who_was_away_is_told(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    since = did(await ben.get("/api/chat/sync"))["next"]
    ear = await listen(kabar, ben, channel_of(room))

    await set_lifetime(ann, room, 60)

    told = {"roomId": room["id"], "messageTtlSeconds": 60, "by": ann.id}
    assert [data for _, _, data in await ear.heard("room-updated")] == [told]
    events = did(await ben.get("/api/chat/sync", since=since))["events"]
    assert [each["data"] for each in events if each["type"] == "room-updated"] == [told]


class Roads:
    """Whatever may show a message, as one of those who are in its room sees it."""

    def __init__(self, kabar: Kabar, ben: Person, room: Json, message: Json) -> None:
        self.kabar, self.ben, self.room, self.message = kabar, ben, room, message
        self.since = ""

    async def page(self) -> Any:
        return await page_of(self.ben, self.room)

    async def around(self) -> Any:
        return await page_of(self.ben, self.room, aroundSeq=self.message["seq"])

    async def search(self) -> Any:
        return did(await self.ben.get("/api/chat/search", q="nobody"))["messages"]

    async def beside_what_is_found(self) -> Any:
        return did(await self.ben.get("/api/chat/search", q="answer"))

    async def sync(self) -> Any:
        return did(await self.ben.get("/api/chat/sync", since=self.since))

    async def pins(self) -> Any:
        return did(await self.ben.get(f"/api/chat/rooms/{self.room['id']}/pins"))

    async def notifications(self) -> Any:
        return did(await self.ben.get("/api/notifications"))

    async def conversations(self) -> Any:
        return did(await self.ben.get("/api/messages"))

    async def former_words(self) -> Any:
        return (await self.ben.get(f"/api/chat/messages/{self.message['id']}/edits")).json()

    async def reactions(self) -> Any:
        return (await self.ben.get(f"/api/chat/messages/{self.message['id']}/reactions")).json()

    async def file(self) -> Any:
        answer = await fetch(self.ben, self.message["attachments"][0]["url"])
        return SECRET if answer.status_code == 200 else answer.status_code

    async def export(self) -> Any:
        messages = next(each for each in SECTIONS if each.name == "messages")
        return await self.kabar.db.read(
            lambda tx: tx.execute(messages.of(self.message["senderId"])).all()
        )


ROADS: list[Callable[[Roads], Awaitable[Any]]] = [
    *(Roads.page, Roads.around, Roads.search, Roads.sync, Roads.pins, Roads.former_words),
    *(Roads.notifications, Roads.conversations, Roads.file, Roads.export),
]


@pytest.mark.parametrize("is_swept", [False, True])
async def test_each_road_shows_it_until_its_time_and_not_after(
    kabar: Kabar, ann: Person, ben: Person, room: Json, is_swept: bool
) -> None:
    since = did(await ben.get("/api/chat/sync"))["next"]
    await set_lifetime(ann, room, 3600)
    file = await upload(ann, b"notes")
    said = await say(ann, room, f"was {SECRET}", attachmentIds=[file["id"]])
    edit = {"messageId": said["id"], "content": SECRET}
    assert did(await ann.patch("/api/chat/messages", edit))["expiresAt"] == said["expiresAt"]
    await ben.put(f"/api/chat/messages/{said['id']}/reactions/👍")
    await ben.put(f"/api/chat/messages/{said['id']}/pin")
    await index_messages(kabar.db)
    (seen,) = [each for each in await everything_in(ben, room) if each["id"] == said["id"]]
    roads = Roads(kabar, ben, room, seen)
    roads.since = since
    for road in ROADS:
        assert SECRET in str(await road(roads)), road.__name__

    await expire(kabar, room)
    if is_swept:
        await sweep(kabar)

    for road in ROADS:
        assert SECRET not in str(await road(roads)), road.__name__
    assert did(await ben.get("/api/messages"))["conversations"][0]["lastMessage"] is None
    answer = {"roomId": room["id"], "content": "Yes", "replyToId": said["id"]}
    for call in (
        ben.post("/api/chat/send", answer),
        ben.put(f"/api/chat/messages/{said['id']}/reactions/🎉"),
        ben.put(f"/api/chat/messages/{said['id']}/pin"),
        ben.get(f"/api/chat/messages/{said['id']}/receipts"),
        ann.patch("/api/chat/messages", edit),
        ann.delete("/api/chat/messages", messageId=said["id"]),
    ):
        assert refused(await call) == (404, "message_not_found")
    # Its number is not missing for who was away.
    events = did(await ben.get("/api/chat/sync", since=since))["events"]
    (told,) = [each["data"] for each in events if each["data"].get("id") == said["id"]]
    assert (told["content"], told["attachments"], told["reactions"]) == ("", [], [])


async def test_a_quote_of_it_goes_with_it_and_what_stands_beside_a_hit(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await set_lifetime(ann, room, 3600)
    said = await say(ann, room, SECRET)
    await set_lifetime(ann, room, 0)
    await say(ben, room, "An answer", replyToId=said["id"])
    await index_messages(kabar.db)
    assert SECRET in str(await everything_in(ben, room))

    await expire(kabar, room)

    last = (await everything_in(ben, room))[-1]
    assert (last["content"], last["replyTo"]) == ("An answer", None)
    assert SECRET not in str(await everything_in(ben, room))
    assert SECRET not in str(did(await ben.get("/api/chat/search", q="answer")))


async def test_sent_again_under_its_client_id_it_is_not_said_twice(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await set_lifetime(ann, room, 3600)
    first = await say(ann, room, SECRET, clientId="c1")
    await expire(kabar, room)

    for _ in range(2):
        again = did(await send(ann, room, SECRET, clientId="c1"))
        assert (again["id"], again["content"]) == (first["id"], "")
        await sweep(kabar)
    assert await everything_in(ben, room) == []


async def test_what_disappears_is_not_unread_and_those_who_listen_hear_of_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    stays = await say(ann, room, "Stays")
    await set_lifetime(ann, room, 3600)
    said = await say_all(ann, room, 3)
    assert (await ben.delete("/api/chat/messages", messageId=said[1]["id"], scope="me")).is_success
    ear = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")
    assert await unread_in(ben, room) == 3

    await expire(kabar, room)
    assert await unread_in(ben, room) == 1
    assert did(await ben.get("/api/chat/unread"))["total"] == 1
    new = await say(ann, room, "New")
    assert await unread_in(ben, room) == 2
    await sweep(kabar)
    assert await unread_in(ben, room) == 2

    # The line that told of the lifetime went too.
    line = stays["seq"] + 1
    (of_room, of_user) = [data for _, _, data in await ear.heard("messages-expired")]
    assert of_room == {"roomId": room["id"], "seqs": [line, *(each["seq"] for each in said)]}
    assert (of_user["seqs"], of_user["unreadCount"]) == (of_room["seqs"], 2)
    assert of_user["version"] > 0
    assert (await read(ben, room, new))["unreadCount"] == 0


async def test_a_sweep_takes_all_that_hangs_on_a_message_a_little_at_a_time(
    kabar: Kabar, ann: Person, ben: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "_AT_ONCE", 2)
    await set_lifetime(ann, room, 3600)
    said = await say(ann, room, "One")
    await ann.patch("/api/chat/messages", {"messageId": said["id"], "content": "Two"})
    await ben.put(f"/api/chat/messages/{said['id']}/reactions/👍")
    await say_all(ann, room, 5)
    ear = await listen(kabar, ben, channel_of(room))
    await expire(kabar, room)

    # Two nodes at once.
    await asyncio.gather(sweep(kabar), sweep(kabar))

    def left(tx: Transaction) -> list[Any]:
        words = select(Message.id).where(Message.room_id == room["id"], Message.content != "")
        marks = (select(table.id) for table in (FormerWords, Reaction))
        return [row for each in (words, *marks) for row in tx.execute(each)]

    assert await kabar.db.read(left) == []
    heard = [data["seqs"] for _, _, data in await ear.heard("messages-expired")]
    assert sorted(seq for seqs in heard for seq in seqs) == [1, 2, 3, 4, 5, 6, 7]
    assert all(len(seqs) <= 2 for seqs in heard)
    due = select(ChatRoom.next_expiry_at).where(ChatRoom.id == room["id"])
    assert await kabar.db.read(lambda tx: tx.execute(due).scalar()) is None


async def test_pages_step_over_what_is_gone(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    old = await say_all(ann, room, 4)
    await set_lifetime(ann, room, 3600)
    gone = await say_all(ann, room, 6)
    await expire(kabar, room)
    await sweep(kabar)
    await set_lifetime(ann, room, 0)
    new = await say_all(ann, room, 4)

    def ids(page: Json) -> list[str]:
        return [each["id"] for each in page["messages"] if each["type"] != "system"]

    run = select(ChatRoom.gone_from, ChatRoom.gone_to).where(ChatRoom.id == room["id"])
    assert tuple(await kabar.db.read(lambda tx: tx.execute(run).one())) == (5, gone[-1]["seq"])
    assert ids(await page_of(ben, room, limit=100)) == [each["id"] for each in old + new]
    page = await page_of(ben, room, limit=6)
    assert (ids(page), page["hasMoreBefore"]) == ([e["id"] for e in [*old[-2:], *new]][-5:], True)
    after = await page_of(ben, room, limit=3, afterId=old[1]["id"])
    assert ids(after) == [each["id"] for each in old[2:]]
    around = await page_of(ben, room, limit=4, aroundSeq=gone[2]["seq"])
    assert ids(around) == [each["id"] for each in old[-2:] + new[:1]]


async def test_a_message_that_stays_costs_no_statement_more(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await set_lifetime(ann, room, 3600)
    forever = await group(ann, ben)
    sends = [(ann, one, {"content": "Hi"}) for one in (room, forever, room)]
    answers = [did(answer, 201) for answer in await in_one_batch(kabar, *sends)]

    assert [each["expiresAt"] is None for each in answers] == [False, True, False]
    lasts = select(ChatRoom.id, ChatRoom.last_expires_at, ChatRoom.next_expiry_at)
    rows = {row.id: row for row in await kabar.db.read(lambda tx: tx.execute(lasts).all())}
    assert rows[forever["id"]][1:] == (None, None)
    assert None not in rows[room["id"]]
    await delete(ann, answers[0])
    await expire(kabar, room)
    await sweep(kabar)
    assert await everything_in(ben, room) == []
