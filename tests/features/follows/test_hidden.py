"""What somebody hides of their follows is hidden on every road; followers may be refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest

from kabar.features.accounts.events import AccountOpened
from kabar.features.follows.requests import accept_waiting
from kabar.server.app import Kabar
from tests.features.chat.talk import did, refused
from tests.people import MakePerson, Person


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


@pytest.fixture
async def cleo(person: MakePerson) -> Person:
    return await person("cleo")


async def change(person: Person, **settings: bool) -> dict[str, Any]:
    me: dict[str, Any] = did(await person.patch("/api/me", settings))
    assert {name: me[name] for name in settings} == settings
    return me


async def follow(one: Person, other: Person) -> None:
    did(await one.put(f"/api/users/{other.id}/follow"))


def users_in(answer: Any, user_id: str) -> Iterator[dict[str, Any]]:
    """Yield wherever this user is shown with counts."""
    if isinstance(answer, dict):
        if answer.get("id") == user_id and "followersCount" in answer:
            yield answer
        for value in answer.values():
            yield from users_in(value, user_id)
    elif isinstance(answer, list):
        for value in answer:
            yield from users_in(value, user_id)


async def _requested(looker: Person, ann: Person) -> httpx.Response:
    """Ann asks whoever looks."""
    did(await looker.patch("/api/me", {"isPrivate": True}))
    did(await ann.delete(f"/api/users/{looker.id}/follow"))
    did(await ann.put(f"/api/users/{looker.id}/follow"))
    return await looker.get("/api/follow-requests")


async def _blocked(looker: Person, ann: Person) -> httpx.Response:
    did(await looker.put(f"/api/users/{ann.id}/block"))
    return await looker.get("/api/me/blocked")


async def _muted(looker: Person, ann: Person) -> httpx.Response:
    did(await looker.put(f"/api/users/{ann.id}/mute"))
    return await looker.get("/api/me/muted")


#: where Ann is shown to Ben, who follows her and whom she follows
ROADS: dict[str, Callable[[Person, Person], Awaitable[httpx.Response]]] = {
    "profile": lambda ben, ann: ben.get(f"/api/users/{ann.id}"),
    "profile by name": lambda ben, _: ben.get("/api/users/@ann"),
    "search": lambda ben, _: ben.get("/api/users", query="ann"),
    "everybody": lambda ben, _: ben.get("/api/users"),
    "followers of his": lambda ben, _: ben.get(f"/api/users/{ben.id}/followers"),
    "followed by him": lambda ben, _: ben.get(f"/api/users/{ben.id}/following"),
    "requests": _requested,
    "blocked people": _blocked,
    "muted people": _muted,
}


@pytest.mark.parametrize("road", ROADS)
async def test_hidden_counts_are_nowhere(ann: Person, ben: Person, road: str) -> None:
    await follow(ann, ben)
    await follow(ben, ann)
    await change(ann, hideCounts=True)

    shown = list(users_in(did(await ROADS[road](ben, ann)), ann.id))

    assert shown
    for user in shown:
        assert (user["followersCount"], user["followingCount"]) == (None, None)


async def test_hidden_counts_are_in_no_answer_about_following_and_no_total(
    ann: Person, ben: Person
) -> None:
    await change(ann, hideCounts=True)
    address = f"/api/users/{ann.id}/follow"

    for call in (ben.put, ben.post, ben.post, ben.delete, ben.get):
        assert did(await call(address))["followersCount"] is None
    for which in ("followers", "following"):
        assert did(await ben.get(f"/api/users/{ann.id}/{which}"))["total"] is None


async def test_one_sees_ones_own_counts(ann: Person, ben: Person) -> None:
    await follow(ben, ann)
    me = await change(ann, hideCounts=True)

    mine = f"/api/users/{ann.id}"
    for user in (me, did(await ann.get("/api/me")), did(await ann.get(mine))):
        assert (user["followersCount"], user["followingCount"]) == (1, 0)
    assert did(await ann.get("/api/auth/session"))["user"]["followersCount"] == 1
    assert did(await ann.get(f"{mine}/followers"))["total"] == 1
    # Of others nothing is hidden.
    assert did(await ann.get(f"/api/users/{ben.id}"))["followingCount"] == 1


@pytest.mark.parametrize("which", ["followers", "following"])
async def test_hidden_lists_are_for_nobody_else_also_not_for_followers(
    ann: Person, ben: Person, cleo: Person, which: str
) -> None:
    await follow(ben, ann)
    await follow(ann, ben)
    await change(ann, hideFollows=True)

    for looker in (ben, cleo):
        answer = await looker.get(f"/api/users/{ann.id}/{which}")
        assert refused(answer) == (403, "lists_hidden")
        assert did(await looker.get(f"/api/users/{ann.id}"))["hideFollows"] is True
    assert did(await ann.get(f"/api/users/{ann.id}/{which}"))["total"] == 1
    # It says nothing of how many there are.
    assert did(await cleo.get(f"/api/users/{ann.id}"))["followersCount"] == 1


async def test_who_takes_no_followers_gets_none_and_keeps_those_there_are(
    ann: Person, ben: Person, cleo: Person
) -> None:
    await follow(ben, ann)
    await change(ann, acceptsFollows=False)

    for call in (cleo.put, cleo.post):
        assert refused(await call(f"/api/users/{ann.id}/follow")) == (403, "follows_not_accepted")
    assert did(await ben.put(f"/api/users/{ann.id}/follow"))["following"] is True
    assert did(await cleo.get(f"/api/users/{ann.id}"))["acceptsFollows"] is False
    # What ends it is always taken, and goes one way.
    assert did(await ben.post(f"/api/users/{ann.id}/follow"))["following"] is False
    assert refused(await ben.post(f"/api/users/{ann.id}/follow")) == (403, "follows_not_accepted")
    await change(ann, acceptsFollows=True)
    await follow(cleo, ann)


async def test_a_private_account_that_takes_no_followers_is_not_asked(
    ann: Person, ben: Person
) -> None:
    await change(ann, isPrivate=True, acceptsFollows=False)

    assert refused(await ben.put(f"/api/users/{ann.id}/follow")) == (403, "follows_not_accepted")
    assert did(await ann.get("/api/follow-requests"))["total"] == 0


async def test_who_asked_before_waits_until_followers_are_taken_again(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    await change(ann, isPrivate=True)
    for one in (ben, cleo):
        await follow(one, ann)

    await change(ann, acceptsFollows=False)
    await change(ann, isPrivate=False)
    await kabar.db.write(accept_waiting, [AccountOpened(user_id=ann.id)])
    assert did(await ann.get("/api/follow-requests"))["total"] == 2
    # By hand she may.
    did(await ann.post(f"/api/follow-requests/{ben.id}/accept"))

    await change(ann, acceptsFollows=True)
    await kabar.db.write(accept_waiting, [AccountOpened(user_id=ann.id)])
    assert did(await ann.get(f"/api/users/{ann.id}/followers"))["total"] == 2


@pytest.mark.parametrize("name", ["acceptsFollows", "hideFollows", "hideCounts"])
@pytest.mark.parametrize("value", [None, "true", 1])
async def test_each_is_true_or_false(ann: Person, name: str, value: Any) -> None:
    answer = await ann.patch("/api/me", {name: value})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [name]
