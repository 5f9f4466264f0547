"""Joining: open groups, groups that are asked, and groups of which nobody learns."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import insert

from kabar.features.chat.groups.joining import MOST_REQUESTS
from kabar.features.chat.groups.models import JoinRequest
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import (
    add,
    address,
    ban,
    change,
    crowd,
    give_role,
    leave,
    roles,
)
from tests.features.chat.talk import Json, did, group, listen, look_at, refused
from tests.people import Person


async def join(person: Person, room: Json) -> Json:
    return did(await person.post(f"{address(room)}/join"))


async def waiting(person: Person, room: Json) -> list[str]:
    found = did(await person.get(f"{address(room)}/join-requests"))["requests"]
    return [request["user"]["username"] for request in found]


async def test_into_an_open_group_one_comes_by_oneself(ann: Person, ben: Person) -> None:
    room = await group(ann)
    await change(ann, room, joinRule="open")

    assert await join(ben, room) == {"joined": True, "requested": False}
    assert await join(ben, room) == {"joined": True, "requested": False}
    assert await roles(ann, room) == {"ann": "owner", "ben": "member"}


async def test_who_asks_is_let_in_by_an_admin_and_hears_of_it(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, cleo)
    await change(ann, room, joinRule="request")
    anns = await listen(kabar, ann, f"private-user-{ann.id}")
    bens = await listen(kabar, ben, f"private-user-{ben.id}")
    cleos = await listen(kabar, cleo, f"private-user-{cleo.id}")

    assert await join(ben, room) == {"joined": False, "requested": True}
    assert await join(ben, room) == {"joined": False, "requested": True}
    assert await waiting(ann, room) == ["ben"]
    asked = {"roomId": room["id"], "userId": ben.id, "name": "Ben", "username": "ben"}
    assert [data for _, _, data in await anns.heard("join-requested")] == [
        {**asked, "avatar": None}
    ]
    accepted = await ann.post(f"{address(room)}/join-requests/{ben.id}/accept")

    assert accepted.status_code == 204
    assert await waiting(ann, room) == []
    assert await roles(ann, room) == {"ann": "owner", "cleo": "member", "ben": "member"}
    assert [event for _, event, _ in await bens.heard()] == ["user-joined"]
    ended = {"roomId": room["id"], "userId": ben.id}
    assert [data for _, _, data in await anns.heard("join-request-ended")] == [ended]
    # Who may not let in does not hear who asks.
    assert [event for _, event, _ in await cleos.heard()] == []


async def test_who_is_rejected_hears_nothing_and_may_ask_again(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann)
    await change(ann, room, joinRule="request")
    bens = await listen(kabar, ben, f"private-user-{ben.id}")
    await join(ben, room)

    rejected = await ann.post(f"{address(room)}/join-requests/{ben.id}/reject")

    assert rejected.status_code == 204
    assert await bens.heard() == []
    for answer in ("accept", "reject"):
        again = await ann.post(f"{address(room)}/join-requests/{ben.id}/{answer}")
        assert refused(again) == (404, "join_request_not_found")
    assert await join(ben, room) == {"joined": False, "requested": True}


async def test_who_takes_it_back_waits_no_longer_and_may_ask_again(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann)
    await change(ann, room, joinRule="request")
    anns = await listen(kabar, ann, f"private-user-{ann.id}")
    await join(ben, room)

    assert (await ben.delete(f"{address(room)}/join")).status_code == 204
    assert await waiting(ann, room) == []
    ended = {"roomId": room["id"], "userId": ben.id}
    assert [data for _, _, data in await anns.heard("join-request-ended")] == [ended]
    assert refused(await ben.delete(f"{address(room)}/join")) == (404, "join_request_not_found")
    # The same of a room that does not exist: nobody learns of one so.
    nowhere = {"id": "nowhere"}
    assert refused(await ben.delete(f"{address(nowhere)}/join")) == (404, "join_request_not_found")
    assert await join(ben, room) == {"joined": False, "requested": True}


async def test_who_came_in_on_another_road_waits_no_longer(ann: Person, ben: Person) -> None:
    room = await group(ann)
    await change(ann, room, joinRule="request")
    await join(ben, room)

    await add(ann, room, ben)

    assert await waiting(ann, room) == []


async def test_of_a_group_one_is_invited_to_a_stranger_learns_nothing(
    ann: Person, ben: Person, cleo: Person, room: Json
) -> None:
    """It looks like one that does not exist, and like the direct room of two others."""
    private = await group(ann)
    closed = await group(ann)
    await change(ann, closed, joinRule="open")
    await leave(ann, closed)
    banned = await group(ann)
    await change(ann, banned, joinRule="open")
    await ban(ann, cleo, banned)

    answers = [
        await cleo.post(f"/api/chat/rooms/{room_id}/join")
        for room_id in (private["id"], closed["id"], banned["id"], room["id"], "nothing")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "Team" not in answers[0].text


async def test_what_is_behind_the_door_is_for_the_staff(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    await change(ann, room, joinRule="request")

    for path in ("join-requests", "invites", "bans"):
        assert refused(await ben.get(f"{address(room)}/{path}")) == (403, "not_a_room_admin")
    await give_role(ann, ben, room, "admin")
    for path in ("join-requests", "invites", "bans"):
        did(await ben.get(f"{address(room)}/{path}"))


async def test_the_longest_waiting_are_first_page_by_page(kabar: Kabar, ann: Person) -> None:
    room = await group(ann)
    await crowd(kabar, await group(ann), 7)
    await ask(kabar, room, 7)

    first = did(await ann.get(f"{address(room)}/join-requests", limit=4))
    rest = did(await ann.get(f"{address(room)}/join-requests", limit=4, cursor=first["nextCursor"]))

    ids = [request["user"]["id"] for request in first["requests"] + rest["requests"]]
    assert ids == [f"crowd{number}" for number in range(7)]
    assert rest["nextCursor"] is None


async def test_so_many_may_ask_and_no_more(kabar: Kabar, ann: Person, ben: Person) -> None:
    room = await group(ann)
    await change(ann, room, joinRule="request")
    await crowd(kabar, await group(ann), MOST_REQUESTS)
    await ask(kabar, room, MOST_REQUESTS)

    answer = await ben.post(f"{address(room)}/join")

    assert refused(answer) == (409, "too_many_join_requests")


async def ask(kabar: Kabar, room: Json, count: int) -> None:
    """Let the first of the crowd ask to come in, all at one moment."""
    await kabar.db.write(
        lambda tx: tx.execute(
            insert(JoinRequest),
            [
                {"room_id": room["id"], "user_id": f"crowd{number}", "created_at": tx.now}
                for number in range(count)
            ],
        )
    )


@pytest.mark.parametrize("_", range(4))
async def test_accepted_and_banned_at_once_is_not_in(ann: Person, ben: Person, _: int) -> None:
    """In either order: a ban takes out who is in, and ends what is asked."""
    room = await group(ann)
    await change(ann, room, joinRule="request")
    await join(ben, room)

    accepted, banned = await asyncio.gather(
        ann.post(f"{address(room)}/join-requests/{ben.id}/accept"),
        ann.put(f"{address(room)}/bans/{ben.id}", {}),
    )

    assert accepted.status_code in {204, 404}
    assert banned.status_code == 204
    assert await roles(ann, room) == {"ann": "owner"}
    assert (await look_at(ann, room))["participantsCount"] == 1
    assert await waiting(ann, room) == []
