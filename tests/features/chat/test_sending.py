"""Sending: numbers without gaps, each message once, and none that may not be said."""

from __future__ import annotations

import asyncio
import random

import pytest
from structlog.testing import capture_logs

from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    delete,
    did,
    direct_room,
    everything_in,
    group,
    in_one_batch,
    look_at,
    refused,
    say,
    say_all,
    send,
    unread_in,
)
from tests.infra.db.conftest import held_up
from tests.people import MakePerson, Person

UNKNOWN = "c" + "0" * 24


async def test_messages_are_numbered_from_one(ann: Person, ben: Person, room: Json) -> None:
    first = await say(ann, room, "one")
    second = await say(ben, room, "two")
    third = await say(ann, room, "three")

    assert [first["seq"], second["seq"], third["seq"]] == [1, 2, 3]
    assert [m["content"] for m in await everything_in(ben, room)] == ["one", "two", "three"]


async def test_two_hundred_senders_at_once_leave_no_gap(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    """Several people in several rooms; each room counts for itself, and exactly."""
    team, other = await group(ann, ben, cleo), await direct_room(ben, cleo)
    may_write = {room["id"]: [ann, ben], team["id"]: [ann, ben, cleo], other["id"]: [ben, cleo]}
    rooms = [room, team, other]
    choices = [random.choice(rooms) for _ in range(200)]

    sent = await asyncio.gather(
        *(
            say(random.choice(may_write[chosen["id"]]), chosen, f"message {number}")
            for number, chosen in enumerate(choices)
        )
    )

    for one in rooms:
        mine = {m["seq"]: m for m in sent if m["roomId"] == one["id"]}
        stored = await everything_in(ben, one)
        assert sorted(mine) == [m["seq"] for m in stored] == list(range(1, len(mine) + 1))
        assert [mine[m["seq"]]["content"] for m in stored] == [m["content"] for m in stored]
        seen = await look_at(ben, one)
        assert seen["lastSeq"] == len(mine)
        assert seen["lastMessage"] == stored[-1]["content"]
        own = [m["seq"] for m in stored if m["senderId"] == ben.id]
        assert seen["me"]["lastReadSeq"] == max(own, default=0)
        assert seen["me"]["unreadCount"] == len(mine) - max(own, default=0)


# ── the same message again ───────────────────────────────────────────────────────────────────


async def test_a_client_id_that_was_seen_gets_the_first_message(ann: Person, room: Json) -> None:
    first = await send(ann, room, "one", clientId="x")
    again = await send(ann, room, "something else", clientId="x")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(await everything_in(ann, room)) == 1


async def test_many_with_the_same_client_id_at_once_are_one(ann: Person, room: Json) -> None:
    answers = await asyncio.gather(*(send(ann, room, clientId="x") for _ in range(50)))

    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await look_at(ann, room))["lastSeq"] == 1


async def test_the_same_idempotency_key_with_another_body_is_refused(
    ann: Person, ben: Person, room: Json
) -> None:
    key = {"Idempotency-Key": "a-key"}
    body = {"roomId": room["id"], "content": "one"}
    first = await ann.post("/api/chat/send", body, headers=key)
    assert first.status_code == 201

    for path, other in (
        ("/api/chat/send", {**body, "content": "two"}),
        ("/api/chat/send", {**body, "replyToId": first.json()["id"]}),
        ("/api/messages", {"receiverId": ben.id, "content": "two"}),
    ):
        answer = await ann.post(path, other, headers=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    again = await ann.post("/api/chat/send", body, headers=key)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


async def test_two_with_the_same_client_id_in_one_batch_are_one(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    with capture_logs() as logs:
        answers = await in_one_batch(
            kabar,
            (ann, room, {"content": "one", "clientId": "x"}),
            (ann, room, {"content": "two", "clientId": "y"}),
            (ann, room, {"content": "three", "clientId": "x"}),
        )

    assert [answer.status_code for answer in answers] == [201, 201, 200]
    assert answers[2].json() == answers[0].json()
    assert [m["content"] for m in await everything_in(ann, room)] == ["one", "two"]
    assert "group_rolled_back" not in {entry["event"] for entry in logs}, "it cost the others time"


async def test_a_client_id_is_its_senders_in_its_room(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    other = await direct_room(ann, cleo)

    for person, where in ((ann, room), (ben, room), (ann, other)):
        assert (await send(person, where, clientId="x")).status_code == 201


@pytest.mark.parametrize("path", ["/api/chat/send", "/api/messages"])
async def test_an_idempotency_key_is_as_good(
    ann: Person, ben: Person, room: Json, path: str
) -> None:
    to = {"roomId": room["id"]} if path == "/api/chat/send" else {"receiverId": ben.id}
    key = {"idempotency-key": "1"}

    answers = await asyncio.gather(
        *(ann.post(path, {**to, "content": "Hello"}, headers=key) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "é".encode("latin-1")])
async def test_an_idempotency_key_that_is_none_is_refused(
    ann: Person, room: Json, key: str | bytes
) -> None:
    body = {"roomId": room["id"], "content": "Hello"}

    answer = await ann.post("/api/chat/send", body, headers={"idempotency-key": key})

    assert refused(answer)[0] == 422
    assert await everything_in(ann, room) == []


async def test_what_was_deleted_is_not_said_again_by_a_repetition(ann: Person, room: Json) -> None:
    await delete(ann, await say(ann, room, "oops", clientId="x"))

    again = await send(ann, room, "oops", clientId="x")

    assert again.status_code == 200
    assert again.json()["content"] == ""
    assert again.json()["deletedAt"] is not None


# ── answers to others ────────────────────────────────────────────────────────────────────────


async def test_a_reply_shows_what_it_answers(ann: Person, ben: Person, room: Json) -> None:
    asked = await say(ann, room, "How\nare you? " + "x" * 200)

    answer = await say(ben, room, "Fine", replyToId=asked["id"])

    assert answer["replyTo"] == {
        "id": asked["id"],
        "seq": 1,
        "senderId": ann.id,
        "senderName": "Ann",
        "content": "How are you? " + "x" * 87,
        "deletedAt": None,
    }
    assert (await everything_in(ann, room))[1]["replyTo"] == answer["replyTo"]


async def test_a_reply_to_what_is_deleted_shows_a_tombstone(ann: Person, room: Json) -> None:
    asked = await say(ann, room, "secret")
    before = await say(ann, room, "x", replyToId=asked["id"])
    await delete(ann, asked)

    after = await say(ann, room, "y", replyToId=asked["id"])

    assert before["replyTo"]["content"] == "secret"
    for found in (after, (await everything_in(ann, room))[1]):
        assert found["replyTo"]["content"] == ""
        assert found["replyTo"]["deletedAt"] is not None


async def test_one_replies_only_to_messages_of_the_same_room(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    own = await say(ann, await direct_room(ann, cleo), "elsewhere")
    foreign = await say(ben, await direct_room(ben, cleo), "secret")

    for message_id in (own["id"], foreign["id"], UNKNOWN):
        answer = await send(ann, room, replyToId=message_id)
        assert refused(answer) == (404, "message_not_found")
    assert (await say(ann, room))["seq"] == 1


async def test_a_message_to_a_user_may_be_a_reply_too(ann: Person, ben: Person, room: Json) -> None:
    asked = await say(ann, room)

    body = {"receiverId": ann.id, "content": "Fine", "replyToId": asked["id"]}
    answer = did(await ben.post("/api/messages", body), 201)

    assert (answer["roomId"], answer["replyTo"]["id"]) == (room["id"], asked["id"])


# ── what sending does besides ────────────────────────────────────────────────────────────────


async def test_posting_counts_as_having_read(ann: Person, ben: Person, room: Json) -> None:
    await say_all(ben, room, 3)
    assert await unread_in(ann, room) == 3

    await say(ann, room)

    seen = (await look_at(ann, room))["me"]
    assert (seen["unreadCount"], seen["lastReadSeq"]) == (0, 4)
    assert [m["isRead"] for m in await everything_in(ben, room)] == [True] * 3 + [False]


async def test_both_in_one_batch_have_read_what_the_other_said_before(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    said = [(who, room, {"content": str(n)}) for n, who in enumerate([ann, ben, ann, ben])]

    await in_one_batch(kabar, *said)

    assert [m["isRead"] for m in await everything_in(ann, room)] == [True, True, True, False]
    assert (await unread_in(ann, room), await unread_in(ben, room)) == (1, 0)


async def test_who_is_refused_leaves_the_others_of_the_batch_whole(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    await say(ann, room, "zero", clientId="seen")

    answers = await in_one_batch(
        kabar,
        (ann, room, {"content": "one"}),
        (cleo, room, {"content": "not in the room"}),
        (ben, room, {"content": "two"}),
        (ann, room, {"content": "no such message", "replyToId": UNKNOWN}),
        (ann, {"id": UNKNOWN}, {"content": "no such room"}),
        (ann, room, {"content": "again", "clientId": "seen"}),
        (ann, room, {"content": "three"}),
    )

    assert [answer.status_code for answer in answers] == [201, 404, 201, 404, 404, 200, 201]
    stored = [(m["seq"], m["content"]) for m in await everything_in(ann, room)]
    assert stored == [(1, "zero"), (2, "one"), (3, "two"), (4, "three")]
    assert await unread_in(ben, room) == 1


async def test_one_may_reply_in_the_batch_to_what_was_said_before(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    asked = await say(ann, room)

    answers = await in_one_batch(
        kabar,
        *((who, room, {"content": "x", "replyToId": asked["id"]}) for who in (ann, ben, ann)),
    )

    assert [answer.json()["replyTo"]["id"] for answer in answers] == [asked["id"]] * 3


async def test_a_direct_message_has_a_receiver_and_one_in_a_group_has_none(
    ann: Person, ben: Person, room: Json, person: MakePerson
) -> None:
    assert (await say(ann, room))["receiverId"] == ben.id
    assert (await say(ben, room))["receiverId"] == ann.id
    assert (await say(ann, await group(ann, ben)))["receiverId"] is None


async def test_too_much_at_once_is_turned_away_and_said_so(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    await ann.get("/api/me")
    async with held_up(kabar.db):
        kabar.db._max_waiting = 3
        sending = [asyncio.create_task(send(ann, room, str(number))) for number in range(10)]
        while sum(task.done() for task in sending) < 7:
            await asyncio.sleep(0)
    answers = await asyncio.gather(*sending)

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [503] * 7
    for answer in answers:
        if answer.status_code == 503:
            assert refused(answer) == (503, "unavailable")
            assert answer.headers["retry-after"] == "1"
    assert [m["seq"] for m in await everything_in(ann, room)] == [1, 2, 3]
