"""Finding people, and seeing them with the relationship."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, event, update

from kabar.features.accounts.models import User
from kabar.features.accounts.name_parts import rewrite_parts
from kabar.features.accounts.queries import search_text
from kabar.features.follows.follows import follow
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.people import MakePerson, Person, identity_of

NAMES = [
    ("anna", "Anna"),
    ("joanne", "Jo"),
    ("bob", "Bob Smith"),
    ("zoe", "Zoé Ärger-Straße"),
    ("percent", "100% sure"),
    ("under", "Mr 0_a"),
    ("slash", "a\\b"),
    ("brien", "Conan O\u2019Brien"),
    ("luc", "Jean\u2011Luc Picard"),
    ("aki", "サクラ 木村"),
    ("karim", "كريم علي"),
]
SEARCHES = [
    ("ann", ["ann", "anna", "joanne"]),
    ("ANN", ["ann", "anna", "joanne"]),
    (" ann ", ["ann", "anna", "joanne"]),
    ("nn", ["ann", "anna", "joanne"]),
    ("smith", ["bob"]),
    ("ÄRGER", ["zoe"]),
    ("ärger", ["zoe"]),
    ("arger", ["zoe"]),
    ("@ann", ["ann", "anna", "joanne"]),
    ("a\u200bnn", ["ann", "anna", "joanne"]),
    ("straße", ["zoe"]),
    ("STRASSE", ["zoe"]),
    ("100%", ["percent"]),
    ("%", ["percent"]),
    ("0_a", ["under"]),
    ("_", ["under"]),
    ("\\", ["slash"]),
    ("nobody", []),
    ("o'brien", ["brien"]),
    ("obrien", ["brien"]),
    ("jean-luc", ["luc"]),
    ("さくら", ["aki"]),
    ("木村 さくら", ["aki"]),
    ("کریم علی", ["karim"]),
    ("smith bob", ["bob"]),
    ("smi  bo", ["bob"]),
    ("picard luc jean", ["luc"]),
    ("bob bob", ["bob"]),
    ("bob nobody", []),
    ("mr 0_", ["under"]),
    ("sure 100%", ["percent"]),
]
MADE_UP: list[tuple[dict[str, Any], int]] = [
    ({"limit": 0}, 422),
    ({"limit": 101}, 422),
    ({"limit": -1}, 422),
    ({"limit": "many"}, 422),
    ({"limit": 1.5}, 422),
    ({"limit": 10**30}, 422),
    ({"cursor": "made-up"}, 400),
    ({"cursor": ""}, 400),
    ({"cursor": "W10"}, 400),
    ({"cursor": "WzEsMl0"}, 400),
    ({"cursor": "ÿ"}, 400),
    ({"cursor": "x" * 5000}, 400),
]
STRANGERS = {
    "following": False,
    "followedBy": False,
    "requested": False,
    "requestedBy": False,
    "blocking": False,
    "muting": False,
}


async def test_a_user_is_seen_with_the_relationship(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    await ann.put(f"/api/users/{bob.id}/follow")

    seen_by_ann = (await ann.get(f"/api/users/{bob.id}")).json()
    seen_by_bob = (await bob.get(f"/api/users/{ann.id}")).json()

    assert seen_by_ann["relationship"] == {**STRANGERS, "following": True}
    assert seen_by_bob["relationship"] == {**STRANGERS, "followedBy": True}
    assert set(seen_by_ann) == {
        "id",
        "username",
        "name",
        "avatar",
        "bio",
        "isPrivate",
        "isBot",
        "acceptsFollows",
        "hideFollows",
        "followersCount",
        "followingCount",
        "createdAt",
        "relationship",
    }


async def test_a_user_is_found_by_id_and_by_username(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")

    assert (await ann.get(f"/api/users/{bob.id}")).json()["username"] == "bob"
    assert (await ann.get("/api/users/@BOB")).json()["id"] == bob.id
    assert (await ann.get("/api/users/bob")).status_code == 404
    assert (await ann.get(f"/api/users/@{bob.id}")).status_code == 404


async def test_an_old_link_leads_to_who_had_the_name_and_to_nobody_else(person: MakePerson) -> None:
    ann, bob, cat = await person("ann"), await person("bob"), await person("cat")
    assert (await ann.patch("/api/me", {"username": "anna"})).status_code == 200

    for name in ("@ann", "@anna", "@ANN"):
        assert (await bob.get(f"/api/users/{name}")).json()["id"] == ann.id
    taken = await bob.patch("/api/me", {"username": "ann"})
    assert (taken.status_code, taken.json()["code"]) == (409, "username_taken")
    assert (await cat.put("/api/users/@ann/follow")).json()["following"]

    assert (await ann.patch("/api/me", {"username": "ann"})).status_code == 200
    assert (await bob.get("/api/users/@anna")).json()["id"] == ann.id


async def test_a_stranger_sees_nobody(stranger: httpx.AsyncClient, person: MakePerson) -> None:
    bob = await person("bob")
    for path in ("", f"/{bob.id}", f"/{bob.id}/followers", f"/{bob.id}/following"):
        assert (await stranger.get(f"/api/users{path}")).status_code == 401


async def test_people_are_found_by_part_of_a_name(
    kabar: Kabar, person: MakePerson, subtests: pytest.Subtests
) -> None:
    """Of each word, in any order, as keyboards type it; what begins with the first comes first.

    %, _ and the backslash stand for themselves.
    """
    ann = await person("ann")
    for username, name in NAMES:
        await identity_of(kabar.db, username)
        await kabar.db.write(_rename, username, name)

    for query, usernames in SEARCHES:
        with subtests.test(query=query):
            answer = await ann.get("/api/users", query=query)
            assert [user["username"] for user in answer.json()["users"]] == usernames


async def test_without_a_query_everybody_is_listed_page_by_page(
    kabar: Kabar, person: MakePerson
) -> None:
    ann = await person("ann")
    for number in range(7):
        await identity_of(kabar.db, f"user{number}")

    found = await _all(ann, "/api/users", limit=3)

    assert found == ["ann", *(f"user{number}" for number in range(7))]


async def test_pages_go_on_from_those_who_begin_with_it_to_the_others(
    kabar: Kabar, person: MakePerson
) -> None:
    ann = await person("ann")
    for username in ("xa", "bax", "xb", "cax", "xc"):
        await identity_of(kabar.db, f"{username}_")

    found = await _all(ann, "/api/users", query="x", limit=2)

    assert found == ["xa_", "xb_", "xc_", "bax_", "cax_"]


async def test_a_list_of_people_is_not_a_query_per_person(kabar: Kabar, person: MakePerson) -> None:
    """With each one's relationship."""
    ann = await person("ann")
    for number in range(20):
        other, _ = await identity_of(kabar.db, f"user{number}")
        await kabar.db.write(follow, follower=other, user=ann.id, socket_id=None)
    statements: list[str] = []
    reader = kabar.db._reader
    await ann.get("/api/me")  # now her session is remembered

    @event.listens_for(reader, "before_cursor_execute")
    def note(_c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    users = (await ann.get("/api/users", query="user")).json()["users"]

    assert len(users) == 20
    assert all(user["relationship"] == {**STRANGERS, "followedBy": True} for user in users)
    assert len(statements) <= 3, "where it begins a word, where it is inside one, who they are"


class TestLists:
    """Who follows a user, and whom they follow."""

    async def test_they_are_newest_first_with_a_total(self, person: MakePerson) -> None:
        ann, bob, cleo = await person("ann"), await person("bob"), await person("cleo")
        await bob.put(f"/api/users/{ann.id}/follow")
        await cleo.put(f"/api/users/{ann.id}/follow")
        await ann.put(f"/api/users/{bob.id}/follow")

        followers = (await ann.get("/api/users/@ann/followers")).json()
        following = (await cleo.get(f"/api/users/{ann.id}/following")).json()

        assert followers["total"] == 2
        assert followers["nextCursor"] is None
        assert sorted(user["username"] for user in followers["users"]) == ["bob", "cleo"]
        assert {user["username"]: user["relationship"] for user in followers["users"]} == {
            "bob": {**STRANGERS, "following": True, "followedBy": True},
            "cleo": {**STRANGERS, "followedBy": True},
        }
        assert following["total"] == 1
        assert [user["username"] for user in following["users"]] == ["bob"]
        assert following["users"][0]["relationship"] == STRANGERS

    async def test_pages_neither_repeat_nor_leave_out(
        self, kabar: Kabar, person: MakePerson
    ) -> None:
        """Also of those who followed within the same millisecond."""
        ann = await person("ann")

        def all_follow(tx: Transaction, followers: list[Any]) -> None:
            for follower in followers:
                follow(tx, follower=follower, user=ann.id, socket_id=None)

        crowd = [(await identity_of(kabar.db, f"user{number}"))[0] for number in range(9)]
        await kabar.db.write(all_follow, crowd[:5])
        await kabar.db.write(all_follow, crowd[5:])

        first = await _all(ann, "/api/users/@ann/followers", limit=2)

        assert len(first) == 9
        assert set(first) == {f"user{number}" for number in range(9)}
        assert set(first[:4]) == {f"user{number}" for number in range(5, 9)}, "newest first"

    async def test_of_nobody_there_is_no_list(self, person: MakePerson) -> None:
        ann = await person("ann")
        for path in ("followers", "following"):
            assert (await ann.get(f"/api/users/nobody/{path}")).status_code == 404


async def test_made_up_parameters_are_refused(
    person: MakePerson, subtests: pytest.Subtests
) -> None:
    ann = await person("ann")
    for path in ("/api/users", "/api/users/@ann/followers", "/api/users/@ann/following"):
        for parameters, status in MADE_UP:
            with subtests.test(path=path, parameters=parameters):
                answer = await ann.get(path, **parameters)

                assert answer.status_code == status
                assert answer.json()["code"] == ("bad_cursor" if status == 400 else "invalid")


async def test_an_over_long_query_is_refused(person: MakePerson) -> None:
    ann = await person("ann")

    answer = await ann.get("/api/users", query="x" * 101)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query"


async def _all(reader: Person, path: str, **parameters: Any) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        page = (await reader.get(path, **parameters, **more)).json()
        found += [user["username"] for user in page["users"]]
        cursor = page["nextCursor"]
    return found


def _rename(tx: Transaction, username: str, name: str) -> None:
    found_by = search_text(username, name)
    changes = {"name": name, "search_text": found_by}
    changed = update(User).where(User.username == username).values(changes).returning(User.id)
    rewrite_parts(tx, tx.execute(changed).scalar_one(), found_by)
