"""Bans: the banned one is out at once, and comes back on no road."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from kabar.core.times import rfc3339, utc_now
from kabar.features.chat.groups.models import RoomBan
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import (
    address,
    ban,
    change,
    give_role,
    invite,
    participants,
    roles,
)
from tests.features.chat.talk import Json, did, group, refused, send
from tests.people import Person


async def bans(person: Person, room: Json) -> list[Json]:
    found: list[Json] = did(await person.get(f"{address(room)}/bans"))["bans"]
    return found


async def roads(admin: Person, banned: Person, room: Json, code: str) -> dict[str, httpx.Response]:
    """Try everything that leads into a group."""
    return {
        "add": await admin.post(participants(room), {"userIds": [banned.id]}),
        "join": await banned.post(f"{address(room)}/join"),
        "look at an invite": await banned.get(f"/api/chat/invites/{code}"),
        "invite": await banned.post(f"/api/chat/invites/{code}/accept"),
        "accept": await admin.post(f"{address(room)}/join-requests/{banned.id}/accept"),
        "open": await banned.get(address(room)),
        "write": await send(banned, room),
    }


@pytest.mark.parametrize("rule", ["open", "request", "invite"])
async def test_the_banned_one_comes_back_on_no_road(ann: Person, ben: Person, rule: str) -> None:
    room = await group(ann, ben)
    await change(ann, room, joinRule=rule)
    link = await invite(ann, room)

    await ban(ann, ben, room, reason="Spam")

    answers = await roads(ann, ben, room, link["code"])
    assert {road: refused(answer) for road, answer in answers.items()} == {
        "add": (409, "user_is_banned"),
        "join": (404, "room_not_found"),
        "look at an invite": (404, "invite_not_found"),
        "invite": (404, "invite_not_found"),
        "accept": (404, "join_request_not_found"),
        "open": (404, "room_not_found"),
        "write": (404, "room_not_found"),
    }
    assert await roles(ann, room) == {"ann": "owner"}
    assert "Spam" not in "".join(
        answer.text for road, answer in answers.items() if road not in {"add", "accept"}
    )


async def test_a_ban_can_be_lifted_and_lets_nobody_in_by_that(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    await change(ann, room, joinRule="open")
    await ban(ann, ben, room)

    for _ in range(2):
        assert (await ann.delete(f"{address(room)}/bans/{ben.id}")).status_code == 204

    assert await roles(ann, room) == {"ann": "owner"}
    assert did(await ben.post(f"{address(room)}/join"))["joined"] is True


async def test_a_ban_ends_by_itself(kabar: Kabar, ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    await change(ann, room, joinRule="open")
    until = rfc3339(utc_now() + timedelta(hours=1))
    await ban(ann, ben, room, reason=" Too loud ", until=until)
    (shown,) = await bans(ann, room)
    assert (shown["user"]["username"], shown["reason"], shown["until"]) == (
        "ben",
        "Too loud",
        until,
    )
    assert refused(await ben.post(f"{address(room)}/join")) == (404, "room_not_found")

    past = utc_now() - timedelta(seconds=1)
    await kabar.db.write(lambda tx: tx.execute(update(RoomBan).values(until=past)))

    assert await bans(ann, room) == []
    assert did(await ben.post(f"{address(room)}/join"))["joined"] is True


async def test_who_is_not_in_the_group_can_be_banned_too_and_again(
    ann: Person, ben: Person
) -> None:
    room = await group(ann)

    await ban(ann, ben, room, reason="One")
    await ban(ann, ben, room, reason="Two")

    assert [found["reason"] for found in await bans(ann, room)] == ["Two"]


async def test_only_the_owner_bans_an_admin_and_nobody_the_owner_or_oneself(
    ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    await give_role(ann, ben, room, "admin")
    await give_role(ann, cleo, room, "admin")

    async def banning(who: Person, whom: str) -> Any:
        return refused(await who.put(f"{address(room)}/bans/{whom}", {}))

    assert await banning(ben, cleo.id) == (403, "not_the_room_owner")
    assert await banning(ben, ann.id) == (403, "not_the_room_owner")
    assert await banning(ann, ann.id) == (400, "cannot_ban_self")
    assert await banning(ann, "nobody") == (404, "user_not_found")
    await ban(ann, cleo, room)
    assert await roles(ann, room) == {"ann": "owner", "ben": "admin"}


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": "2500-01-01T00:00:00Z"}, "until"),
        ({"until": "2030-01-01"}, "until"),
        ({"until": "2030-01-01T00:00:00"}, "until"),
        ({"reason": "x" * 501}, "reason"),
        ({"reason": "x\u0000"}, "reason"),
        ({"forever": True}, "forever"),
    ],
)
async def test_a_ban_that_cannot_be_bans_nobody(
    ann: Person, ben: Person, draft: Json, field: str
) -> None:
    room = await group(ann, ben)

    answer = await ann.put(f"{address(room)}/bans/{ben.id}", draft)

    assert refused(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await bans(ann, room) == []
    assert await roles(ann, room) == {"ann": "owner", "ben": "member"}
