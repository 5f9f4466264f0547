"""Reactions: who may put an emoji on what, how often, and what the others hear of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from kabar.features.chat.reactions import reacting
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    group,
    listen,
    page_of,
    refused,
    say,
)
from tests.people import MakePerson, Person

FAMILY = "👩🏽‍❤️‍👨🏿"


def path_of(message: Json, emoji: str) -> str:
    return f"/api/chat/messages/{message['id']}/reactions/{quote(emoji, safe='')}"


async def react(person: Person, message: Json, emoji: str = "👍") -> httpx.Response:
    return await person.put(path_of(message, emoji))


async def take(person: Person, message: Json, emoji: str = "👍") -> httpx.Response:
    return await person.delete(path_of(message, emoji))


def counts(message: Json) -> list[tuple[str, int, bool]]:
    return [(each["emoji"], each["count"], each["mine"]) for each in message["reactions"]]


async def seen(person: Person, room: Json) -> list[tuple[str, int, bool]]:
    """Return the reactions to the last message, as this person sees them."""
    return counts((await page_of(person, room))["messages"][-1])


async def who(person: Person, message: Json, **query: Any) -> Json:
    return did(await person.get(f"/api/chat/messages/{message['id']}/reactions", **query))


async def test_everybody_sees_how_many_and_which_are_their_own(
    ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room)

    assert counts(did(await react(ben, message, FAMILY))) == [(FAMILY, 1, True)]
    assert counts(did(await react(ben, message))) == [(FAMILY, 1, True), ("👍", 1, True)]
    assert counts(did(await react(ann, message))) == [(FAMILY, 1, False), ("👍", 2, True)]
    assert await seen(ben, room) == [(FAMILY, 1, True), ("👍", 2, True)]


async def test_twice_is_once_and_back_again_too(ann: Person, ben: Person, room: Json) -> None:
    message = await say(ann, room)
    first = did(await react(ben, message))

    assert did(await react(ben, message)) == first
    assert did(await take(ann, message)) == {
        **first,
        "reactions": [{**first["reactions"][0], "mine": False}],
    }
    assert counts(did(await take(ben, message))) == []
    assert counts(did(await take(ben, message))) == []
    assert await seen(ann, room) == []


async def test_the_same_picture_is_the_same_reaction_however_a_keyboard_writes_it(
    ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room)
    await react(ann, message, "❤")

    assert counts(did(await react(ben, message, "❤️"))) == [("❤️", 2, True)]


@pytest.mark.parametrize("text", ["a", "👍👍", ":)", "🏽", "%00", "x" * 2000])
async def test_what_is_no_emoji_is_refused(ann: Person, ben: Person, room: Json, text: str) -> None:
    message = await say(ann, room)

    for answer in (await react(ben, message, text), await take(ben, message, text)):
        assert refused(answer) == (422, "invalid")
        assert [error["field"] for error in answer.json()["errors"]] == ["emoji"]
    assert await seen(ann, room) == []


async def test_a_stranger_learns_nothing(ann: Person, cleo: Person, room: Json) -> None:
    message = await say(ann, room)
    await react(ann, message)

    assert refused(await react(cleo, message)) == (404, "message_not_found")
    assert refused(await take(cleo, message)) == (404, "message_not_found")
    answer = await cleo.get(f"/api/chat/messages/{message['id']}/reactions")
    assert refused(answer) == (404, "message_not_found")


async def test_a_deleted_message_keeps_none_and_takes_none(
    ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room)
    await react(ben, message)

    await delete(ann, message)

    assert await seen(ben, room) == []
    assert (await who(ben, message))["reactions"] == []
    assert refused(await react(ben, message)) == (409, "message_is_deleted")


async def test_a_person_may_put_so_many_on_a_message_and_a_message_bears_so_many(
    ann: Person, ben: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reacting, "MOST_OF_A_PERSON", 2)
    monkeypatch.setattr(reacting, "MOST_ON_A_MESSAGE", 3)
    message = await say(ann, room)
    for emoji in ("👍", "🎉"):
        did(await react(ann, message, emoji))

    assert refused(await react(ann, message, "😀")) == (409, "too_many_of_your_reactions")
    did(await react(ben, message, "😀"))
    assert refused(await react(ben, message, "😎")) == (409, "too_many_reactions")
    assert counts(did(await react(ben, message, "👍")))[0] == ("👍", 2, True)


async def test_the_room_hears_all_counts_and_nobody_hears_whose_they_are(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room)
    did(await react(ann, message, "🎉"))
    ear = await listen(kabar, ann, channel_of(room))

    did(await react(ben, message))
    did(await react(ben, message))
    did(await take(ben, message))

    (_, added, data), (_, removed, later) = await ear.heard()
    both = {
        "roomId": room["id"],
        "messageId": message["id"],
        "seq": 1,
        "emoji": "👍",
        "userId": ben.id,
        "name": "Ben",
    }
    assert (added, removed) == ("reaction-added", "reaction-removed")
    assert data == {
        **both,
        "count": 1,
        "reactions": [{"emoji": "🎉", "count": 1}, {"emoji": "👍", "count": 1}],
        "version": 2,
    }
    assert later == {
        **both,
        "count": 0,
        "reactions": [{"emoji": "🎉", "count": 1}],
        "version": 3,
    }


async def test_an_edit_keeps_reactions_and_tells_nobody_whose_they_are(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room)
    did(await react(ann, message))
    ear = await listen(kabar, ben, channel_of(room))

    edit = {"messageId": message["id"], "content": "Other words"}
    edited = did(await ann.patch("/api/chat/messages", edit))

    assert counts(edited) == [("👍", 1, True)]
    ((_, _, told),) = await ear.heard("message-edited")
    assert told["reactions"] == [{"emoji": "👍", "count": 1}]
    assert told["version"] == edited["version"] == 2


async def test_sent_again_a_message_comes_back_with_its_reactions(
    ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room, clientId="one")
    did(await react(ben, message))

    again = await ann.post(
        "/api/chat/send", {"roomId": room["id"], "content": "Hello", "clientId": "one"}
    )

    assert counts(did(again)) == [("👍", 1, False)]


async def test_who_reacted_is_listed_page_by_page_newest_first(
    person: MakePerson, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    message = await say(ann, room)
    for one in (ann, ben, cleo):
        did(await react(one, message))
    did(await react(ben, message, "🎉"))

    first = await who(ann, message, limit=3)
    second = await who(ann, message, limit=3, cursor=first["nextCursor"])

    listed = [(each["user"]["name"], each["emoji"]) for each in first["reactions"]]
    assert listed == [("Ben", "🎉"), ("Cleo", "👍"), ("Ben", "👍")]
    assert [each["user"]["id"] for each in second["reactions"]] == [ann.id]
    assert second["nextCursor"] is None
