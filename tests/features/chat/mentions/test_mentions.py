"""Mentions: who is meant, how often one is, and how one hears of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from kabar.features.chat.mentions import finding
from kabar.features.chat.mentions.tables import Mention
from kabar.server.app import Kabar
from tests.features.chat.mine.test_choosing import choose, in_an_hour
from tests.features.chat.receipts.test_unreading import unread_from
from tests.features.chat.talk import (
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
    say,
)
from tests.patience import patiently
from tests.people import Person


@pytest.fixture
async def team(ann: Person, ben: Person) -> Json:
    return await group(ann, ben)


async def edit(person: Person, message: Json, content: str) -> Json:
    body = {"messageId": message["id"], "content": content}
    return did(await person.patch("/api/chat/messages", body))


async def mentioned(person: Person, room: Json) -> int:
    """Return how often somebody is, in what they have not read."""
    count: int = (await look_at(person, room))["me"]["mentionsCount"]
    return count


async def bell_of(person: Person) -> list[tuple[str, str, int]]:
    bell = did(await person.get("/api/notifications"))
    unread = [entry for entry in bell["notifications"] if entry["readAt"] is None]
    assert bell["unreadCount"] == len(unread)
    return [(entry["type"], entry["body"], entry["count"]) for entry in unread]


async def rows(kabar: Kabar) -> int:
    count = select(func.count()).select_from(Mention)
    return int(await kabar.db.read(lambda tx: tx.execute(count).scalar_one()))


async def test_who_is_named_in_a_text_is_mentioned(ann: Person, ben: Person, team: Json) -> None:
    message = await say(ann, team, "Hi @Ben, @ann and @nobody")

    assert (message["mentions"], message["mentionNames"]) == ([ben.id, ann.id], ["ben", "ann"])
    assert (await page_of(ben, team))["messages"][-1]["mentions"] == [ben.id, ann.id]
    me = (await look_at(ben, team))["me"]
    assert (me["mentionsCount"], me["firstMentionId"]) == (1, message["id"])
    assert await mentioned(ann, team) == 0
    assert (await read(ben, team))["mentionsCount"] == 0
    assert (await unread_from(ben, message))["firstMentionId"] == message["id"]


async def test_a_stranger_is_not_mentioned_and_nothing_is_written(
    kabar: Kabar, ann: Person, cleo: Person, team: Json
) -> None:
    message = await say(ann, team, "@cleo @nobody `@ben`")

    assert message["mentions"] == []
    assert not {"mentionNames", "mentionsRoom"} & message.keys()
    assert await rows(kabar) == 0


async def test_everybody_is_mentioned_with_one_row(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)

    message = await say(ben, team, "@room @cleo")

    assert (message["mentionsRoom"], message["mentions"]) == (True, [cleo.id])
    assert [await mentioned(one, team) for one in (ann, ben, cleo)] == [1, 0, 1]
    assert await rows(kabar) == 1


async def test_in_a_large_group_only_who_runs_it_mentions_everybody(
    ann: Person, ben: Person, team: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_FOR_ALL", 1)

    await say(ben, team, "@room")
    edited = await edit(ben, await say(ben, team), "@room")
    assert "mentionsRoom" not in edited
    assert await mentioned(ann, team) == 0
    await say(ann, team, "@room")
    assert await mentioned(ben, team) == 1


async def test_an_edit_mentions_others(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    message = await say(ann, team, "@ben")
    bens = await listen(kabar, ben, f"private-user-{ben.id}")
    cleos = await listen(kabar, cleo, f"private-user-{cleo.id}")

    edited = await edit(ann, message, "@cleo")

    assert edited["mentions"] == [cleo.id]
    assert (await mentioned(ben, team), await mentioned(cleo, team)) == (0, 1)

    async def told(ear: Any) -> list[Json]:
        return [data["me"] for _, _, data in await ear.heard("room-updated") if "me" in data]

    assert await told(bens) == [{"mentionsCount": 0, "firstMentionId": None}]
    assert await told(cleos) == [{"mentionsCount": 1, "firstMentionId": message["id"]}]
    await edit(ann, message, "@room")
    assert (await mentioned(ben, team), await mentioned(cleo, team)) == (1, 1)
    await edit(ann, message, "nobody")
    assert (await mentioned(ben, team), await mentioned(cleo, team)) == (0, 0)
    assert await rows(kabar) == 0


async def test_what_is_deleted_mentions_nobody(
    kabar: Kabar, ann: Person, ben: Person, team: Json
) -> None:
    first, second = await say(ann, team, "@ben"), await say(ann, team, "@room")
    ear = await listen(kabar, ben, f"private-user-{ben.id}")

    await delete(ann, first)

    assert await mentioned(ben, team) == 1
    (_, _, told) = (await ear.heard("message-deleted"))[0]
    assert (told["mentionsCount"], told["firstMentionId"]) == (1, second["id"])
    await ben.delete("/api/chat/messages", messageId=second["id"], scope="me")
    assert await mentioned(ben, team) == 0
    tombstone = (await page_of(ann, team))["messages"][-2]
    assert (tombstone["mentions"], "mentionNames" in tombstone) == ([], False)


async def test_who_blocks_somebody_is_not_mentioned_by_them(
    ann: Person, ben: Person, team: Json
) -> None:
    await say(ann, team, "@ben")
    did(await ben.put(f"/api/users/{ann.id}/block"))
    await say(ann, team, "@ben @room")

    assert await mentioned(ben, team) == 0
    did(await ben.delete(f"/api/users/{ann.id}/block"))
    assert await mentioned(ben, team) == 2


@pytest.mark.parametrize(
    "choices",
    [
        {"isMuted": True},
        {"mutedUntil": "an hour"},
        {"notify": "mentions"},
        {"isMuted": True, "isArchived": True},
    ],
)
async def test_a_mention_reaches_a_room_that_is_quiet(
    kabar: Kabar, ann: Person, ben: Person, team: Json, choices: Json
) -> None:
    if "mutedUntil" in choices:
        choices = {"mutedUntil": in_an_hour()}
    await choose(ben, team, **choices)
    ear = await listen(kabar, ben, f"private-user-{ben.id}")
    await say(ann, team, "Hello")
    assert await bell_of(ben) == []

    await say(ann, team, "@ben look")
    await say(ann, team, "That was it")

    assert await bell_of(ben) == [("mention", "@ben look", 1)]
    bells = [data for _, _, data in await ear.heard("new-message")]
    assert [bell.get("mentionsCount") for bell in bells] == [None, 1, None]
    await say(ann, team, "@room too")
    assert await bell_of(ben) == [("mention", "@room too", 2)]
    await read(ben, team)
    assert await bell_of(ben) == []


async def test_it_rings_for_who_listens(kabar: Kabar, ann: Person, ben: Person, team: Json) -> None:
    await choose(ben, team, isMuted=True)
    ear = await listen(kabar, ben, f"private-user-{ben.id}")
    await say(ann, team, "Hello")
    await say(ann, team, "@ben look")

    entries: list[Json] = []
    async with patiently():
        while not entries:
            await asyncio.sleep(0)
            heard = [each for each in ear._socket.heard if each["event"] == "new-notification"]
            entries += [json.loads(each["data"]) for each in heard]
    assert [(entry["type"], entry["body"]) for entry in entries] == [("mention", "@ben look")]


async def test_who_wants_to_be_told_of_nothing_is_not(ann: Person, ben: Person, team: Json) -> None:
    await choose(ben, team, notify="nothing")

    await say(ann, team, "@ben @room")

    assert await bell_of(ben) == []
    assert await mentioned(ben, team) == 1


async def test_the_entry_of_a_mention_is_done_with_like_others(
    ann: Person, ben: Person, team: Json
) -> None:
    await choose(ben, team, isMuted=True)
    await say(ann, team, "@ben one")
    (entry,) = did(await ben.get("/api/notifications"))["notifications"]
    assert (entry["title"], entry["data"]["roomId"]) == ("Ann", team["id"])

    did(await ben.post(f"/api/notifications/{entry['id']}/read"))
    assert await bell_of(ben) == []
    did(await ben.post(f"/api/notifications/{entry['id']}/unread"))
    assert await bell_of(ben) == [("mention", "@ben one", 1)]
    did(await ben.post("/api/notifications/read-all"))
    assert await bell_of(ben) == []
    await say(ann, team, "@ben two")
    assert await bell_of(ben) == [("mention", "@ben two", 2)]
    await ben.post(f"/api/notifications/{entry['id']}/archive")
    assert did(await ben.get("/api/notifications"))["notifications"] == []
    (archived,) = did(await ben.get("/api/notifications", filter="archived"))["notifications"]
    assert archived["body"] == "@ben two"


async def test_of_several_in_one_batch_each_counts(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    await say(ann, team, "@ben")
    bens = await listen(kabar, ben, f"private-user-{ben.id}", channel_of(team))
    cleos = await listen(kabar, cleo, f"private-user-{cleo.id}")

    for answer in await in_one_batch(
        kabar,
        (ann, team, {"content": "@ben @cleo"}),
        (ann, team, {"content": "nobody"}),
        (cleo, team, {"content": "@room"}),
        (ann, team, {"content": "@cleo"}),
    ):
        did(answer, 201)

    async def counts(ear: Any) -> list[int | None]:
        told = await ear.heard("new-message")
        return [data.get("mentionsCount") for name, _, data in told if "user" in name]

    # Who waits takes turns: what she says is the second.
    assert await counts(bens) == [2, 3, None, None]
    # What she says herself moves her position.
    assert await counts(cleos) == [1, None, 1]
    assert [await mentioned(one, team) for one in (ben, cleo)] == [3, 1]


async def test_who_is_mentioned_in_a_thread_follows_it(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben, cleo)
    root = await say(ann, team, "Root")
    await read(ben, team)

    reply = await say(ann, team, "@ben look", threadId=root["id"])

    assert reply["mentions"] == [ben.id]
    me = (await look_at(ben, team))["me"]
    # It counts in the thread, and not in the room.
    assert (me["unreadCount"], me["mentionsCount"]) == (0, 0)
    (message,) = (await page_of(ben, team))["messages"]
    assert message["thread"]["unreadCount"] == 1
    (hers,) = (await page_of(cleo, team))["messages"]
    assert hers["thread"].get("unreadCount", 0) == 0
    assert (await edit(ann, reply, "@cleo look"))["mentions"] == [cleo.id]
    assert await mentioned(cleo, team) == 0


async def test_what_others_said_mentions_nobody_where_it_is_forwarded(
    ann: Person, ben: Person, team: Json
) -> None:
    message = await say(ann, await group(ann, ben, name="Other"), "@ben")

    answer = await ann.post(
        f"/api/chat/messages/{message['id']}/forward", {"roomIds": [team["id"]]}
    )

    assert [each["mentions"] for each in did(answer, 201)["messages"]] == [[]]
    assert await mentioned(ben, team) == 0
