"""Pages of messages, exact at every edge; edits and deletions."""

from __future__ import annotations

import asyncio

import pytest

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
    unread_in,
)
from tests.people import Person

UNKNOWN = "c" + "0" * 24


def shown(page: Json) -> tuple[list[int], bool, bool]:
    """Return the numbers on a page, and whether there is more before and after."""
    seqs = [message["seq"] for message in page["messages"]]
    return seqs, page["hasMoreBefore"], page["hasMoreAfter"]


async def test_a_page_is_a_window_and_knows_its_edges(ann: Person, room: Json) -> None:
    """Of seven messages, for every anchor and every size, against counting by hand."""
    ids = {message["seq"]: message["id"] for message in await say_all(ann, room, 7)}
    every = range(1, 8)

    for limit in (1, 2, 3, 6, 7, 8, 100):
        newest = list(every)[-limit:]
        assert shown(await page_of(ann, room, limit=limit)) == (newest, newest[0] > 1, False)

        for seq in every:
            before = [n for n in every if n < seq][-limit:]
            has_before = bool(before) and before[0] > 1
            page = await page_of(ann, room, limit=limit, beforeId=ids[seq])
            assert shown(page) == (before, has_before, True)

            after = [n for n in every if n > seq][:limit]
            has_after = bool(after) and after[-1] < 7
            page = await page_of(ann, room, limit=limit, afterId=ids[seq])
            assert shown(page) == (after, True, has_after)

            around, has_before, has_after = shown(
                await page_of(ann, room, limit=limit, aroundId=ids[seq])
            )
            assert seq in around
            assert around == list(range(around[0], around[-1] + 1))
            assert len(around) <= limit
            assert (has_before, has_after) == (around[0] > 1, around[-1] < 7)
            same = shown(await page_of(ann, room, limit=limit, aroundSeq=seq))
            assert same == (around, has_before, has_after)
        beyond = await page_of(ann, room, limit=limit, aroundSeq=2**70)
        assert shown(beyond) == shown(await page_of(ann, room, limit=limit, aroundSeq=7))


async def test_an_empty_room_has_an_empty_page(ann: Person, room: Json) -> None:
    assert shown(await page_of(ann, room)) == ([], False, False)


async def test_fifty_are_shown_unless_one_says_otherwise(ann: Person, room: Json) -> None:
    await asyncio.gather(*(say(ann, room, str(number)) for number in range(60)))

    assert shown(await page_of(ann, room)) == (list(range(11, 61)), True, False)


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x", "1.5", "", "9" * 30])
async def test_a_limit_out_of_bounds_is_refused(ann: Person, room: Json, limit: str) -> None:
    answer = await ann.get("/api/chat/messages", roomId=room["id"], limit=limit)

    assert refused(answer)[0] == 422


async def test_a_page_has_one_anchor(ann: Person, room: Json) -> None:
    first, second = await say_all(ann, room, 2)
    anchors = {
        "beforeId": second["id"],
        "afterId": first["id"],
        "aroundId": first["id"],
        "aroundSeq": 1,
    }

    for left_out in (None, *anchors):
        several = {name: value for name, value in anchors.items() if name != left_out}
        answer = await ann.get("/api/chat/messages", roomId=room["id"], **several)
        assert refused(answer) == (400, "one_anchor_only")


@pytest.mark.parametrize("anchor", ["beforeId", "afterId", "aroundId"])
async def test_an_anchor_must_be_of_the_room(
    ann: Person, ben: Person, cleo: Person, room: Json, anchor: str
) -> None:
    elsewhere = await say(ann, await direct_room(ann, cleo))
    foreign = await say(ben, await direct_room(ben, cleo))

    for message_id in (elsewhere["id"], foreign["id"], UNKNOWN, ""):
        answer = await ann.get("/api/chat/messages", roomId=room["id"], **{anchor: message_id})
        assert refused(answer) == (404, "message_not_found")
    too_long = await ann.get("/api/chat/messages", roomId=room["id"], **{anchor: "x" * 65})
    assert refused(too_long)[0] == 422


async def test_a_page_needs_a_room(ann: Person) -> None:
    answer = await ann.get("/api/chat/messages")

    assert refused(answer)[0] == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["roomId"]


# ── other words ──────────────────────────────────────────────────────────────────────────────


async def edit(person: Person, message: Json, content: str) -> Json:
    body = {"messageId": message["id"], "content": content}
    return did(await person.patch("/api/chat/messages", body))


async def test_an_author_may_use_other_words(ann: Person, ben: Person, room: Json) -> None:
    message = await say(ann, room, "teh")

    edited = await edit(ann, message, "the")

    assert edited["editedAt"] is not None
    assert edited == message | {"content": "the", "editedAt": edited["editedAt"], "version": 1}
    assert (await page_of(ben, room))["messages"] == [edited]


async def test_the_same_words_are_no_edit(kabar: Kabar, ann: Person, room: Json) -> None:
    message = await say(ann, room, "the")
    ear = await listen(kabar, ann, channel_of(room))

    assert (await edit(ann, message, "\nthe "))["editedAt"] is None
    assert await ear.heard() == []


async def test_nobody_else_edits_not_even_the_owner(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    message = await say(ben, room, "mine")

    answer = await ann.patch("/api/chat/messages", {"messageId": message["id"], "content": "x"})

    assert refused(answer) == (403, "not_your_message")
    assert (await page_of(ben, room))["messages"][0]["content"] == "mine"


async def test_what_is_deleted_cannot_be_edited(ann: Person, room: Json) -> None:
    message = await say(ann, room)
    await delete(ann, message)

    answer = await ann.patch("/api/chat/messages", {"messageId": message["id"], "content": "x"})

    assert refused(answer) == (409, "message_is_deleted")
    assert (await page_of(ann, room))["messages"][0]["content"] == ""


async def test_the_list_shows_the_newest_message_as_it_is_now(ann: Person, room: Json) -> None:
    first, second = await say_all(ann, room, 2)

    await edit(ann, first, "one")
    assert (await look_at(ann, room))["lastMessage"] == "2"
    await edit(ann, second, "two\nlines")
    assert (await look_at(ann, room))["lastMessage"] == "two lines"
    await delete(ann, first)
    assert (await look_at(ann, room))["lastMessage"] == "two lines"
    await delete(ann, second)
    after = await look_at(ann, room)
    assert (after["lastMessage"], after["lastMessageAt"]) == (None, second["createdAt"])
    await say(ann, room, "three")
    assert (await look_at(ann, room))["lastMessage"] == "three"


# ── deleted for all ──────────────────────────────────────────────────────────────────────────


async def test_what_is_deleted_stays_as_a_tombstone(ann: Person, ben: Person, room: Json) -> None:
    first, second, third = await say_all(ann, room, 3)

    await delete(ann, second)

    page = await page_of(ben, room)
    assert shown(page) == ([1, 2, 3], False, False)
    tombstone = page["messages"][1]
    assert tombstone["deletedAt"] is not None
    assert tombstone == second | {
        "content": "",
        "deletedAt": tombstone["deletedAt"],
        "version": 1,
    }
    assert [page["messages"][0], page["messages"][2]] == [first, third]


async def test_deleting_twice_is_deleting_once(kabar: Kabar, ann: Person, room: Json) -> None:
    message = await say(ann, room)
    await delete(ann, message)
    tombstone = (await page_of(ann, room))["messages"][0]
    ear = await listen(kabar, ann, channel_of(room))

    await asyncio.gather(*(delete(ann, message) for _ in range(5)))

    assert (await page_of(ann, room))["messages"] == [tombstone]
    assert await ear.heard() == []


async def test_an_owner_deletes_what_others_said_and_a_member_does_not(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    team = await group(ann, ben, cleo)
    bens, cleos = await say(ben, team, "ben"), await say(cleo, team, "cleo")

    answer = await ben.delete("/api/chat/messages", messageId=cleos["id"])
    assert refused(answer) == (403, "not_your_message")
    await delete(ann, bens)
    assert [m["content"] for m in (await page_of(cleo, team))["messages"]] == ["", "cleo"]

    direct = await say(ben, room)
    answer = await ann.delete("/api/chat/messages", messageId=direct["id"])
    assert refused(answer) == (403, "not_your_message"), "nobody owns a direct room"


async def test_what_is_deleted_is_not_unread_any_more(ann: Person, ben: Person, room: Json) -> None:
    messages = await say_all(ann, room, 3)
    await read(ben, room, messages[0])

    await delete(ann, messages[0])
    assert await unread_in(ben, room) == 2
    await delete(ann, messages[1])
    assert await unread_in(ben, room) == 1
    await delete(ann, messages[2])
    assert await unread_in(ben, room) == 0


@pytest.mark.parametrize("message_id", [UNKNOWN, "x", "'"])
async def test_an_unknown_message_cannot_be_changed(
    ann: Person, room: Json, message_id: str
) -> None:
    body = {"messageId": message_id, "content": "x"}

    assert refused(await ann.patch("/api/chat/messages", body)) == (404, "message_not_found")
    answer = await ann.delete("/api/chat/messages", messageId=message_id)
    assert refused(answer) == (404, "message_not_found")


async def test_only_deleting_for_all_is_known(ann: Person, room: Json) -> None:
    message = await say(ann, room)

    wrong = await ann.delete("/api/chat/messages", messageId=message["id"], scope="everything")
    assert refused(wrong)[0] == 422
    assert refused(await ann.delete("/api/chat/messages"))[0] == 422
    right = await ann.delete("/api/chat/messages", messageId=message["id"], scope="all")
    assert right.status_code == 204


async def test_edits_deletions_and_sends_at_once_leave_a_room_that_adds_up(
    ann: Person, ben: Person, room: Json
) -> None:
    messages = await say_all(ann, room, 10)

    await asyncio.gather(
        *(delete(ann, message) for message in messages[::2]),
        *(edit(ann, message, "new words") for message in messages[1::2]),
        *(say(ann, room, "more") for _ in range(10)),
    )

    stored = (await page_of(ben, room))["messages"]
    assert [m["seq"] for m in stored] == list(range(1, 21))
    assert [m["content"] for m in stored] == ["", "new words"] * 5 + ["more"] * 10
    assert await unread_in(ben, room) == 15
    assert (await look_at(ben, room))["lastMessage"] == "more"
