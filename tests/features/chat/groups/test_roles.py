"""Roles: who may do what, who makes whom what, and to whom a group passes on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from kabar.features.chat.groups.staff import MOST_ADMINS
from kabar.features.chat.models import ChatParticipant, Role
from kabar.features.chat.permissions import MAY, Act
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import (
    add,
    address,
    crowd,
    give_role,
    leave,
    participants,
    roles,
)
from tests.features.chat.talk import (
    Json,
    channel_of,
    did,
    direct_room,
    group,
    listen,
    look_at,
    refused,
    say,
    send,
)
from tests.house.tree import ROOT
from tests.people import MakePerson, Person


async def test_the_owner_makes_admins_and_members_of_them_and_all_are_told(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    in_the_room = await listen(kabar, cleo, channel_of(room))
    bens = await listen(kabar, ben, f"private-user-{ben.id}")

    promoted = await give_role(ann, ben, room, "admin")
    again = await give_role(ann, ben, room, "admin")
    assert await roles(cleo, room) == {"ann": "owner", "ben": "admin", "cleo": "member"}
    await give_role(ann, ben, room, "member")

    assert promoted == again
    assert (promoted["user"]["username"], promoted["role"]) == ("ben", "admin")
    told = [
        {"roomId": room["id"], "userId": ben.id, "role": role, "by": ann.id}
        for role in ("admin", "member")
    ]
    assert [data for _, _, data in await in_the_room.heard("participant-updated")] == told
    assert [data for _, _, data in await bens.heard("participant-updated")] == told
    assert await roles(cleo, room) == {"ann": "owner", "ben": "member", "cleo": "member"}


async def test_who_hands_over_is_an_admin_from_then_on(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)

    await give_role(ann, ben, room, "owner")

    assert await roles(ann, room) == {"ann": "admin", "ben": "owner"}
    assert refused(await ann.patch(f"{participants(room)}/{ben.id}", {"role": "member"})) == (
        403,
        "not_the_room_owner",
    )


async def test_an_admin_may_step_down_and_an_owner_hands_over_first(
    ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    await give_role(ann, ben, room, "admin")

    assert did(await ben.patch(f"{participants(room)}/me", {"role": "member"}))["role"] == "member"
    for role in ("member", "admin"):
        answer = await ann.patch(f"{participants(room)}/me", {"role": role})
        assert refused(answer) == (409, "owner_hands_over_first")
    assert await roles(ann, room) == {"ann": "owner", "ben": "member"}


@pytest.mark.parametrize("role", ["chief", "OWNER", "", None, 7])
async def test_a_role_that_is_none_is_refused(ann: Person, ben: Person, role: object) -> None:
    room = await group(ann, ben)

    answer = await ann.patch(f"{participants(room)}/{ben.id}", {"role": role})

    assert refused(answer) == (422, "invalid")


async def test_who_is_not_there_gets_no_role(ann: Person, ben: Person, cleo: Person) -> None:
    room = await group(ann, ben)

    answer = await ann.patch(f"{participants(room)}/{cleo.id}", {"role": "admin"})
    strangers = await cleo.patch(f"{participants(room)}/me", {"role": "owner"})

    assert refused(answer) == (404, "participant_not_found")
    assert refused(strangers) == (404, "room_not_found")


async def test_in_a_direct_room_there_are_no_roles(ann: Person, ben: Person, room: Json) -> None:
    calls = [
        await ann.patch(f"{participants(room)}/{ben.id}", {"role": "admin"}),
        await ann.patch(address(room), {"slowModeSeconds": 10}),
        await ann.put(f"{address(room)}/bans/{ben.id}", {}),
        await ann.post(f"{address(room)}/invites", {}),
        await ann.get(f"{address(room)}/invites"),
        await ann.get(f"{address(room)}/bans"),
        await ann.get(f"{address(room)}/join-requests"),
    ]

    assert {refused(answer) for answer in calls} == {(409, "direct_room_is_fixed")}
    assert await direct_room(ann, ben) == await look_at(ann, room)


async def test_of_two_admins_who_was_made_one_first_inherits(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    """Ben is longer in the group, Cleo longer an admin."""
    room = await group(ann)
    await add(ann, room, ben)
    await add(ann, room, cleo)
    await give_role(ann, cleo, room, "admin")
    await give_role(ann, ben, room, "admin")
    await since(kabar, ben, room, later=timedelta(seconds=1))

    await leave(ann, room)

    assert await roles(ben, room) == {"ben": "admin", "cleo": "owner"}


async def since(kabar: Kabar, person: Person, room: Json, *, later: timedelta) -> None:
    """Let somebody have got their role later than they did."""
    place = (ChatParticipant.user_id == person.id, ChatParticipant.room_id == room["id"])
    await kabar.db.write(
        lambda tx: tx.execute(update(ChatParticipant).where(*place).values(role_at=tx.now + later))
    )


async def test_a_group_has_so_many_admins_and_no_more(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    await crowd(kabar, room, MOST_ADMINS, role=Role.ADMIN)

    answer = await ann.patch(f"{participants(room)}/{ben.id}", {"role": "admin"})

    assert refused(answer) == (409, "too_many_admins")
    await ann.delete(f"{participants(room)}/crowd0")
    assert (await give_role(ann, ben, room, "admin"))["role"] == "admin"


#: what a person with that role does; the target is a member, or an admin where it says so
ACTS: dict[Act, Callable[[Person, Person, Json], Awaitable[httpx.Response]]] = {
    Act.WRITE: lambda who, _, room: send(who, room),
    Act.DELETE_OF_OTHERS: lambda who, _, room: who.delete(
        "/api/chat/messages", messageId=room["message"]
    ),
    Act.PIN: lambda who, _, room: who.put(f"/api/chat/messages/{room['message']}/pin"),
    Act.EDIT: lambda who, _, room: who.patch(address(room), {"name": "Ours"}),
    Act.INVITE: lambda who, _, room: who.post(f"{address(room)}/invites", {}),
    Act.LET_IN: lambda who, _, room: who.get(f"{address(room)}/join-requests"),
    Act.ADD: lambda who, target, room: who.post(participants(room), {"userIds": [target.id]}),
    Act.HAND_OVER: lambda who, target, room: who.patch(
        f"{participants(room)}/{target.id}", {"role": "owner"}
    ),
    Act.CHANGE_ROLES: lambda who, target, room: who.patch(
        f"{participants(room)}/{target.id}", {"role": "admin"}
    ),
    Act.STEP_DOWN: lambda who, _, room: who.patch(f"{participants(room)}/me", {"role": "member"}),
    Act.REMOVE_MEMBER: lambda who, target, room: who.delete(f"{participants(room)}/{target.id}"),
    Act.REMOVE_ADMIN: lambda who, target, room: who.delete(f"{participants(room)}/{target.id}"),
    Act.LEAVE: lambda who, _, room: who.delete(f"{participants(room)}/me"),
}
#: `test_rules.py` shows the first two, `test_mentions.py` the last
ELSEWHERE = {Act.WRITE_ANNOUNCEMENTS, Act.SKIP_SLOW_MODE, Act.MENTION_ALL_OF_MANY}


@pytest.mark.parametrize("role", Role)
async def test_everybody_may_what_the_table_says_and_nothing_else(
    ann: Person, ben: Person, cleo: Person, person: MakePerson, role: Role
) -> None:
    assert set(MAY) == set(ACTS) | ELSEWHERE
    dan = await person("dan")
    who = ann if role == Role.OWNER else ben
    for act, deed in ACTS.items():
        room = await group(ann, ben, cleo, dan)
        if role == Role.ADMIN:
            await give_role(ann, ben, room, "admin")
        if act == Act.REMOVE_ADMIN:
            await give_role(ann, cleo, room, "admin")
        message = await say(cleo, room)

        answer = await deed(who, cleo, {**room, "message": message["id"]})

        is_refused = answer.status_code in {403, 409}
        assert is_refused != (role in MAY[act]), (act, answer.text)


def test_the_reference_shows_the_table() -> None:
    page = (ROOT / "docs" / "reference" / "http-api.md").read_text()
    table = page.partition("### Who may do what in a group")[2].partition("\n#")[0]
    rows = re.findall(r"^\| (.+?) \| (.*?) \| (.*?) \| (.*?) \|$", table, re.MULTILINE)
    shown = {
        act: {role for role, mark in zip(Role, marks, strict=True) if mark == "yes"}
        for act, *marks in rows
    }
    assert {act.value: set(who) for act, who in MAY.items()} == {
        act.value: shown[act.value] for act in MAY
    }
