"""Invites: who has a link comes in, up to a time and so many of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from kabar.core.settings import Settings
from kabar.core.times import rfc3339, utc_now
from kabar.features.chat.groups.invites import MOST_INVITES
from kabar.features.chat.groups.models import Invite
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import address, ban, invite, leave, roles
from tests.features.chat.talk import Json, channel_of, did, group, listen, look_at, refused
from tests.people import MakePerson, Person


async def look(person: Person, link: Json) -> Any:
    return await person.get(f"/api/chat/invites/{link['code']}")


async def accept(person: Person, link: Json) -> Any:
    return await person.post(f"/api/chat/invites/{link['code']}/accept")


async def invites(person: Person, room: Json) -> list[Json]:
    found: list[Json] = did(await person.get(f"{address(room)}/invites"))["invites"]
    return found


async def test_who_has_a_link_sees_little_of_the_group_and_may_come_in(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    ear = await listen(kabar, ben, channel_of(room))
    link = await invite(ann, room)
    assert link["url"] == f"/invite/{link['code']}"
    assert (link["expiresAt"], link["maxUses"], link["uses"]) == (None, None, 0)

    shown = did(await look(cleo, link))
    assert shown == {
        "room": {"id": room["id"], "name": "Team", "avatar": None, "participantsCount": 2}
    }
    came = did(await accept(cleo, link))

    assert (came["id"], came["me"]["role"], came["participantsCount"]) == (room["id"], "member", 3)
    joined = {"roomId": room["id"], "userId": cleo.id, "name": "Cleo", "by": cleo.id}
    assert [data for _, _, data in await ear.heard("user-joined")] == [joined]
    assert [found["uses"] for found in await invites(ann, room)] == [1]


async def test_who_is_in_the_group_already_uses_up_nothing(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    link = await invite(ann, room, maxUses=1)

    assert did(await accept(ben, link))["participantsCount"] == 2
    assert did(await look(ben, link))["room"]["participantsCount"] == 2
    assert [found["uses"] for found in await invites(ann, room)] == [0]


async def test_of_many_at_the_last_place_exactly_one_gets_in(
    ann: Person, person: MakePerson
) -> None:
    room = await group(ann)
    link = await invite(ann, room, maxUses=2)
    people = [await person(f"user{number}") for number in range(6)]

    answers = await asyncio.gather(*(accept(one, link) for one in people))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 410, 410, 410, 410]
    assert {refused(answer) for answer in answers if answer.is_error} == {(410, "invite_spent")}
    assert (await look_at(ann, room))["participantsCount"] == 3
    assert [found["uses"] for found in await invites(ann, room)] == [2]


async def test_when_its_time_is_over_nobody_comes_in(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann)
    link = await invite(ann, room, expiresAt=rfc3339(utc_now() + timedelta(hours=1)))
    past = utc_now() - timedelta(seconds=1)
    await kabar.db.write(lambda tx: tx.execute(update(Invite).values(expires_at=past)))

    for answer in (await look(ben, link), await accept(ben, link)):
        assert refused(answer) == (410, "invite_spent")
    assert await roles(ann, room) == {"ann": "owner"}


async def test_a_link_that_was_revoked_never_was(ann: Person, ben: Person) -> None:
    room = await group(ann)
    link = await invite(ann, room)

    revoked = await ann.delete(f"{address(room)}/invites/{link['id']}")
    again = await ann.delete(f"{address(room)}/invites/{link['id']}")

    assert revoked.status_code == 204
    assert refused(again) == (404, "invite_not_found")
    for answer in (await look(ben, link), await accept(ben, link)):
        assert refused(answer) == (404, "invite_not_found")
    assert await invites(ann, room) == []


async def test_a_link_of_another_group_is_not_revoked_here(ann: Person, ben: Person) -> None:
    room, other = await group(ann), await group(ben)
    link = await invite(ben, other)

    answer = await ann.delete(f"{address(room)}/invites/{link['id']}")

    assert refused(answer) == (404, "invite_not_found")
    assert len(await invites(ben, other)) == 1


async def test_who_is_banned_finds_no_group_behind_a_link(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    link = await invite(ann, room)
    await ban(ann, ben, room)

    for answer in (await look(ben, link), await accept(ben, link)):
        assert refused(answer) == (404, "invite_not_found")


@pytest.mark.parametrize("code", ["x", "A" * 22, "%00", "..%2F", "x" * 3000])
async def test_a_made_up_code_leads_nowhere(ann: Person, code: str) -> None:
    for answer in (
        await ann.get(f"/api/chat/invites/{code}"),
        await ann.post(f"/api/chat/invites/{code}/accept"),
    ):
        assert answer.status_code in {400, 404}


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"maxUses": 0}, "maxUses"),
        ({"maxUses": -1}, "maxUses"),
        ({"maxUses": 100_001}, "maxUses"),
        ({"maxUses": "3"}, "maxUses"),
        ({"expiresAt": "yesterday"}, "expiresAt"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"expiresAt": "2500-01-01T00:00:00Z"}, "expiresAt"),
        ({"expiresAt": "9999-12-31T23:59:59-23:00"}, "expiresAt"),
        ({"expiresAt": "2030-01-01T00:00:00"}, "expiresAt"),
        ({"expiresAt": 1}, "expiresAt"),
        ({"code": "mine"}, "code"),
    ],
)
async def test_an_invite_that_cannot_be_names_what_is_wrong(
    ann: Person, draft: Json, field: str
) -> None:
    room = await group(ann)

    answer = await ann.post(f"{address(room)}/invites", draft)

    assert refused(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await invites(ann, room) == []


async def test_an_invite_made_twice_with_one_key_is_one(ann: Person) -> None:
    room = await group(ann)
    key = {"idempotency-key": "1"}

    first = await ann.post(f"{address(room)}/invites", {"maxUses": 1}, headers=key)
    second = await ann.post(f"{address(room)}/invites", {"maxUses": 1}, headers=key)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(await invites(ann, room)) == 1

    await ann.delete(f"{address(room)}/invites/{first.json()['id']}")
    third = await ann.post(f"{address(room)}/invites", {"maxUses": 1}, headers=key)
    assert refused(third) == (404, "invite_not_found"), "a link that was revoked is not given again"


async def test_a_group_has_so_many_invites_and_no_more(ann: Person) -> None:
    room = await group(ann)
    for _ in range(MOST_INVITES):
        await invite(ann, room)

    answer = await ann.post(f"{address(room)}/invites", {})

    assert refused(answer) == (409, "too_many_invites")
    first = did(await ann.get(f"{address(room)}/invites", limit=60))
    rest = did(await ann.get(f"{address(room)}/invites", limit=60, cursor=first["nextCursor"]))
    assert (len(first["invites"]), len(rest["invites"])) == (60, 40)
    assert len({found["id"] for found in first["invites"] + rest["invites"]}) == MOST_INVITES


async def test_links_into_a_group_that_everybody_left_lead_nowhere(
    ann: Person, ben: Person
) -> None:
    room = await group(ann)
    link = await invite(ann, room)

    await leave(ann, room)

    assert refused(await accept(ben, link)) == (404, "invite_not_found")


class TestOfAPublicServer:
    """Who passes a link on needs the whole of it."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"public_url": "https://chat.example.org"})

    async def test_the_address_is_whole(self, ann: Person) -> None:
        ann.browser.headers["origin"] = "https://chat.example.org"
        link = await invite(ann, await group(ann))

        assert link["url"] == f"https://chat.example.org/invite/{link['code']}"


class TestOfASmallRoom:
    """A full room takes nobody, and the link is as good as before."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"room_max_participants": 2})

    async def test_a_full_room_uses_up_nothing(
        self, ann: Person, ben: Person, cleo: Person
    ) -> None:
        room = await group(ann, ben)
        link = await invite(ann, room, maxUses=1)

        assert refused(await accept(cleo, link)) == (409, "room_is_full")
        await leave(ben, room)
        assert did(await accept(cleo, link))["participantsCount"] == 2
