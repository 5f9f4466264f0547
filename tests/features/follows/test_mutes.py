"""Muting: who mutes is told nothing of somebody's follows; who is muted learns nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from kabar.core.events import Event, Publication
from kabar.core.times import rfc3339, utc_now
from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.muting.muting import mute_user, unmute_user
from kabar.features.follows.erasure import end_follows
from kabar.features.follows.events import UserMuted, UserUnmuted
from kabar.features.follows.follows import follow, unfollow
from kabar.features.follows.models import Mute
from kabar.features.follows.mutes import MOST_MUTED
from kabar.features.follows.recalls import RECALLS
from kabar.features.follows.schemas import MuteDraft
from kabar.infra.db import Database, Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did, refused
from tests.people import MakePerson, Person, identity_of


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


async def mute(muter: Person, muted: Person, body: Any = None) -> Json:
    return did(await muter.put(f"/api/users/{muted.id}/mute", body))


async def muted_by(person: Person) -> list[str]:
    page = did(await person.get("/api/me/muted"))
    names = [user["username"] for user in page["users"]]
    assert page["total"] == len(names)
    return names


async def is_muting(one: Person, other: Person) -> bool:
    relationship = did(await one.get(f"/api/users/{other.id}"))["relationship"]
    many = did(await one.get("/api/users/relationships", ids=other.id))["relationships"]
    assert many == {other.id: relationship}
    assert isinstance(relationship["muting"], bool)
    return relationship["muting"]


def end_all(tx: Transaction) -> None:
    """As if their time had come."""
    tx.execute(update(Mute).values(until=tx.now - timedelta(milliseconds=1)))


async def test_muting_is_repeatable_and_only_the_muter_sees_it(ann: Person, ben: Person) -> None:
    for _ in range(2):
        assert await mute(ann, ben) == {"muting": True, "until": None}

    assert (await is_muting(ann, ben), await is_muting(ben, ann)) == (True, False)
    assert (await muted_by(ann), await muted_by(ben)) == (["ben"], [])
    for _ in range(2):
        undone = did(await ann.delete(f"/api/users/{ben.id}/mute"))
        assert undone == {"muting": False, "until": None}
    assert await is_muting(ann, ben) is False
    assert await muted_by(ann) == []


async def test_a_mute_for_a_time_ends_by_itself(kabar: Kabar, ann: Person, ben: Person) -> None:
    until = rfc3339(utc_now() + timedelta(hours=1))

    assert await mute(ann, ben, {"until": until}) == {"muting": True, "until": until}
    (listed,) = did(await ann.get("/api/me/muted"))["users"]
    assert (listed["mutedUntil"], await is_muting(ann, ben)) == (until, True)

    await kabar.db.write(end_all)

    assert (await is_muting(ann, ben), await muted_by(ann)) == (False, [])


async def test_the_last_time_that_was_said_counts(ann: Person, ben: Person) -> None:
    until = rfc3339(utc_now() + timedelta(hours=1))
    await mute(ann, ben)

    assert (await mute(ann, ben, {"until": until}))["until"] == until
    assert (await mute(ann, ben, {"until": None}))["until"] is None
    assert await muted_by(ann) == ["ben"]


@pytest.mark.parametrize(
    "until",
    ["2020-01-01T00:00:00Z", "2500-01-01T00:00:00Z", "2027-01-01T00:00:00", "soon", 7, True],
)
async def test_a_time_that_cannot_be_is_refused(ann: Person, ben: Person, until: Any) -> None:
    answer = await ann.put(f"/api/users/{ben.id}/mute", {"until": until})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["until"]
    assert await is_muting(ann, ben) is False


async def test_nobody_mutes_themselves_or_who_is_not_there_for_them(
    ann: Person, ben: Person
) -> None:
    did(await ben.put(f"/api/users/{ann.id}/block"))

    for method in ("put", "delete"):
        assert refused(await getattr(ann, method)("/api/users/@ann/mute")) == (
            400,
            "cannot_mute_self",
        )
        for nobody in ("nobody", ben.id):
            answer = await getattr(ann, method)(f"/api/users/{nobody}/mute")
            assert refused(answer) == (404, "user_not_found")


async def test_who_blocks_is_no_longer_in_the_list_of_whom_one_mutes(
    ann: Person, ben: Person
) -> None:
    await mute(ann, ben)
    did(await ben.put(f"/api/users/{ann.id}/block"))
    assert await muted_by(ann) == []

    did(await ben.delete(f"/api/users/{ann.id}/block"))
    assert await muted_by(ann) == ["ben"]


async def test_the_list_comes_in_pages_newest_first(person: MakePerson, ann: Person) -> None:
    for name in ("ben", "cleo", "dan"):
        await mute(ann, await person(name))

    page = did(await ann.get("/api/me/muted", limit=2))
    rest = did(await ann.get("/api/me/muted", limit=2, cursor=page["nextCursor"]))

    found = [user["username"] for user in page["users"] + rest["users"]]
    assert (found, page["total"], rest["nextCursor"]) == (["dan", "cleo", "ben"], 3, None)


async def test_one_person_mutes_so_many_at_most_not_counting_what_has_ended(
    kabar: Kabar, person: MakePerson, ann: Person, ben: Person
) -> None:
    def fill(tx: Transaction) -> None:
        more = {"search_text": "u", "created_at": tx.now, "updated_at": tx.now}
        users = [
            {"id": f"u{n}", "username": f"u{n}", "name": "U", "email": f"u{n}@example.org"} | more
            for n in range(MOST_MUTED)
        ]
        tx.execute(insert(User), users)
        mine = {"muter_id": ann.id, "until": None, "created_at": tx.now}
        tx.execute(insert(Mute), [{"id": u["id"], "muted_id": u["id"]} | mine for u in users])

    await kabar.db.write(fill)
    assert refused(await ann.put(f"/api/users/{ben.id}/mute")) == (409, "too_many_muted")

    await kabar.db.write(end_all)

    await mute(ann, ben)
    left = await kabar.db.read(lambda tx: tx.execute(select(Mute.muted_id)).scalars().all())
    assert left == [ben.id]


async def _muting(db: Database) -> tuple[Identity, Identity]:
    """Ann mutes Ben."""
    ann, ben = [(await identity_of(db, name))[0] for name in ("ann", "ben")]
    await _mute(db, ann, ben)
    return ann, ben


async def _mute(db: Database, one: Identity, other: Identity, *, socket: str | None = None) -> None:
    draft = MuteDraft()
    await db.write(
        partial(mute_user, caller=one, user=other.user_id, draft=draft, socket_id=socket)
    )


def heard(told: list[Event]) -> list[tuple[str, ...]]:
    return [
        (*one.channels, one.event, one.data)
        for event in told
        for one in event.publications()
        if isinstance(one, Publication)
    ]


async def test_only_the_muters_own_pages_hear_of_it(db: Database, told: list[Event]) -> None:
    ann, ben = await _muting(db)
    await _mute(db, ann, ben, socket="1.2")
    await db.write(partial(unmute_user, caller=ann, user=ben.user_id, socket_id=None))

    mine = f"private-user-{ann.user_id}"
    assert heard(told) == [
        (mine, "user-muted", f'{{"userId":"{ben.user_id}","until":null}}'),
        (mine, "user-unmuted", f'{{"userId":"{ben.user_id}"}}'),
    ]


async def test_who_mutes_hears_nothing_of_their_follows(db: Database, told: list[Event]) -> None:
    ann, ben = await _muting(db)
    told.clear()

    await db.write(follow, follower=ben, user=ann.user_id, socket_id=None)
    await db.write(unfollow, follower=ben, user=ann.user_id, socket_id=None)
    assert (len(told), heard(told)) == (2, [])

    await db.write(lambda tx: tx.execute(update(User).values(is_private=True)))
    await db.write(follow, follower=ben, user=ann.user_id, socket_id=None)
    assert (len(told), heard(told)) == (3, [])
    # It goes one way.
    await db.write(follow, follower=ann, user=ben.user_id, socket_id=None)
    assert [name for *_, name, _ in heard(told)] == ["follow-requested"]


async def test_they_are_heard_again_once_it_has_ended(db: Database, told: list[Event]) -> None:
    ann, ben = await _muting(db)
    await db.write(end_all)
    told.clear()

    await db.write(follow, follower=ben, user=ann.user_id, socket_id=None)

    assert [name for *_, name, _ in heard(told)] == ["new-follower"]


async def test_what_is_told_late_is_still_so(db: Database, told: list[Event]) -> None:
    ann, ben = await _muting(db)
    (muted,) = told
    assert isinstance(muted, UserMuted)
    unmuted = UserUnmuted(muter_id=ann.user_id, muted_id=ben.user_id)

    assert await db.write(RECALLS[UserMuted], [muted]) == [muted]
    assert await db.write(RECALLS[UserUnmuted], [unmuted]) == []
    await db.write(end_all)
    assert await db.write(RECALLS[UserMuted], [muted]) == []
    assert await db.write(RECALLS[UserUnmuted], [unmuted]) == [unmuted]


async def test_nothing_is_left_of_the_mutes_of_who_is_erased(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    await mute(ann, ben)
    await mute(ben, ann)

    await kabar.db.write(end_follows, [AccountErased(user_id=ben.id)])

    assert await kabar.db.read(lambda tx: tx.execute(select(Mute.id)).all()) == []
