"""Lists of follows, searched and filtered: whole for who pages on, and never walked through."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from kabar.core.ids import new_id
from kabar.features.accounts.models import NamePart, User
from kabar.features.accounts.name_parts import parts_of
from kabar.features.accounts.queries import search_text
from kabar.features.follows import list_search
from kabar.features.follows.lists import FOLLOWERS_LIST, List, page_of_follows
from kabar.features.follows.models import Follow
from kabar.features.follows.mutuals import page_of_mutuals
from kabar.features.follows.recount import repair_counts
from kabar.infra.db import Database, Transaction
from tests.features.chat.talk import Json, did, refused
from tests.people import MakePerson, Person
from tests.plans import heard, walks_through

LISTS = ("followers", "following")


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


def fill(tx: Transaction, names: dict[str, str], follows: list[tuple[str, str]]) -> None:
    """Make users, under ids that are their usernames, who follow each other, the last one last."""
    users = [
        {
            "id": username,
            "username": username,
            "name": name,
            "email": f"{username}@x.org",
            "search_text": search_text(username, name),
            "created_at": tx.now,
            "updated_at": tx.now,
        }
        for username, name in names.items()
    ]
    tx.execute(insert(User), users)
    parts = [
        {"part": part, "user_id": user["id"]}
        for user in users
        for part in parts_of(str(user["search_text"]))
    ]
    tx.execute(insert(NamePart), parts)
    begun = tx.now - timedelta(milliseconds=len(follows))
    edges = [
        {
            "id": new_id(),
            "follower_id": one,
            "following_id": other,
            "created_at": begun + timedelta(milliseconds=number),
        }
        for number, (one, other) in enumerate(follows)
    ]
    tx.execute(insert(Follow), edges)
    repair_counts(tx, user_ids={each for pair in follows for each in pair})


async def all_of(person: Person, path: str, **query: Any) -> list[str]:
    """Page through a list."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = did(await person.get(path, **query, **more))
        found += [user["username"] for user in page["users"]]
        cursor = page["nextCursor"]
        if cursor is None:
            return found


NAMES = {"smith": "Mary Smith", "smythe": "Maria Smythe", "bob": "Bob Mary", "per": "50% O_Neil"}


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("which", LISTS)
async def test_a_list_is_searched_by_parts_of_names(
    db: Database, ann: Person, which: str, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    edges = [(name, ann.id) if which == "followers" else (ann.id, name) for name in NAMES]
    others = {"mary": "Mary Nobody"}
    await db.write(fill, NAMES | others, edges)
    if is_long:
        monkeypatch.setattr(list_search, "MOST_WALKED", 2)
    path = f"/api/users/{ann.id}/{which}"

    async def found(query: str) -> set[str]:
        names = await all_of(ann, path, query=query, limit=1)
        assert len(names) == len(set(names))
        return set(names)

    assert await found("mar") == {"smith", "smythe", "bob"}
    assert await found("MARY smi") == {"smith"}
    assert await found("@bob") == {"bob"}
    assert await found("%") == await found("o_n") == {"per"}
    assert await found("m%y") == await found("nobody") == set()
    assert await found(" ") == set(NAMES)
    page = did(await ann.get(path, query="mar"))
    assert page["total"] == (None if is_long else 3)


async def test_lists_of_ones_own_that_have_no_answer(db: Database, ann: Person) -> None:
    names = {name: name.title() for name in ("both", "fan", "idol", "fanny")}
    edges = [("both", ann.id), (ann.id, "both"), ("fan", ann.id), ("fanny", ann.id)]
    await db.write(fill, names, [*edges, (ann.id, "idol")])
    followers, following = (f"/api/users/{ann.id}/{which}" for which in LISTS)

    fans = {"filter": "not-followed-back"}
    assert set(await all_of(ann, followers, limit=1, **fans)) == {"fan", "fanny"}
    assert did(await ann.get(followers, **fans))["total"] == 2
    assert await all_of(ann, followers, query="fanny", **fans) == ["fanny"]
    idols = {"filter": "not-following-back"}
    assert await all_of(ann, following, **idols) == ["idol"]
    assert did(await ann.get(following, **idols))["total"] == 1
    assert await all_of(ann, followers, query="both", **fans) == []


async def test_filters_are_for_ones_own_lists(ann: Person, ben: Person) -> None:
    for which, only, other in (
        ("followers", "not-followed-back", "not-following-back"),
        ("following", "not-following-back", "not-followed-back"),
    ):
        answer = await ben.get(f"/api/users/{ann.id}/{which}", filter=only)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["filter"]
        for wrong in (other, "nonsense"):
            answer = await ann.get(f"/api/users/{ann.id}/{which}", filter=wrong)
            assert answer.status_code in {400, 422}


async def test_searching_shows_nobody_behind_a_wall_and_no_list_that_is_hidden(
    db: Database, ann: Person, ben: Person
) -> None:
    await db.write(fill, NAMES, [(name, ben.id) for name in NAMES])
    path = f"/api/users/{ben.id}/followers"
    did(await ann.put("/api/users/smith/block"))
    assert set(await all_of(ann, path, query="mar")) == {"smythe", "bob"}
    assert did(await ann.get(path, query="mar"))["total"] == 2

    did(await ben.patch("/api/me", {"hideCounts": True}))
    assert did(await ann.get(path, query="mar"))["total"] is None
    did(await ben.patch("/api/me", {"hideFollows": True}))
    for address in (path, f"/api/users/{ben.id}/mutuals"):
        assert refused(await ann.get(address, query="mar")) == (403, "lists_hidden")


async def test_whom_i_follow_who_follow_somebody(db: Database, ann: Person, ben: Person) -> None:
    edges = [(ann.id, "smith"), (ann.id, "bob"), (ann.id, "per")]
    await db.write(fill, NAMES, [*edges, ("smith", ben.id), ("bob", ben.id), ("smythe", ben.id)])
    path = f"/api/users/{ben.id}/mutuals"

    assert set(await all_of(ann, path, limit=1)) == {"smith", "bob"}
    page: Json = did(await ann.get(path, limit=1))
    assert page["total"] == 2
    assert page["users"][0]["relationship"]["following"] is True
    # The other way of walking, from who follows Ben.
    for name in ("a1", "a2", "a3"):
        await db.write(fill, {name: name}, [(ann.id, name)])
    assert set(await all_of(ann, path, limit=1)) == {"smith", "bob"}
    assert await all_of(ben, f"/api/users/{ann.id}/mutuals") == []
    did(await ben.patch("/api/me", {"isPrivate": True}))
    assert refused(await ann.get(path)) == (403, "account_private")
    assert refused(await ann.get("/api/users/nobody/mutuals")) == (404, "user_not_found")


async def test_a_place_in_a_searched_list_means_nothing_elsewhere(
    db: Database, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await db.write(fill, NAMES, [(name, ann.id) for name in NAMES])
    monkeypatch.setattr(list_search, "MOST_WALKED", 2)
    path = f"/api/users/{ann.id}/followers"
    cursor = did(await ann.get(path, query="m", limit=1))["nextCursor"]

    assert refused(await ann.get(path, cursor=cursor)) == (400, "bad_cursor")
    wrong = await ann.get(f"/api/users/{ann.id}/following", query="m", cursor=cursor)
    assert refused(wrong) == (400, "bad_cursor")


async def test_no_list_of_many_is_walked_through(db: Database) -> None:
    """A request looks at a thousand, of whoever has ten times as many."""
    chance = random.Random(5)
    words = ("Anna", "Maria", "Smith", "Bob", "Zoe")
    names = {f"u{n}": f"{chance.choice(words)} {chance.choice(words)}" for n in range(12_000)}
    star, follower = "star", "u7"
    edges = [(name, star) for name in names]
    edges += [(star, f"u{n}") for n in range(11_990)]
    edges += [(follower, f"u{n}") for n in range(3_000) if n != 7]
    await db.write(fill, names | {star: "Star"}, edges)
    if not db.is_sqlite:
        await db.write(lambda tx: tx.execute(text("ANALYZE")))

    async def page(which: List, query: str, *, unanswered: bool = False) -> int:
        found = await db.read(
            page_of_follows,
            which=which,
            caller_id=star,
            user=star,
            query=query,
            unanswered=unanswered,
            limit=20,
            after=None,
        )
        return len(found.users)

    with heard(db) as said:
        assert await page(FOLLOWERS_LIST, "ann") == 20
        assert await page(FOLLOWERS_LIST, "u77") == 20
        assert await page(FOLLOWERS_LIST, "u7777") == 1
        assert await page(FOLLOWERS_LIST, "zoe bob") == 20
        # Nearly everybody is followed back: those who are not are pages away.
        await page(FOLLOWERS_LIST, "smith", unanswered=True)
        await page(FOLLOWERS_LIST, "", unanswered=True)
        await db.read(page_of_mutuals, caller_id=follower, user=star, limit=20, after=None)

    assert max(each.rows for each in said) <= list_search.MOST_WALKED + 1
    walks = await db.read(walks_through, said, ("User", "KabarNamePart", "Follow"))
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())
