"""Groups: made by one, changed by those who may."""

from __future__ import annotations

import asyncio

import pytest

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, channel_of, did, group, listen, look_at, refused
from tests.people import MakePerson, Person


async def test_who_makes_a_group_owns_it(ann: Person, ben: Person, cleo: Person) -> None:
    made = await group(ann, ben, cleo, name="  The Team  ")

    assert (made["type"], made["name"]) == ("GROUP", "The Team")
    assert made["participantsCount"] == 3
    assert {p["id"]: p["role"] for p in made["participants"]} == {
        ann.id: "owner",
        ben.id: "member",
        cleo.id: "member",
    }
    assert made["me"]["role"] == "owner"
    assert (await look_at(ben, made))["me"]["role"] == "member"


async def test_naming_somebody_twice_or_oneself_adds_nobody_twice(ann: Person, ben: Person) -> None:
    assert (await group(ann, ben, ann, ben))["participantsCount"] == 2
    assert (await group(ann))["participantsCount"] == 1


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x\u0000"}, "name"),
        ({"name": None}, "name"),
        ({}, "name"),
        ({"name": "x", "participantIds": "abc"}, "participantIds"),
        ({"name": "x", "participantIds": [7]}, "participantIds[0]"),
        ({"name": "x", "participantIds": ["a\u0000"]}, "participantIds[0]"),
        ({"name": "x", "avatar": "javascript:alert(1)"}, "avatar"),
        ({"name": "x", "avatar": "x" * 3000}, "avatar"),
        ({"name": "x", "owner": "me"}, "owner"),
    ],
)
async def test_a_group_that_cannot_be_names_what_is_wrong(
    ann: Person, draft: Json, field: str
) -> None:
    answer = await ann.post("/api/chat/rooms", draft)

    assert refused(answer)[0] == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert did(await ann.get("/api/messages"))["conversations"] == []


async def test_a_group_with_somebody_who_does_not_exist_is_not_made(
    ann: Person, ben: Person
) -> None:
    answer = await ann.post("/api/chat/rooms", {"name": "x", "participantIds": [ben.id, "nobody"]})

    assert refused(answer) == (404, "user_not_found")
    assert did(await ben.get("/api/messages"))["conversations"] == []


async def test_a_group_made_twice_with_one_key_is_one(ann: Person, ben: Person) -> None:
    draft = {"name": "Team", "participantIds": [ben.id]}
    key = {"idempotency-key": "1"}

    first, *others = await asyncio.gather(
        *(ann.post("/api/chat/rooms", draft, headers=key) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in (first, *others)) == [200] * 9 + [201]
    assert len({answer.json()["id"] for answer in (first, *others)}) == 1
    assert len(did(await ann.get("/api/messages"))["conversations"]) == 1

    await ann.patch(f"/api/chat/rooms/{first.json()['id']}", {"name": "Club"})
    assert did(await ann.post("/api/chat/rooms", draft, headers=key))["name"] == "Club"
    await ann.delete(f"/api/chat/rooms/{first.json()['id']}/participants/me")
    gone = await ann.post("/api/chat/rooms", draft, headers=key)
    assert refused(gone) == (404, "room_not_found"), "whoever has left is not shown it again"


async def test_owner_gives_another_name_and_picture_and_all_are_told(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    ear = await listen(kabar, ben, channel_of(room))
    address = f"/api/chat/rooms/{room['id']}"
    picture = "https://example.org/a.png"

    renamed = did(await ann.patch(address, {"name": " New "}))
    pictured = did(await ann.patch(address, {"avatar": picture}))
    cleared = did(await ann.patch(address, {"avatar": None}))
    unchanged = did(await ann.patch(address, {}))

    assert (renamed["name"], renamed["avatar"]) == ("New", None)
    assert (pictured["name"], pictured["avatar"]) == ("New", picture)
    # Each change takes a number of the room; nothing else of it differs from before.
    assert cleared == unchanged
    for room_now in (cleared, renamed):
        del room_now["lastSeq"], room_now["me"]["version"]
    assert cleared == renamed
    assert [data for _, _, data in await ear.heard("room-updated")] == [
        {
            "roomId": room["id"],
            "name": "New",
            "avatar": avatar,
            "description": None,
            "joinRule": "invite",
            "isAnnouncement": False,
            "slowModeSeconds": 0,
            "messageTtlSeconds": 0,
            "retentionDays": None,
            "by": ann.id,
        }
        for avatar in (None, picture, None)
    ]


@pytest.mark.parametrize(
    "edit",
    [
        *({"name": ""}, {"name": " "}, {"name": None}, {"avatar": "http://x"}, {"type": "DIRECT"}),
        *({"description": "x" * 501}, {"description": 7}, {"description": "\0"}),
        *({"joinRule": "everybody"}, {"joinRule": None}, {"isAnnouncement": 1}),
        *({"slowModeSeconds": -1}, {"slowModeSeconds": 21_601}, {"slowModeSeconds": 1.5}),
        {"slowModeSeconds": None},
    ],
)
async def test_a_change_that_cannot_be_changes_nothing(
    ann: Person, ben: Person, edit: Json
) -> None:
    room = await group(ann, ben)

    answer = await ann.patch(f"/api/chat/rooms/{room['id']}", edit)

    assert refused(answer)[0] == 422
    assert await look_at(ann, room) == room


async def test_a_member_may_not_rename_a_group(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)

    answer = await ben.patch(f"/api/chat/rooms/{room['id']}", {"name": "Mine"})

    assert refused(answer) == (403, "not_a_room_admin")
    assert (await look_at(ann, room))["name"] == "Team"


class TestAFullRoom:
    """How many a room may hold is a setting."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"room_max_participants": 3})

    async def test_a_group_may_not_be_made_too_large(
        self, person: MakePerson, ann: Person, ben: Person, cleo: Person
    ) -> None:
        room = await group(ann, ben, cleo)
        dan = await person("dan")
        ids = [ben.id, cleo.id, dan.id]

        too_large = await ann.post("/api/chat/rooms", {"name": "x", "participantIds": ids})
        too_many = await ann.post(
            f"/api/chat/rooms/{room['id']}/participants", {"userIds": [dan.id]}
        )

        assert refused(too_large) == refused(too_many) == (409, "room_is_full")
        assert len(did(await ann.get("/api/messages"))["conversations"]) == 1

    async def test_more_than_a_thousand_are_not_named_at_once(self, ann: Person) -> None:
        ids = [f"u{number}" for number in range(1_001)]

        answer = await ann.post("/api/chat/rooms", {"name": "x", "participantIds": ids})

        assert refused(answer) == (422, "invalid")
