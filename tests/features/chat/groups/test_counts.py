"""In how many groups may somebody be, and how many may they make?"""

from __future__ import annotations

from typing import Any

import pytest

from kabar.core.settings import Settings
from tests.people import MakePerson, Person


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Limits that are reached soon."""
    return settings.model_copy(update={"groups_per_user": 2, "groups_made_per_user": "4/hour"})


async def make(owner: Person, *others: Person) -> Any:
    body = {"name": "Team", "participantIds": [other.id for other in others]}
    answer = await owner.post("/api/chat/rooms", body)
    return answer.json()["id"] if answer.status_code == 201 else answer


async def test_who_is_in_the_most_groups_makes_room_first(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    await ann.post("/api/chat/rooms/direct", {"userId": bob.id})  # does not count
    first, _second = await make(ann), await make(ann)

    refused = await make(ann)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_groups")
    assert "Leave one first" in refused.json()["detail"]

    left = await ann.delete(f"/api/chat/rooms/{first}/participants/me")
    assert left.status_code == 204
    assert isinstance(await make(ann), str)


async def test_who_is_in_the_most_groups_is_put_into_none(person: MakePerson) -> None:
    """And nobody is added with them: a request is done whole, or not at all."""
    ann, bob, cat = await person("ann"), await person("bob"), await person("cat")
    await make(bob), await make(bob)
    room = await make(ann)

    for refused in (
        await make(ann, cat, bob),
        await ann.post(f"/api/chat/rooms/{room}/participants", {"userIds": [cat.id, bob.id]}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_groups")

    assert (await ann.get(f"/api/chat/rooms/{room}")).json()["participantsCount"] == 1
    added = await ann.post(f"/api/chat/rooms/{room}/participants", {"userIds": [cat.id]})
    assert added.json()["participantsCount"] == 2


async def test_nobody_makes_groups_without_end(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    for _ in range(4):
        room = await make(ann)
        assert (await ann.delete(f"/api/chat/rooms/{room}/participants/me")).status_code == 204

    refused = await make(ann)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert int(refused.headers["retry-after"]) > 0
    assert isinstance(await make(bob), str)
