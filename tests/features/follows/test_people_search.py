"""Finding people costs the same, however many there are; and nobody is left out for it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy import insert, text

from kabar.features.accounts.models import NamePart, User
from kabar.features.accounts.name_parts import parts_of
from kabar.features.accounts.queries import search_text
from kabar.features.follows.people_search import MOST_LOOKED_AT, FoundCursor, find_people
from kabar.features.follows.schemas import People
from kabar.infra.db import Database, Transaction
from kabar.infra.http.cursors import read_cursor
from tests.people import MakePerson
from tests.plans import heard, walks_through


async def test_no_search_walks_through_all_people(db: Database) -> None:
    """Sorting 150,000 took 32 to 54 ms of processor a search, and four searches all readers."""
    await db.write(_fill, ((f"user{number}", "Anna Maria Smith") for number in range(20_000)))
    if not db.is_sqlite:
        await db.write(lambda tx: tx.execute(text("ANALYZE")))

    with heard(db) as said:
        for query in ("", "a", "nn", "smith", "user77", "maria ann", "nobody", "nobody smith"):
            page = await _find(db, query)
            if page.next_cursor is not None:
                await _find(db, query, page.next_cursor)

    walks = await db.read(walks_through, said, ("User", "KabarNamePart"))
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())


async def test_who_has_two_frequent_words_is_found_after_all_who_have_one(db: Database) -> None:
    """A request looks at so many, and no more; the pages together at all."""
    many = range(MOST_LOOKED_AT + 300)
    names = [(f"a{number}", "Xann") for number in many] + [
        (f"b{number}", "Xbob") for number in many
    ]
    await db.write(_fill, [*names, ("zz", "Xann Xbob")])

    first = await _find(db, "xann xbob")
    assert (first.users, first.next_cursor is None) == ([], False)
    then = await _find(db, "xann xbob", first.next_cursor)
    assert ([user.username for user in then.users], then.next_cursor) == (["zz"], None)


async def test_who_is_found_twice_over_is_shown_once(db: Database) -> None:
    await db.write(_fill, [("anna", "Annabel Hannah"), ("hanna", "Johanna Anna"), ("bob", "Bob")])

    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await _find(db, "ann", cursor or None, limit=1)
        found += [user.username for user in page.users]
        cursor = page.next_cursor

    assert found == ["anna", "hanna"]


@pytest.mark.parametrize(
    ("query", "usernames"),
    [
        ("\u2603", ["snow"]),
        ("x" * 33, ["long", "longer"]),
        ("x" * 98, ["longer"]),
        ("\U0010ffff", ["last"]),
    ],
)
async def test_long_and_strange_words_are_found_whole(
    db: Database, query: str, usernames: list[str]
) -> None:
    names = {"snow": "A\u2603", "long": "x" * 40, "longer": "x" * 98, "last": "\U0010ffff"}
    await db.write(_fill, [*names.items(), ("bob", "Bob")])

    assert [user.username for user in (await _find(db, query)).users] == usernames


async def test_who_is_called_otherwise_now_is_found_by_that(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")

    assert (await bob.patch("/api/me", {"name": "Robert"})).status_code == 200
    assert (await bob.patch("/api/me", {"username": "rob"})).status_code == 200

    found = {
        query: [
            user["username"] for user in (await ann.get("/api/users", query=query)).json()["users"]
        ]
        for query in ("bob", "robert", "ober", "rob")
    }
    assert found == {"bob": [], "robert": ["rob"], "ober": ["rob"], "rob": ["rob"]}


async def _find(db: Database, query: str, cursor: str | None = None, *, limit: int = 20) -> People:
    after = read_cursor(cursor, FoundCursor)
    return await db.read(find_people, caller_id="me", query=query, limit=limit, after=after)


def _fill(tx: Transaction, names: Iterable[tuple[str, str]]) -> None:
    users, parts = [], []
    for username, name in names:
        found_by = search_text(username, name)
        users.append(
            {
                "id": username,
                "username": username,
                "name": name,
                "email": f"{username}@example.org",
                "is_private": False,
                "followers_count": 0,
                "following_count": 0,
                "search_text": found_by,
                "created_at": tx.now,
                "updated_at": tx.now,
            }
        )
        parts += [{"part": part, "user_id": username} for part in parts_of(found_by)]
    tx.execute(insert(User), users)
    tx.execute(insert(NamePart), parts)
