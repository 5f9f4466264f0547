"""Deleting for oneself: gone from every list of one's own, there for everybody else."""

from __future__ import annotations

import pytest

from kabar.features.chat.deleting import hiding
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    everything_in,
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


async def hide(person: Person, message: Json) -> None:
    answer = await person.delete("/api/chat/messages", messageId=message["id"], scope="me")
    assert answer.status_code == 204, answer.text


async def seqs(person: Person, room: Json) -> list[int]:
    return [message["seq"] for message in await everything_in(person, room)]


async def test_it_is_gone_for_oneself_and_for_nobody_else(
    ann: Person, ben: Person, room: Json
) -> None:
    _, second, _ = await say_all(ann, room, 3)

    await hide(ben, second)
    await hide(ben, second)

    assert await seqs(ben, room) == [1, 3]
    assert await seqs(ann, room) == [1, 2, 3]
    assert (await unread_in(ben, room), await unread_in(ann, room)) == (2, 0)


async def test_a_stranger_cannot(ann: Person, cleo: Person, room: Json) -> None:
    message = await say(ann, room)

    answer = await cleo.delete("/api/chat/messages", messageId=message["id"], scope="me")

    assert refused(answer) == (404, "message_not_found")


async def test_nothing_of_it_is_left_in_the_lists(ann: Person, ben: Person, room: Json) -> None:
    """Of the conversations, and of the notifications."""
    message = await say(ann, room, "secret")

    await hide(ben, message)

    assert (await look_at(ben, room))["lastMessage"] is None
    assert (await look_at(ann, room))["lastMessage"] == "secret"
    entries = did(await ben.get("/api/notifications"))
    assert "secret" not in str(entries)
    assert entries["unreadCount"] == 0


async def test_pages_are_full_and_know_where_they_end(ann: Person, ben: Person, room: Json) -> None:
    said = await say_all(ann, room, 9)
    for message in said[3:]:
        await hide(ben, message)

    newest = await page_of(ben, room, limit=2)
    older = await page_of(ben, room, limit=2, beforeId=newest["messages"][0]["id"])
    after = await page_of(ben, room, limit=2, afterId=said[2]["id"])
    around = await page_of(ben, room, limit=4, aroundId=said[6]["id"])

    def shape(page: Json) -> tuple[list[int], bool, bool]:
        numbers = [message["seq"] for message in page["messages"]]
        return numbers, page["hasMoreBefore"], page["hasMoreAfter"]

    assert shape(newest) == ([2, 3], True, False)
    assert shape(older) == ([1], False, True)
    assert shape(after) == ([], True, False)
    assert shape(around) == ([2, 3], True, False)


async def test_ones_other_devices_hear_of_it_and_nobody_else(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    first, _ = await say_all(ann, room, 2)
    hers = await listen(kabar, ann, channel_of(room), f"private-user-{ann.id}")
    his = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")

    await hide(ben, first)
    await say(ann, room)

    told, _, bell = await his.heard()
    assert [told] == [
        (
            f"private-user-{ben.id}",
            "message-deleted",
            {
                "roomId": room["id"],
                "messageId": first["id"],
                "seq": 1,
                "by": ben.id,
                "scope": "me",
                "unreadCount": 1,
                "version": 3,
                "mentionsCount": 0,
                "firstMentionId": None,
            },
        )
    ]
    assert (bell[2]["unreadCount"], bell[2]["version"]) == (2, 4)
    assert "message-deleted" not in {event for _, event, _ in await hers.heard()}


@pytest.mark.parametrize("first", ["hide", "delete"])
async def test_what_is_deleted_both_ways_is_subtracted_once(
    ann: Person, ben: Person, room: Json, first: str
) -> None:
    message, _ = await say_all(ann, room, 2)
    for act in (first, "delete" if first == "hide" else "hide"):
        await (hide(ben, message) if act == "hide" else delete(ann, message))

    assert await unread_in(ben, room) == 1
    assert await seqs(ben, room) == [2]
    assert (await read(ben, room))["unreadCount"] == 0


async def test_who_comes_back_does_not_find_it_again(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    message = await say(ann, room)
    await say(ann, room)
    await hide(ben, message)
    path = f"/api/chat/rooms/{room['id']}/participants"
    assert (await ben.delete(f"{path}/me")).status_code == 204

    did(await ann.post(path, {"userIds": [ben.id]}))

    # Then they left, and were added again.
    assert await seqs(ben, room) == [2, 3, 4]


async def test_so_many_unread_ones_may_be_deleted_that_counting_them_costs_nothing(
    ann: Person, ben: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hiding, "MOST_UNREAD", 2)
    said = await say_all(ann, room, 3)
    for message in said[:2]:
        await hide(ben, message)

    answer = await ben.delete("/api/chat/messages", messageId=said[2]["id"], scope="me")

    assert refused(answer) == (409, "read_first")
    await read(ben, room)
    await hide(ben, said[2])
    assert await seqs(ben, room) == []
