"""Who is in a group, page by page, and who of them is called so."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from kabar.features.accounts.models import NamePart
from kabar.features.accounts.name_parts import parts_of
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import add, crowd, participants
from tests.features.chat.talk import Json, did, group, refused
from tests.people import MakePerson, Person


async def names(person: Person, room: Json, **query: object) -> list[str]:
    """Return who is listed, over all pages."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        page = did(await person.get(participants(room), **query, **more))
        found += [one["user"]["username"] for one in page["participants"]]
        cursor = page["nextCursor"]
    return found


async def test_all_are_listed_once_who_is_there_longest_first(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann)
    await crowd(kabar, room, 250)
    await add(ann, room, ben)

    listed = await names(ben, room, limit=100)

    assert len(listed) == len(set(listed)) == 252
    assert (listed[0], listed[-1]) == ("ann", "ben")
    page = did(await ben.get(participants(room), limit=1))
    assert page["total"] == 252
    (first,) = page["participants"]
    assert set(first) == {"user", "role", "joinedAt"}
    assert (first["user"]["id"], first["role"]) == (ann.id, "owner")


async def test_who_came_at_one_time_is_listed_as_they_were_named(
    ann: Person, ben: Person, cleo: Person
) -> None:
    for others in ((ben, cleo), (cleo, ben)) * 3:
        room = await group(ann, *others)
        assert await names(ann, room) == ["ann", *(other.username for other in others)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("BEN", ["ben"]),
        ("@ben", ["ben"]),
        ("be", ["ben"]),
        ("%", []),
        ("nobody", []),
        ("ann ben", []),
    ],
)
async def test_who_is_called_so_is_found_among_them(
    ann: Person, ben: Person, cleo: Person, person: MakePerson, query: str, found: list[str]
) -> None:
    """A namesake who is not in it is not found."""
    await person("benedict")
    room = await group(ann, ben, cleo)

    assert await names(cleo, room, query=query) == found


async def test_who_is_not_in_the_room_sees_nobody(ann: Person, ben: Person, cleo: Person) -> None:
    room = await group(ann, ben)

    assert refused(await cleo.get(participants(room))) == (404, "room_not_found")


async def test_a_direct_room_lists_its_two(ann: Person, room: Json) -> None:
    assert sorted(await names(ann, room)) == ["ann", "ben"]


async def test_in_a_large_group_who_is_called_so_is_found_whether_the_name_is_rare_or_not(
    kabar: Kabar, ann: Person, person: MakePerson
) -> None:
    """A page may end before it has found anybody; the next one goes on."""
    room = await group(ann)
    await crowd(kabar, room, 2_500)
    parts = [
        {"part": part, "user_id": f"crowd{number}"}
        for number in range(2_500)
        for part in parts_of(f" crowd{number}")
    ]
    await kabar.db.write(lambda tx: tx.execute(insert(NamePart), parts))
    late = [await person(name) for name in ("zoe", "zelda", "crowdy")]
    await add(ann, room, *late)

    for query, expected in {
        "zo": ["zoe"],
        "z": ["zoe", "zelda"],
        "crowd zo": [],
        "nobody": [],
        "zoe zoe": ["zoe"],
        # In 200 names and more: looked for along the list.
        "crowd2499": ["crowd2499"],
        "crowdy": ["crowdy"],
    }.items():
        assert await names(ann, room, query=query, limit=2) == expected
    assert len(await names(ann, room, query="crowd1", limit=100)) == 1111
