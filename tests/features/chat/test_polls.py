"""Polls: what may be asked, who chooses what, and what the others hear of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from kabar.core.times import rfc3339
from kabar.features.chat.polls.keeping import find_poll, keep_poll
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    group,
    listen,
    look_at,
    page_of,
    refused,
    say,
    send,
)
from tests.people import Person

LUNCH: Json = {"question": "Where do we eat?", "options": ["Warung", "Padang", "At home"]}


async def ask(person: Person, room: Json, content: str = "", **more: Any) -> Json:
    return await say(person, room, content, poll=LUNCH | more)


async def vote(person: Person, message: Json, *option_ids: str) -> httpx.Response:
    path = f"/api/chat/messages/{message['id']}/votes"
    return await person.put(path, {"optionIds": list(option_ids)})


async def close(person: Person, message: Json) -> httpx.Response:
    return await person.post(f"/api/chat/messages/{message['id']}/poll/close")


def counts(message: Json) -> list[int]:
    return [option["count"] for option in message["poll"]["options"]]


def mine(message: Json) -> list[str]:
    return [option["id"] for option in message["poll"]["options"] if option["mine"]]


async def seen(person: Person, room: Json) -> Json:
    """Return the first message, as this person sees it."""
    first: Json = (await page_of(person, room))["messages"][0]
    return first


def soon(**after: float) -> str:
    return rfc3339(datetime.now(UTC) + timedelta(**after))


async def let_time_pass(kabar: Kabar, message: Json) -> None:
    """Until the time of a poll is over."""

    def in_the_past(tx: Transaction) -> None:
        poll = find_poll(tx, message["id"])
        assert poll is not None
        poll.closes_at = rfc3339(tx.now - timedelta(milliseconds=1))
        keep_poll(tx, message["id"], poll)

    await kabar.db.write(in_the_past)


async def test_a_poll_is_a_message_that_says_its_question(
    ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room)

    assert (asked["type"], asked["content"]) == ("poll", "Where do we eat?")
    poll = (await seen(ben, room))["poll"]
    assert poll == {
        "question": "Where do we eat?",
        "options": [
            {"id": "1", "text": "Warung", "count": 0, "mine": False},
            {"id": "2", "text": "Padang", "count": 0, "mine": False},
            {"id": "3", "text": "At home", "count": 0, "mine": False},
        ],
        "votersCount": 0,
        "multiple": False,
        "closesAt": None,
        "closed": False,
    }
    assert (await look_at(ben, room))["lastMessage"] == "Poll: Where do we eat?"


async def test_other_messages_have_no_poll(ann: Person, ben: Person, room: Json) -> None:
    await say(ann, room)

    assert "poll" not in await seen(ben, room)


async def test_it_may_have_words_beside_its_question(ann: Person, room: Json) -> None:
    asked = await ask(ann, room, "I am hungry")

    assert asked["content"] == "I am hungry"
    assert asked["poll"]["question"] == "Where do we eat?"


async def test_it_is_asked_of_a_user_whose_room_is_not_there_yet(ann: Person, cleo: Person) -> None:
    answer = await ann.post("/api/messages", {"receiverId": cleo.id, "poll": LUNCH})

    assert did(answer, 201)["poll"]["question"] == "Where do we eat?"


async def test_each_has_one_vote_and_may_change_it_or_take_it_back(
    ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room)
    did(await vote(ann, asked, "1"))

    first = did(await vote(ben, asked, "1"))
    assert (counts(first), first["poll"]["votersCount"], mine(first)) == ([2, 0, 0], 2, ["1"])
    other = did(await vote(ben, asked, "3"))
    assert (counts(other), other["poll"]["votersCount"], mine(other)) == ([1, 0, 1], 2, ["3"])
    back = did(await vote(ben, asked))
    assert (counts(back), back["poll"]["votersCount"], mine(back)) == ([1, 0, 0], 1, [])
    assert mine(await seen(ann, room)) == ["1"]
    assert did(await vote(ben, asked)) == back


async def test_where_several_may_be_chosen_who_chooses_two_is_one_voter(
    ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room, multiple=True)

    both = did(await vote(ben, asked, "3", "1", "1"))

    assert (counts(both), both["poll"]["votersCount"], mine(both)) == ([1, 0, 1], 1, ["1", "3"])
    assert did(await vote(ben, asked, "1", "3")) == both


@pytest.mark.parametrize("option_ids", [["1", "2"], ["4"], ["0"], ["-1"], ["x"], ["1", "9"]])
async def test_what_cannot_be_chosen_is_refused(
    ann: Person, ben: Person, room: Json, option_ids: list[str]
) -> None:
    asked = await ask(ann, room)

    assert refused(await vote(ben, asked, *option_ids)) == (422, "invalid")
    assert counts(await seen(ben, room)) == [0, 0, 0]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("poll.question", {"poll": LUNCH | {"question": ""}}),
        ("poll.question", {"poll": LUNCH | {"question": " \u200b"}}),
        ("poll.question", {"poll": LUNCH | {"question": "x" * 301}}),
        ("poll.question", {"poll": {"options": ["a", "b"]}}),
        ("poll.options", {"poll": LUNCH | {"options": ["One"]}}),
        ("poll.options", {"poll": LUNCH | {"options": [str(n) for n in range(11)]}}),
        ("poll.options[1]", {"poll": LUNCH | {"options": ["One", " "]}}),
        ("poll.options[1]", {"poll": LUNCH | {"options": ["One", " One"]}}),
        ("poll.options[0]", {"poll": LUNCH | {"options": ["x" * 101, "One"]}}),
        ("poll.closesAt", {"poll": LUNCH | {"closesAt": "2020-01-01T00:00:00Z"}}),
        ("poll.closesAt", {"poll": LUNCH | {"closesAt": "2500-01-01T00:00:00Z"}}),
        ("poll.closesAt", {"poll": LUNCH | {"closesAt": "2030-01-01T00:00:00"}}),
        ("poll.closesAt", {"poll": LUNCH | {"closesAt": "0001-01-01T00:00:00+12:00"}}),
        ("poll", {"type": "poll"}),
        ("type", {"type": "image", "poll": LUNCH}),
        ("attachmentIds", {"poll": LUNCH, "attachmentIds": ["some"]}),
        ("poll", {"poll": LUNCH, "sendAt": "2030-01-01T00:00:00Z"}),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    ann: Person, room: Json, field: str, body: Json
) -> None:
    answer = await send(ann, room, **{"content": "", **body})

    assert refused(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert (await look_at(ann, room))["lastSeq"] == 0


async def test_sent_again_a_poll_comes_back_as_it_stands(
    ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room, closesAt=soon(days=1))
    body = {"roomId": room["id"], "poll": LUNCH | {"closesAt": asked["poll"]["closesAt"]}}
    first = did(await ann.post("/api/chat/send", body, headers={"Idempotency-Key": "k"}), 201)
    did(await vote(ben, first, "2"))

    again = await ann.post("/api/chat/send", body, headers={"Idempotency-Key": "k"})

    assert (again.status_code, again.json()["id"], counts(again.json())) == (
        200,
        first["id"],
        [0, 1, 0],
    )
    other = body | {"poll": LUNCH | {"question": "Where do we eat?", "options": ["A", "B"]}}
    answer = await ann.post("/api/chat/send", other, headers={"Idempotency-Key": "k"})
    assert refused(answer) == (422, "idempotency_key_reused")


async def test_two_votes_of_one_person_at_once_are_one(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    asked = await ask(ann, room)

    answers = await asyncio.gather(
        *(vote(one, asked, each) for each in ("1", "2", "3") for one in (ann, ben, cleo))
    )

    assert {answer.status_code for answer in answers} == {200}
    left = await seen(ann, room)
    assert (sum(counts(left)), left["poll"]["votersCount"]) == (3, 3)
    chosen = [option for one in (ann, ben, cleo) for option in mine(await seen(one, room))]
    assert counts(left) == [chosen.count(option_id) for option_id in ("1", "2", "3")]


async def test_its_author_closes_it_and_nobody_else(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    asked = await ask(ben, room)
    voted = did(await vote(cleo, asked, "2"))
    ear = await listen(kabar, cleo, channel_of(room))

    assert refused(await close(ann, asked)) == (403, "not_your_message")
    closed = did(await close(ben, asked))
    assert did(await close(ben, asked)) == closed

    assert closed["poll"]["closed"]
    assert refused(await vote(ann, asked, "1")) == (409, "poll_is_closed")
    assert refused(await vote(cleo, asked)) == (409, "poll_is_closed")
    # Sent once more after it was taken, a vote is the same vote.
    assert mine(did(await vote(cleo, asked, "2"))) == ["2"]
    ((_, _, told),) = await ear.heard("poll-closed")
    assert told["poll"]["closed"]
    assert told["version"] == voted["version"] + 1


async def test_when_its_time_is_over_it_is_closed_and_nothing_had_to_happen(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room, closesAt=soon(days=1))
    did(await vote(ben, asked, "2"))
    assert not (await seen(ben, room))["poll"]["closed"]

    await let_time_pass(kabar, asked)

    assert (await seen(ben, room))["poll"]["closed"]
    assert refused(await vote(ann, asked, "1")) == (409, "poll_is_closed")
    assert counts(await seen(ann, room)) == [0, 1, 0]


async def test_the_room_hears_how_many_and_only_the_voter_which(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room)
    did(await vote(ann, asked, "1"))
    ear = await listen(kabar, ann, channel_of(room), f"private-user-{ann.id}")
    his = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")

    did(await vote(ben, asked, "1"))

    told = {
        "roomId": room["id"],
        "messageId": asked["id"],
        "seq": 1,
        "poll": {
            "question": "Where do we eat?",
            "options": [
                {"id": "1", "text": "Warung", "count": 2},
                {"id": "2", "text": "Padang", "count": 0},
                {"id": "3", "text": "At home", "count": 0},
            ],
            "votersCount": 2,
            "multiple": False,
            "closesAt": None,
            "closed": False,
        },
        "version": 2,
    }
    assert await ear.heard("poll-voted") == [(channel_of(room), "poll-voted", told)]
    to_room, to_him = await his.heard("poll-voted")
    assert to_room == (channel_of(room), "poll-voted", told)
    assert [option["mine"] for option in to_him[2]["poll"]["options"]] == [True, False, False]


async def test_a_vote_that_changes_nothing_is_told_to_nobody(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room)
    did(await vote(ben, asked, "1"))
    ear = await listen(kabar, ann, channel_of(room))

    did(await vote(ben, asked, "1"))

    assert await ear.heard() == []


async def test_a_stranger_learns_nothing_and_votes_nowhere(
    ann: Person, cleo: Person, room: Json
) -> None:
    asked = await ask(ann, room)

    assert refused(await vote(cleo, asked, "1")) == (404, "message_not_found")
    assert refused(await close(cleo, asked)) == (404, "message_not_found")


async def test_the_vote_of_who_leaves_stays_and_is_theirs_when_they_come_back(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    asked = await ask(ann, room)
    did(await vote(ben, asked, "2"))

    await ben.delete(f"/api/chat/rooms/{room['id']}/participants/me")
    assert refused(await vote(ben, asked, "1")) == (404, "message_not_found")
    assert counts(await seen(ann, room)) == [0, 1, 0]

    path = f"/api/chat/rooms/{room['id']}/participants"
    did(await ann.post(path, {"userIds": [ben.id]}))
    assert counts(did(await vote(ben, asked, "1"))) == [1, 0, 0]


async def test_of_two_of_whom_one_blocks_the_other_neither_votes(
    ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room)
    did(await ann.put(f"/api/users/{ben.id}/block"))

    assert refused(await vote(ben, asked, "1")) == (404, "user_not_found")
    assert refused(await vote(ann, asked, "1")) == (403, "blocked")
    assert refused(await close(ann, asked)) == (403, "blocked")


async def test_who_may_not_write_announcements_may_vote(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    did(await ann.patch(f"/api/chat/rooms/{room['id']}", {"isAnnouncement": True}))
    asked = await ask(ann, room)

    assert counts(did(await vote(ben, asked, "1"))) == [1, 0, 0]
    assert refused(await send(ben, room, "", poll=LUNCH)) == (403, "only_admins_write")


async def test_what_is_no_poll_takes_no_votes(ann: Person, ben: Person, room: Json) -> None:
    said = await say(ann, room)

    assert refused(await vote(ben, said, "1")) == (409, "not_a_poll")
    assert refused(await close(ann, said)) == (409, "not_a_poll")


async def test_a_poll_is_not_edited(ann: Person, ben: Person, room: Json) -> None:
    asked = await ask(ann, room)

    edit = {"messageId": asked["id"], "content": "Where do we drink?"}
    assert refused(await ann.patch("/api/chat/messages", edit)) == (409, "poll_is_fixed")
    assert (await seen(ben, room))["content"] == "Where do we eat?"


async def test_a_deleted_poll_is_a_tombstone_that_keeps_no_vote(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room)
    did(await vote(ben, asked, "2"))

    await delete(ann, asked)

    left = await seen(ben, room)
    assert "poll" not in left
    assert left["content"] == ""
    assert refused(await vote(ben, asked, "1")) == (409, "message_is_deleted")
    assert refused(await close(ann, asked)) == (409, "message_is_deleted")
