"""Suggestions: friends of friends, and nobody who is none or was dismissed; never heavy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select, text, update

from kabar.core.events import Event
from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.models import User
from kabar.features.follows import dismissals
from kabar.features.follows.erasure import end_follows
from kabar.features.follows.models import Dismissal
from kabar.features.follows.suggestions import page_of_suggestions
from kabar.infra.db import Database, Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did, refused
from tests.features.follows.test_lists import all_of, fill
from tests.people import MakePerson, Person
from tests.plans import heard, walks_through, would_walk_through

SUGGESTIONS = "/api/users/suggestions"


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


@pytest.fixture
async def cleo(person: MakePerson) -> Person:
    return await person("cleo")


async def follow(one: Person, other: Person) -> None:
    did(await one.put(f"/api/users/{other.id}/follow"))


async def suggested(person: Person) -> list[str]:
    return await all_of(person, SUGGESTIONS, limit=1)


async def test_whom_most_of_mine_follow_comes_first_with_who_they_are(
    db: Database, ann: Person
) -> None:
    friends = [f"f{number}" for number in range(5)]
    names = {name: name.title() for name in (*friends, "star", "known", "stranger")}
    edges = [(ann.id, friend) for friend in friends]
    edges += [(friend, "star") for friend in friends] + [("f1", "known"), ("f2", "known")]
    await db.write(fill, names, [*edges, ("star", "stranger"), ("f0", ann.id)])

    assert await suggested(ann) == ["star", "known"]
    star, known = did(await ann.get(SUGGESTIONS))["users"]
    assert (star["mutualsCount"], known["mutualsCount"]) == (5, 2)
    assert len(star["mutuals"]) == 3
    assert {user["username"] for user in known["mutuals"]} == {"f1", "f2"}
    assert star["relationship"]["following"] is False


async def test_who_follows_nobody_is_advised_nothing(ann: Person, ben: Person) -> None:
    await follow(ben, ann)

    assert did(await ann.get(SUGGESTIONS)) == {"users": [], "nextCursor": None}


async def _block(one: Person, other: Person) -> None:
    did(await one.put(f"/api/users/{other.id}/block"))


async def _set(person: Person, **settings: bool) -> None:
    did(await person.patch("/api/me", settings))


async def _ask(ann: Person, cleo: Person) -> None:
    await _set(cleo, isPrivate=True)
    await follow(ann, cleo)


async def _mute(ann: Person, cleo: Person) -> None:
    did(await ann.put(f"/api/users/{cleo.id}/mute"))


async def _dismiss(ann: Person, cleo: Person) -> None:
    for _ in range(2):
        assert (await ann.delete(f"{SUGGESTIONS}/{cleo.id}")).status_code == 204


#: why Cleo, whom Ben follows, is not suggested to Ann, who follows Ben
REASONS: dict[str, Callable[[Person, Person, Person], Awaitable[None]]] = {
    "followed": lambda ann, _ben, cleo: follow(ann, cleo),
    "asked": lambda ann, _ben, cleo: _ask(ann, cleo),
    "blocked": lambda ann, _ben, cleo: _block(ann, cleo),
    "blocks": lambda ann, _ben, cleo: _block(cleo, ann),
    "muted": lambda ann, _ben, cleo: _mute(ann, cleo),
    "dismissed": lambda ann, _ben, cleo: _dismiss(ann, cleo),
    "takes no followers": lambda _ann, _ben, cleo: _set(cleo, acceptsFollows=False),
    "whose list is hidden": lambda _ann, ben, _cleo: _set(ben, hideFollows=True),
}


@pytest.mark.parametrize("reason", REASONS)
async def test_nobody_is_suggested_who_is_no_advice(
    ann: Person, ben: Person, cleo: Person, reason: str
) -> None:
    await follow(ann, ben)
    await follow(ben, cleo)
    assert await suggested(ann) == ["cleo"]

    await REASONS[reason](ann, ben, cleo)

    assert await suggested(ann) == []


@pytest.mark.parametrize("who", ["ben", "cleo"])
async def test_who_is_suspended_is_not_suggested_and_suggests_nobody(
    db: Database, ann: Person, ben: Person, cleo: Person, who: str
) -> None:
    await follow(ann, ben)
    await follow(ben, cleo)

    def suspend(tx: Transaction) -> None:
        tx.execute(update(User).where(User.username == who).values(suspended_at=tx.now))

    await db.write(suspend)

    assert await suggested(ann) == []


async def test_a_private_account_is_suggested_and_hidden_counts_are_not_shown(
    ann: Person, ben: Person, cleo: Person
) -> None:
    await follow(ann, ben)
    await follow(ben, cleo)
    await _set(cleo, isPrivate=True, hideFollows=True, hideCounts=True)

    (shown,) = did(await ann.get(SUGGESTIONS))["users"]

    # That Ben follows her stands in his own list.
    assert (shown["username"], shown["mutualsCount"]) == ("cleo", 1)
    assert (shown["followersCount"], shown["followingCount"]) == (None, None)


async def test_dismissing_is_for_people_there_are_and_told_to_nobody(
    ann: Person, ben: Person, told: list[Event]
) -> None:
    assert refused(await ann.delete(f"{SUGGESTIONS}/nobody")) == (404, "user_not_found")
    told.clear()
    assert (await ann.delete(f"{SUGGESTIONS}/@ben")).status_code == 204
    assert told == []
    await _block(ben, ann)
    assert refused(await ann.delete(f"{SUGGESTIONS}/{ben.id}")) == (404, "user_not_found")


async def test_of_very_many_dismissals_the_oldest_is_forgotten(
    db: Database, ann: Person, ben: Person, cleo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dismissals, "MOST_DISMISSED", 1)

    for one in (ben, cleo):
        assert (await ann.delete(f"{SUGGESTIONS}/{one.id}")).status_code == 204

    kept = await db.read(lambda tx: tx.execute(select(Dismissal.dismissed_id)).scalars().all())
    assert kept == [cleo.id]


async def test_dismissals_of_who_is_erased_go(kabar: Kabar, ann: Person, ben: Person) -> None:
    for one, other in ((ann, ben), (ben, ann)):
        did_it = await one.delete(f"{SUGGESTIONS}/{other.id}")
        assert did_it.status_code == 204

    await kabar.db.write(end_follows, [AccountErased(user_id=ben.id)])

    assert await kabar.db.read(lambda tx: tx.execute(select(Dismissal.id)).all()) == []


async def test_no_application_gives_a_user_this_id(ann: Person) -> None:
    answer: Json = (await ann.put(SUGGESTIONS, {"name": "Trap"})).json()
    assert answer["code"] == "reserved_id"


async def test_advice_for_who_follows_thousands_is_not_heavy(db: Database) -> None:
    """Whom everybody follows has thousands of followers, and follows thousands: a few are asked."""
    names = {f"u{n}": "Somebody" for n in range(3_000)}
    edges = [("fan", name) for name in names if name != "u0"]
    for friend in range(2_900, 3_000):
        edges += [(f"u{friend}", f"s{n}") for n in range(200)]
    names |= {f"s{n}": "Suggested" for n in range(200)} | {"fan": "Fan"}
    await db.write(fill, names, edges)
    if not db.is_sqlite:
        await db.write(lambda tx: tx.execute(text("ANALYZE")))

    with heard(db) as said:
        page = await db.read(page_of_suggestions, caller_id="fan", limit=20, after=None)

    assert len(page.users) == 20
    assert all(user.mutuals_count == 100 for user in page.users)
    assert sum(each.rows for each in said if each.rows > 0) < 10_000
    walks = await db.read(walks_through, said, ("Follow",))
    walks |= await db.read(would_walk_through, said, ("User",))
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())
