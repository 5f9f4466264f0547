"""Following and unfollowing."""

from __future__ import annotations

import asyncio
import random

import httpx
import pytest
from sqlalchemy import func, select

from kabar.core.events import Event
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.follows.follows import follow, toggle_follow, unfollow
from kabar.features.follows.models import Follow
from kabar.infra.db import Database, Transaction
from tests.people import MakePerson, identity_of


async def test_checklist_a_user_can_follow_another_user(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")

    answer = await ann.post(f"/api/users/{bob.id}/follow")

    assert answer.status_code == 200
    assert answer.json() == {"following": True, "requested": False, "followersCount": 1}


async def test_checklist_a_user_can_unfollow(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    await ann.post(f"/api/users/{bob.id}/follow")

    answer = await ann.post(f"/api/users/{bob.id}/follow")

    assert answer.json() == {"following": False, "requested": False, "followersCount": 0}


async def test_checklist_a_user_cannot_follow_themselves(person: MakePerson) -> None:
    ann = await person("ann")

    for call in (ann.post, ann.put, ann.delete):
        for name in (ann.id, "@ann"):
            answer = await call(f"/api/users/{name}/follow")
            assert (answer.status_code, answer.json()["code"]) == (400, "cannot_follow_self")


async def test_checklist_the_status_persists(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    await ann.post(f"/api/users/{bob.id}/follow")

    assert (await ann.get(f"/api/users/{bob.id}/follow")).json() == {
        "following": True,
        "followedBy": False,
        "requested": False,
        "followersCount": 1,
    }
    assert (await bob.get(f"/api/users/{ann.id}/follow")).json() == {
        "following": False,
        "followedBy": True,
        "requested": False,
        "followersCount": 0,
    }


async def test_checklist_the_counts_are_updated(person: MakePerson) -> None:
    ann, bob, cleo = await person("ann"), await person("bob"), await person("cleo")
    await ann.put(f"/api/users/{bob.id}/follow")
    await cleo.put(f"/api/users/{bob.id}/follow")
    await bob.put(f"/api/users/{ann.id}/follow")

    counts = {}
    for name in ("ann", "bob", "cleo"):
        user = (await ann.get(f"/api/users/@{name}")).json()
        counts[name] = (user["followersCount"], user["followingCount"])

    assert counts == {"ann": (1, 1), "bob": (2, 1), "cleo": (0, 1)}


async def test_putting_and_deleting_may_be_repeated(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    path = "/api/users/@bob/follow"
    followed = {"following": True, "requested": False, "followersCount": 1}
    unfollowed = {"following": False, "requested": False, "followersCount": 0}

    assert (await ann.delete(path)).json() == unfollowed
    assert [(await ann.put(path)).json() for _ in range(3)] == [followed] * 3
    assert [(await ann.delete(path)).json() for _ in range(3)] == [unfollowed] * 3
    assert (await bob.get("/api/me")).json()["followersCount"] == 0


async def test_somebody_who_does_not_exist_cannot_be_followed(
    person: MakePerson, subtests: pytest.Subtests
) -> None:
    ann = await person("ann")
    for name in ("nobody", "@nobody", "@", "%F0%9F%98%80", "x" * 300):
        for call in (ann.post, ann.put, ann.delete, ann.get):
            with subtests.test(name=name, call=call):
                answer = await call(f"/api/users/{name}/follow")
                assert (answer.status_code, answer.json()["code"]) == (404, "user_not_found")


async def test_a_stranger_follows_nobody(stranger: httpx.AsyncClient, person: MakePerson) -> None:
    bob = await person("bob")
    assert (await stranger.post(f"/api/users/{bob.id}/follow")).status_code == 401


async def test_checklist_the_followed_one_is_told(db: Database, told: list[Event]) -> None:
    ann, bob = await _two(db)

    await db.write(follow, follower=ann, user=bob.user_id, socket_id="1.2")

    (event,) = told
    assert isinstance(event, UserFollowed)
    (publication,) = event.publications()
    assert publication.channels == (f"private-user-{bob.user_id}", f"user-{bob.user_id}")
    assert publication.event == "new-follower"
    assert publication.data == (
        f'{{"userId":"{ann.user_id}","name":"Ann","username":"ann","avatar":null}}'
    )
    assert publication.except_socket == "1.2"


async def test_the_unfollowed_one_is_told(db: Database, told: list[Event]) -> None:
    ann, bob = await _two(db)
    await db.write(follow, follower=ann, user=bob.user_id, socket_id=None)

    await db.write(unfollow, follower=ann, user=bob.user_id, socket_id=None)

    event = told[-1]
    assert isinstance(event, UserUnfollowed)
    (publication,) = event.publications()
    assert publication.channels == (f"private-user-{bob.user_id}", f"user-{bob.user_id}")
    assert publication.event == "user-unfollowed"
    assert publication.data == f'{{"userId":"{ann.user_id}","username":"ann"}}'


async def test_nobody_is_told_of_what_did_not_change(db: Database, told: list[Event]) -> None:
    ann, bob = await _two(db)

    await db.write(unfollow, follower=ann, user=bob.user_id, socket_id=None)
    for _ in range(3):
        await db.write(follow, follower=ann, user=bob.user_id, socket_id=None)

    assert [type(event) for event in told] == [UserFollowed]


async def test_counts_stay_right_when_all_follow_all_at_once(
    db: Database, told: list[Event]
) -> None:
    """Pairs that follow each other at the same moment must not wait for each other for ever."""
    people = [(await identity_of(db, f"user{number}"))[0] for number in range(8)]
    pairs = [(one, other) for one in people for other in people if one is not other]
    random.Random(7).shuffle(pairs)

    await asyncio.gather(
        *(
            db.write(follow, follower=one, user=other.user_id, socket_id=None)
            for one, other in pairs * 3
        )
    )

    assert await _counts(db) == {person.user_id: (7, 7) for person in people}
    assert len(told) == len(pairs)


async def test_counts_stay_right_when_calls_of_every_kind_cross(
    db: Database, told: list[Event]
) -> None:
    people = [(await identity_of(db, f"user{number}"))[0] for number in range(4)]
    chance = random.Random(11)
    calls = []
    for _ in range(300):
        one, other = chance.sample(people, 2)
        unit = chance.choice([follow, unfollow, toggle_follow])
        calls.append(db.write(unit, follower=one, user=other.user_id, socket_id=None))

    await asyncio.gather(*calls)

    counted = await db.read(_really)
    assert await _counts(db) == {
        person.user_id: counted.get(person.user_id, (0, 0)) for person in people
    }
    begun = sum(isinstance(event, UserFollowed) for event in told)
    ended = sum(isinstance(event, UserUnfollowed) for event in told)
    assert begun - ended == sum(followers for followers, _ in counted.values())


async def test_an_even_number_of_toggles_at_once_changes_nothing(
    db: Database, told: list[Event]
) -> None:
    """They are done one after the other, whatever the database."""
    ann, bob = await _two(db)

    states = await asyncio.gather(
        *(
            db.write(toggle_follow, follower=ann, user=bob.user_id, socket_id=None)
            for _ in range(20)
        )
    )

    assert sum(state.following for state in states) == 10
    assert (await _counts(db))[bob.user_id] == (0, 0)
    assert len(told) == 20


async def _two(db: Database) -> tuple[Identity, Identity]:
    return (await identity_of(db, "ann"))[0], (await identity_of(db, "bob"))[0]


async def _counts(db: Database) -> dict[str, tuple[int, int]]:
    """Return what the columns say: (followers, following)."""
    rows = await db.read(
        lambda tx: tx.execute(select(User.id, User.followers_count, User.following_count)).all()
    )
    return {user_id: (followers, following) for user_id, followers, following in rows}


def _really(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Return what the rows say."""
    followers = dict(
        tx.execute(select(Follow.following_id, func.count()).group_by(Follow.following_id)).all()
    )
    following = dict(
        tx.execute(select(Follow.follower_id, func.count()).group_by(Follow.follower_id)).all()
    )
    users = followers.keys() | following.keys()
    return {user: (followers.get(user, 0), following.get(user, 0)) for user in users}
