"""Private accounts: who wants to follow one asks, and hears of it when they may."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable

import pytest
from sqlalchemy import func, select

from kabar.core.events import Event, Publication
from kabar.features.accounts.events import AccountOpened
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.profiles import update_profile
from kabar.features.accounts.schemas import ProfileChanges
from kabar.features.follows import requests
from kabar.features.follows.errors import FollowRequestNotFound
from kabar.features.follows.follows import follow, toggle_follow, unfollow
from kabar.features.follows.models import Follow, FollowRequest
from kabar.infra.db import Database, Transaction
from tests.people import MakePerson, Person, identity_of


async def hide(person: Person, *, is_private: bool = True) -> None:
    answer = await person.patch("/api/me", {"isPrivate": is_private})
    assert (answer.status_code, answer.json()["isPrivate"]) == (200, is_private)


async def waiting(person: Person, direction: str = "in") -> list[str]:
    """Return who asks, or is asked, newest first."""
    page = (await person.get("/api/follow-requests", direction=direction)).json()
    assert page["total"] == len(page["requests"])
    return [request["user"]["username"] for request in page["requests"]]


async def counts(person: Person) -> tuple[int, int]:
    me = (await person.get("/api/me")).json()
    return me["followersCount"], me["followingCount"]


async def test_who_wants_to_follow_a_private_account_asks(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    await hide(bob)

    for _ in range(2):
        asked = await ann.put(f"/api/users/{bob.id}/follow")
        assert asked.json() == {"following": False, "requested": True, "followersCount": 0}

    assert (await waiting(bob), await waiting(ann, "out")) == (["ann"], ["bob"])
    assert (await waiting(ann), await waiting(bob, "out")) == ([], [])
    assert await counts(bob) == (0, 0)
    seen = (await ann.get(f"/api/users/{bob.id}")).json()["relationship"]
    assert (seen["following"], seen["requested"], seen["requestedBy"]) == (False, True, False)
    seen = (await bob.get(f"/api/users/{ann.id}")).json()["relationship"]
    assert (seen["followedBy"], seen["requested"], seen["requestedBy"]) == (False, False, True)
    assert (await ann.get(f"/api/users/{bob.id}/follow")).json()["requested"] is True


@pytest.mark.parametrize("call", ["delete", "post"])
async def test_a_request_is_taken_back_as_one_unfollows(person: MakePerson, call: str) -> None:
    ann, bob = await person("ann"), await person("bob")
    await hide(bob)
    await ann.post(f"/api/users/{bob.id}/follow")

    answer = await getattr(ann, call)(f"/api/users/{bob.id}/follow")

    assert answer.json() == {"following": False, "requested": False, "followersCount": 0}
    assert await waiting(bob) == []


async def test_who_is_accepted_follows(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    await hide(bob)
    await ann.put(f"/api/users/{bob.id}/follow")

    accepted = await bob.post("/api/follow-requests/@ann/accept")
    again = await bob.post(f"/api/follow-requests/{ann.id}/accept")

    assert (accepted.status_code, accepted.json()) == (200, {"followersCount": 1})
    assert (again.status_code, again.json()["code"]) == (404, "follow_request_not_found")
    assert (await counts(bob), await counts(ann)) == ((1, 0), (0, 1))
    assert await waiting(bob) == []
    followed = await ann.put(f"/api/users/{bob.id}/follow")
    assert followed.json() == {"following": True, "requested": False, "followersCount": 1}


async def test_who_is_rejected_does_not_follow_and_may_ask_again(person: MakePerson) -> None:
    ann, bob = await person("ann"), await person("bob")
    await hide(bob)
    await ann.put(f"/api/users/{bob.id}/follow")

    rejected = await bob.post(f"/api/follow-requests/{ann.id}/reject")
    again = await bob.post(f"/api/follow-requests/{ann.id}/reject")

    assert (rejected.status_code, rejected.json()) == (200, {"followersCount": 0})
    assert (again.status_code, again.json()["code"]) == (404, "follow_request_not_found")
    assert (await waiting(bob), await counts(bob)) == ([], (0, 0))
    await ann.put(f"/api/users/{bob.id}/follow")
    assert await waiting(bob) == ["ann"]


async def test_nobody_answers_for_another(person: MakePerson) -> None:
    ann, bob, eve = await person("ann"), await person("bob"), await person("eve")
    await hide(bob)
    await ann.put(f"/api/users/{bob.id}/follow")

    for caller in (ann, eve):
        for user in (ann, bob):
            for what in ("accept", "reject"):
                answer = await caller.post(f"/api/follow-requests/{user.id}/{what}")
                assert answer.status_code == 404
    unknown = await bob.post("/api/follow-requests/nobody/accept")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "user_not_found")
    assert await waiting(bob) == ["ann"]


async def test_lists_of_a_private_account_are_for_its_followers(person: MakePerson) -> None:
    ann, bob, cleo = await person("ann"), await person("bob"), await person("cleo")
    await cleo.put(f"/api/users/{bob.id}/follow")
    await hide(bob)
    await ann.put(f"/api/users/{bob.id}/follow")

    for path in ("followers", "following"):
        refused = await ann.get(f"/api/users/{bob.id}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (403, "account_private")
        for reader in (bob, cleo):
            assert (await reader.get(f"/api/users/{bob.id}/{path}")).status_code == 200
    # Who was let in before stays.
    assert await counts(bob) == (1, 0)


async def test_a_follower_is_removed_and_hears_nothing_of_it(
    person: MakePerson, db: Database, told: list[Event]
) -> None:
    ann, bob = await person("ann"), await person("bob")
    await ann.put(f"/api/users/{bob.id}/follow")

    for _ in range(2):
        assert (await bob.delete(f"/api/users/{ann.id}/follower")).status_code == 204
    unknown = await bob.delete("/api/users/nobody/follower")

    assert (await counts(bob), await counts(ann)) == ((0, 0), (0, 0))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "user_not_found")


def published(told: Iterable[Event]) -> list[tuple[str, str]]:
    """Return (whose channel, event) of all that was published."""
    return [
        (channel.removeprefix("private-user-"), each.event)
        for event in told
        for each in event.publications()
        if isinstance(each, Publication)
        for channel in each.channels
        if channel.startswith("private-user-")
    ]


async def test_each_hears_what_they_may_know(db: Database, told: list[Event]) -> None:
    """The rejected one hears nothing; the other tabs of who was asked hear that it is done."""
    (ann, _), (bob, _) = await identity_of(db, "ann"), await identity_of(db, "bob")
    await become(db, bob, is_private=True)
    a, b = ann.user_id, bob.user_id
    told.clear()

    await db.write(follow, follower=ann, user=b, socket_id=None)
    await db.write(follow, follower=ann, user=b, socket_id=None)
    assert published(told) == [(b, "follow-requested")]
    told.clear()
    await db.write(unfollow, follower=ann, user=b, socket_id=None)
    assert published(told) == [(b, "follow-request-withdrawn")]
    told.clear()
    await db.write(follow, follower=ann, user=b, socket_id=None)
    await db.write(requests.reject, caller=bob, user=a, socket_id=None)
    assert published(told) == [(b, "follow-requested"), (b, "follow-request-withdrawn")]
    told.clear()
    await db.write(follow, follower=ann, user=b, socket_id=None)
    await db.write(requests.accept, caller=bob, user=a, socket_id=None)
    assert published(told) == [
        (b, "follow-requested"),
        (b, "follow-request-withdrawn"),
        (a, "follow-accepted"),
    ]


async def become(db: Database, user: Identity, *, is_private: bool) -> None:
    changes = ProfileChanges(is_private=is_private)
    await db.write(update_profile, caller=user, changes=changes, password_hash=None)


async def test_a_profile_made_public_accepts_what_waits(
    db: Database, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "_AT_ONCE", 2)
    bob, _ = await identity_of(db, "bob")
    await become(db, bob, is_private=True)
    for number in range(5):
        asking, _ = await identity_of(db, f"fan{number}")
        await db.write(follow, follower=asking, user=bob.user_id, socket_id=None)

    await become(db, bob, is_private=False)
    opened = [event for event in told if isinstance(event, AccountOpened)]
    assert len(opened) == 1
    while opened:
        told.clear()
        await db.write(requests.accept_waiting, opened)
        opened = [event for event in told if isinstance(event, AccountOpened)]

    assert await db.read(state) == ({"bob": (5, 0)} | {f"fan{n}": (0, 1) for n in range(5)}, 0)


async def test_who_is_private_again_accepts_nobody(db: Database, told: list[Event]) -> None:
    (ann, _), (bob, _) = await identity_of(db, "ann"), await identity_of(db, "bob")
    await become(db, bob, is_private=True)
    await db.write(follow, follower=ann, user=bob.user_id, socket_id=None)
    await become(db, bob, is_private=False)
    opened = [event for event in told if isinstance(event, AccountOpened)]
    await become(db, bob, is_private=True)

    await db.write(requests.accept_waiting, opened)

    assert await db.read(state) == ({"ann": (0, 0), "bob": (0, 0)}, 1)


def state(tx: Transaction) -> tuple[dict[str, tuple[int, int]], int]:
    """Return what everybody's counters say, which must be what the lists say; and what waits."""
    rows = tx.execute(select(User.id, User.username, User.followers_count, User.following_count))
    counters = {}
    for user_id, username, followers, following in rows.all():
        listed = [
            tx.execute(select(func.count()).where(column == user_id)).scalar_one()
            for column in (Follow.following_id, Follow.follower_id)
        ]
        assert [followers, following] == listed
        counters[username] = (followers, following)
    waiting = tx.execute(select(func.count()).select_from(FollowRequest)).scalar_one()
    return counters, waiting


async def test_whoever_acts_at_the_same_time_the_counters_are_what_the_lists_are(
    db: Database,
) -> None:
    people = [(await identity_of(db, name))[0] for name in ("ann", "bob", "cleo", "dave")]
    for each in people[:2]:
        await become(db, each, is_private=True)
    choose = random.Random(7)

    async def act() -> None:
        one, other = choose.sample(people, 2)
        act = choose.choice(("follow", "toggle", "unfollow", "accept", "reject", "open", "hide"))
        try:
            if act in ("accept", "reject"):
                answer = getattr(requests, act)
                await db.write(answer, caller=one, user=other.user_id, socket_id=None)
            elif act in ("open", "hide"):
                await become(db, one, is_private=act == "hide")
                await db.write(requests.accept_waiting, [AccountOpened(user_id=one.user_id)])
            else:
                unit = {"follow": follow, "toggle": toggle_follow, "unfollow": unfollow}[act]
                await db.write(unit, follower=one, user=other.user_id, socket_id=None)
        except FollowRequestNotFound:
            pass  # somebody was quicker

    for _ in range(20):
        await asyncio.gather(*(act() for _ in range(10)))

    await db.read(state)
    both = select(FollowRequest.id).join(
        Follow,
        (Follow.follower_id == FollowRequest.requester_id)
        & (Follow.following_id == FollowRequest.target_id),
    )
    assert await db.read(lambda tx: tx.execute(both).all()) == []
