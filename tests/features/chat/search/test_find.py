"""What is found of what was said, by whom, and where in it that stands."""

from __future__ import annotations

from typing import Any

import pytest

from kabar.server.app import Kabar
from tests.features.chat.search.conftest import Look, contents
from tests.features.chat.talk import Json, delete, did, group, refused, say, say_all
from tests.people import Person


@pytest.mark.parametrize(
    ("said", "sought"),
    [
        ("Shall we meet at the station?", "meet"),
        ("Shall we meet at the station?", "STAT"),
        ("Shall we meet at the station?", "stat*"),
        ("Shall we meet at the station?", "station meet"),
        ("Shall we meet at the station?", '"at the station"'),
        ("Jangan lupa bawa laptop ya", "lupa lap"),
        ("Kata-kata Pak Budi", "kata budi"),
        ("Café Zürich, Straße 5", "cafe zur strass"),
        ("Don\u2019t panic", "dont"),
        ("明日は東京タワーに行きます", "東京"),
        ("明日は東京タワーに行きます", "京タワ"),
        ("明日は東京タワーに行きます", "行"),
        ("我们明天去北京吃饭", "北京吃"),
        ("พรุ่งนี้เจอกันที่สถานี", "สถานี"),
        ("서울에서 만나요", "서울"),
        ("iPhone用ケース", "iphone用"),
        ("Party 🎉 tonight", "🎉"),
        ("mail ann.lee@example.org", "ann.lee@example.org"),
    ],
)
async def test_it_is_found_by_its_words_in_many_languages(
    ann: Person, ben: Person, room: Json, look: Look, said: str, sought: str
) -> None:
    await say(ann, room, said)
    await say(ben, room, "something else, 別のこと, อื่น")

    assert contents(await look(ben, sought)) == [said]


@pytest.mark.parametrize(
    "sought",
    ['"stat"', '"the at"', "meet nobody", "京東", "ation", '"meet at station"'],
)
async def test_what_is_not_there_is_not_found(
    ann: Person, room: Json, look: Look, sought: str
) -> None:
    await say(ann, room, "Shall we meet at the station? 東京")

    assert contents(await look(ann, sought)) == []


@pytest.mark.parametrize(
    ("said", "sought", "marked"),
    [
        ("Meet me; meeting at 9", "meet", ["Meet", "meet"]),
        ("Straßenbahn", "STRASS", ["Straß"]),
        ("東京タワー", "京タ", ["京タ"]),
        ("🎉🎉 Party, 東京", "party 東", ["Party", "東"]),
        ("at the station, at the tower", '"at the"', ["at the", "at the"]),
        ("one two", "one one", ["one"]),
    ],
)
async def test_highlights_count_as_javascript_does(
    ann: Person, room: Json, look: Look, said: str, sought: str, marked: list[str]
) -> None:
    await say(ann, room, said)

    (message,) = (await look(ann, sought))["messages"]
    units = said.encode("utf-16-le")
    assert [
        units[2 * start : 2 * end].decode("utf-16-le") for start, end in message["highlights"]
    ] == marked


async def test_a_hit_stands_between_what_was_said_before_and_after_it(
    ann: Person, room: Json, look: Look
) -> None:
    first, _, last = [await say(ann, room, text) for text in ("before", "a needle", "after")]

    (message,) = (await look(ann, "needle"))["messages"]
    assert message["roomId"] == room["id"]
    assert message["previous"]["id"] == first["id"]
    assert message["next"]["content"] == last["content"]

    (newest,) = (await look(ann, "after"))["messages"]
    assert newest["next"] is None


async def test_an_edit_or_a_deletion_changes_at_once_what_is_found(
    ann: Person, ben: Person, room: Json, look: Look
) -> None:
    message = await say(ann, room, "the old words")
    assert contents(await look(ben, "old")) == ["the old words"]

    did(
        await ann.patch(
            "/api/chat/messages", {"messageId": message["id"], "content": "the new words"}
        )
    )
    for q, expected in (("old", []), ("new", ["the new words"])):
        page = did(await ben.get("/api/chat/search", q=q))
        assert contents(page) == expected

    await delete(ann, message)
    assert did(await ben.get("/api/chat/search", q="new"))["messages"] == []


async def test_only_what_one_may_see_now_is_found(
    ann: Person, ben: Person, cleo: Person, room: Json, look: Look
) -> None:
    """Not what strangers say to each other, and nothing more of a group that one has left."""
    team = await group(ann, ben, cleo)
    await say(ann, room, "secret of two")
    await say(ann, team, "secret of three")
    assert contents(await look(cleo, "secret")) == ["secret of three"]

    answer = await cleo.delete(f"/api/chat/rooms/{team['id']}/participants/me")
    assert answer.status_code == 204
    assert contents(await look(cleo, "secret")) == []
    for room_id in (team["id"], room["id"], "nothing"):
        refusal = await cleo.get("/api/chat/search", q="secret", roomId=room_id)
        assert refused(refusal) == (404, "room_not_found")
    assert contents(await look(ben, "secret")) == ["secret of three", "secret of two"]


async def test_nothing_is_found_of_who_is_blocked(
    ann: Person, ben: Person, cleo: Person, look: Look
) -> None:
    """In a group of both their messages are folded away for who blocks, and only for them."""
    team = await group(ann, ben, cleo)
    for person in (ben, cleo):
        await say(person, team, f"lunch says {person.username}")
    did(await ann.put(f"/api/users/{ben.id}/block"))

    (message,) = (await look(ann, "lunch"))["messages"]
    assert (message["content"], message["previous"]) == ("lunch says cleo", None)
    assert len(contents(await look(cleo, "lunch"))) == 2
    did(await ann.delete(f"/api/users/{ben.id}/block"))
    assert len(contents(await look(ann, "lunch"))) == 2


async def test_it_is_narrowed_by_room_sender_time_and_kind(
    ann: Person, ben: Person, cleo: Person, room: Json, look: Look
) -> None:
    team = await group(ann, ben, cleo)
    first = await say(ann, room, "plan one")
    second = await say(ben, team, "plan two: https://example.org/plan")
    third = await say(ben, team, "a picture of the plan", type="image")

    async def found(**more: Any) -> list[str]:
        return contents(await look(ben, "plan", **more))

    assert await found(roomId=room["id"]) == [first["content"]]
    assert await found(senderId=ann.id) == [first["content"]]
    assert await found(has="link") == [second["content"]]
    assert await found(has="image") == [third["content"]]
    assert await found(has="poll") == []
    assert await found(after=third["createdAt"]) == [third["content"]]
    assert third["content"] not in await found(before=third["createdAt"])
    assert await found(before="2001-01-01T00:00:00Z") == []
    assert contents(await look(ben, has="link")) == [second["content"]]
    assert contents(await look(ben, senderId=ann.id)) == [first["content"]]


async def test_pages_go_on_newest_first_over_all_rooms(
    ann: Person, ben: Person, cleo: Person, room: Json, look: Look
) -> None:
    rooms = [room, await group(ann, ben, name="One"), await group(ann, cleo, name="Two")]
    said = [await say(ann, rooms[number % 3], f"item {number}") for number in range(20)]
    # Two that were said in one millisecond stand in the order of their rooms.
    said.sort(key=lambda one: (one["createdAt"], one["roomId"], one["seq"]), reverse=True)

    page = await look(ann, "item", limit=6)
    found = contents(page)
    while page["nextCursor"]:
        page = await look(ann, "item", limit=6, cursor=page["nextCursor"])
        found += contents(page)
    assert found == [one["content"] for one in said]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": ""}, (422, "invalid")),
        ({"q": "?!… —"}, (422, "invalid")),
        ({"q": "x" * 201}, (422, "invalid")),
        ({"q": " ".join(f"w{number}" for number in range(13))}, (422, "invalid")),
        ({"q": "x", "has": "nothing"}, (422, "invalid")),
        ({"q": "x", "before": "yesterday"}, (422, "invalid")),
        ({"q": "x", "after": "2026-11-29T08:00:00"}, (422, "invalid")),
        ({"q": "x", "after": "0001-01-01T00:00:00+14:00"}, (422, "invalid")),
        ({"q": "x", "limit": 51}, (422, "invalid")),
        ({"q": "x", "cursor": "WzFd"}, (400, "bad_cursor")),
    ],
)
async def test_what_cannot_be_looked_for_is_refused(
    ann: Person, query: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refused(await ann.get("/api/chat/search", **query)) == expected


@pytest.mark.parametrize(
    "q", ["'", '"', "\\", "a' | 'b", ":*", "NEAR(a b)", "* OR *", "\U0010ffff a", "a\u0300" * 90]
)
async def test_no_sign_of_the_databases_own_languages_means_anything(
    ann: Person, room: Json, look: Look, q: str
) -> None:
    await say_all(ann, room, 2)

    answer = await ann.get("/api/chat/search", q=q)
    assert answer.status_code in {200, 422}, answer.text


async def test_who_searches_already_waits(kabar: Kabar, ann: Person, room: Json) -> None:
    await say(ann, room, "hello")
    turns = kabar.web.rules.searches
    async with turns.of(ann.id), turns.of(ann.id):
        answer = await ann.get("/api/chat/search", q="hello")
    assert refused(answer) == (429, "too_many_searches")
    assert answer.headers["retry-after"] == "1"
