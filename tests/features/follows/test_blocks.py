"""Blocking: edges and requests end, neither sees the other, who is blocked learns nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import func, insert, select

from kabar.core.events import Event, Publication
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.blocking.blocks import block_user, unblock_user
from kabar.features.follows.blocks import MOST_BLOCKED
from kabar.features.follows.erasure import end_follows
from kabar.features.follows.errors import Blocked
from kabar.features.follows.follows import follow
from kabar.features.follows.models import Block, Follow
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


@pytest.fixture
async def cleo(person: MakePerson) -> Person:
    return await person("cleo")


async def block(blocker: Person, blocked: Person) -> None:
    assert did(await blocker.put(f"/api/users/{blocked.id}/block")) == {"blocking": True}


async def unblock(blocker: Person, blocked: Person) -> None:
    assert did(await blocker.delete(f"/api/users/{blocked.id}/block")) == {"blocking": False}


async def do_follow(follower: Person, followed: Person) -> None:
    did(await follower.put(f"/api/users/{followed.id}/follow"))


async def names(person: Person, path: str, **query: object) -> list[str]:
    return [user["username"] for user in did(await person.get(path, **query))["users"]]


async def counts(person: Person) -> tuple[int, int]:
    me = did(await person.get("/api/me"))
    return me["followersCount"], me["followingCount"]


async def test_a_block_ends_both_edges_and_counts_them(ann: Person, ben: Person) -> None:
    await do_follow(ann, ben)
    await do_follow(ben, ann)

    for _ in range(2):
        await block(ann, ben)

    assert (await counts(ann), await counts(ben)) == ((0, 0), (0, 0))
    assert await names(ann, f"/api/users/{ann.id}/followers") == []
    seen = did(await ann.get(f"/api/users/{ben.id}"))["relationship"]
    assert (seen["blocking"], seen["following"], seen["followedBy"]) == (True, False, False)


async def test_a_block_ends_requests_in_both_directions(ann: Person, ben: Person) -> None:
    for one in (ann, ben):
        did(await one.patch("/api/me", {"isPrivate": True}))
    await do_follow(ann, ben)
    await do_follow(ben, ann)

    await block(ann, ben)

    for one in (ann, ben):
        for direction in ("in", "out"):
            page = did(await one.get("/api/follow-requests", direction=direction))
            assert (page["requests"], page["total"]) == ([], 0)
    gone = await ben.post(f"/api/follow-requests/{ann.id}/accept")
    assert refused(gone) == (404, "follow_request_not_found")


async def test_what_a_block_has_ended_does_not_come_back(ann: Person, ben: Person) -> None:
    await do_follow(ann, ben)
    await block(ann, ben)

    for _ in range(2):
        await unblock(ann, ben)

    assert await counts(ben) == (0, 0)
    seen = did(await ann.get(f"/api/users/{ben.id}"))["relationship"]
    assert (seen["blocking"], seen["following"]) == (False, False)
    await do_follow(ben, ann)
    assert await counts(ann) == (1, 0)


READS = (
    "/api/users/{}",
    "/api/users/{}/follow",
    "/api/users/{}/followers",
    "/api/users/{}/following",
)
WRITES = (
    ("put", "/api/users/{}/follow"),
    ("post", "/api/users/{}/follow"),
    ("delete", "/api/users/{}/follow"),
    ("delete", "/api/users/{}/follower"),
)


@pytest.mark.parametrize("by_name", [False, True])
async def test_who_is_blocked_finds_nobody_as_if_there_never_was_anybody(
    ann: Person, ben: Person, by_name: bool
) -> None:
    await block(ann, ben)
    hers = "@ann" if by_name else ann.id
    nobody = "@nobody" if by_name else "nobody"

    for path in READS:
        answer, other = await ben.get(path.format(hers)), await ben.get(path.format(nobody))
        assert refused(answer) == refused(other) == (404, "user_not_found"), path
        assert answer.json()["detail"] == other.json()["detail"]
    for method, path in WRITES:
        answer = await getattr(ben, method)(path.format(hers))
        assert refused(answer) == (404, "user_not_found"), (method, path)


async def test_who_blocks_is_told_so(ann: Person, ben: Person) -> None:
    await block(ann, ben)

    for method in ("put", "post"):
        answer = await getattr(ann, method)(f"/api/users/{ben.id}/follow")
        assert refused(answer) == (403, "blocked")
    for which in ("followers", "following"):
        assert refused(await ann.get(f"/api/users/{ben.id}/{which}")) == (403, "blocked")
    # What ends something is always taken.
    assert did(await ann.delete(f"/api/users/{ben.id}/follow"))["following"] is False
    assert (await ann.delete(f"/api/users/{ben.id}/follower")).status_code == 204


async def test_neither_is_in_what_the_other_is_shown(
    ann: Person, ben: Person, cleo: Person
) -> None:
    for one in (ann, ben):
        await do_follow(one, cleo)
        await do_follow(cleo, one)
    await block(ann, ben)

    for one, other in ((ann, "ben"), (ben, "ann")):
        assert other not in await names(one, "/api/users", query="")
        assert await names(one, "/api/users", query=other) == []
        for which in ("followers", "following"):
            assert await names(one, f"/api/users/{cleo.id}/{which}") == [one.username]
    assert set(await names(cleo, f"/api/users/{cleo.id}/followers")) == {"ann", "ben"}

    await unblock(ann, ben)

    assert "ben" in await names(ann, f"/api/users/{cleo.id}/followers")


async def test_the_list_of_whom_one_blocks(ann: Person, ben: Person, cleo: Person) -> None:
    await block(ann, ben)
    await block(ann, cleo)

    page = did(await ann.get("/api/me/blocked", limit=1))
    rest = did(await ann.get("/api/me/blocked", limit=1, cursor=page["nextCursor"]))

    assert [user["username"] for user in page["users"] + rest["users"]] == ["cleo", "ben"]
    assert page["users"][0]["relationship"]["blocking"] is True
    assert (page["total"], rest["total"], rest["nextCursor"]) == (2, 2, None)
    assert did(await ben.get("/api/me/blocked"))["users"] == []


async def test_who_is_blocked_may_block_too_and_each_undoes_their_own(
    ann: Person, ben: Person
) -> None:
    """Else one could keep others from ever blocking one back, by blocking them first."""
    await block(ann, ben)
    await block(ben, ann)

    await unblock(ann, ben)

    assert refused(await ann.get(f"/api/users/{ben.id}")) == (404, "user_not_found")
    assert await names(ben, "/api/me/blocked") == ["ann"]
    await unblock(ben, ann)
    assert did(await ann.get(f"/api/users/{ben.id}"))["relationship"]["blocking"] is False


async def test_nobody_blocks_themselves_or_nobody(ann: Person) -> None:
    for method in ("put", "delete"):
        itself = await getattr(ann, method)("/api/users/@ann/block")
        nobody = await getattr(ann, method)("/api/users/nobody/block")
        assert refused(itself) == (400, "cannot_block_self")
        assert refused(nobody) == (404, "user_not_found")


async def test_one_person_blocks_so_many_at_most(
    db: Database, ann: Person, ben: Person, cleo: Person
) -> None:
    def fill(tx: Transaction) -> None:
        users = [
            {"id": f"u{n}", "username": f"u{n}", "name": "U", "email": f"u{n}@example.org"}
            for n in range(MOST_BLOCKED)
        ]
        more = {"search_text": "u", "created_at": tx.now, "updated_at": tx.now}
        tx.execute(insert(User), [user | more for user in users])
        tx.execute(
            insert(Block),
            [
                {"id": user["id"], "blocker_id": ann.id, "blocked_id": user["id"]}
                | {"created_at": tx.now}
                for user in users
            ],
        )

    await db.write(fill)

    assert refused(await ann.put(f"/api/users/{ben.id}/block")) == (409, "too_many_blocked")
    did(await ann.delete("/api/users/u7/block"))
    await block(ann, ben)


async def test_only_the_blockers_own_pages_hear_of_it(db: Database, told: list[Event]) -> None:
    ann, ben = [(await identity_of(db, name))[0] for name in ("ann", "ben")]
    for one, other in ((ann, ben), (ben, ann)):
        await db.write(follow, follower=one, user=other.user_id, socket_id=None)
    told.clear()

    await db.write(partial(block_user, caller=ann, user=ben.user_id, socket_id="1.2"))
    await db.write(partial(block_user, caller=ann, user=ben.user_id, socket_id="1.2"))
    await db.write(partial(unblock_user, caller=ann, user=ben.user_id, socket_id=None))

    heard = [
        (one.channels, one.event, one.data, one.except_socket)
        for event in told
        for one in event.publications()
        if isinstance(one, Publication)
    ]
    about, mine = f'{{"userId":"{ben.user_id}"}}', (f"private-user-{ann.user_id}",)
    assert heard == [
        (mine, "user-blocked", about, "1.2"),
        (mine, "user-unblocked", about, None),
    ]


async def test_of_a_block_and_a_follow_at_the_same_moment_the_block_stays(db: Database) -> None:
    people = [(await identity_of(db, name))[0] for name in ("ann", "ben")]
    ann, ben = people

    async def blocked(one: Identity, other: Identity) -> None:
        await db.write(partial(block_user, caller=one, user=other.user_id, socket_id=None))

    async def followed(one: Identity, other: Identity) -> None:
        with suppress(Blocked, UserNotFound):
            await db.write(follow, follower=one, user=other.user_id, socket_id=None)

    await asyncio.gather(
        *(followed(ben, ann) for _ in range(3)),
        blocked(ann, ben),
        *(followed(ann, ben) for _ in range(3)),
        blocked(ann, ben),
    )

    def edges(tx: Transaction) -> Json:
        return {
            "follows": tx.execute(select(func.count()).select_from(Follow)).scalar_one(),
            "counted": tx.execute(
                select(func.sum(User.followers_count + User.following_count))
            ).scalar_one(),
            "blocks": tx.execute(select(func.count()).select_from(Block)).scalar_one(),
        }

    assert await db.read(edges) == {"follows": 0, "counted": 0, "blocks": 1}


@pytest.mark.parametrize("is_mutual", [False, True])
async def test_counts_are_as_many_as_the_lists_show(
    ann: Person, ben: Person, cleo: Person, is_mutual: bool
) -> None:
    for one in (ann, ben):
        await do_follow(one, cleo)
        await do_follow(cleo, one)
    await block(ann, ben)
    if is_mutual:
        await block(ben, ann)

    for one, count in ((ann, 1), (ben, 1), (cleo, 2)):
        seen = did(await one.get(f"/api/users/{cleo.id}"))
        assert (seen["followersCount"], seen["followingCount"]) == (count, count)
        for which in ("followers", "following"):
            page = did(await one.get(f"/api/users/{cleo.id}/{which}"))
            assert (page["total"], len(page["users"])) == (count, count)


async def test_whom_one_blocks_is_no_longer_listed_once_erased(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    await block(ann, ben)

    await kabar.db.write(end_follows, [AccountErased(user_id=ben.id)])

    assert did(await ann.get("/api/me/blocked"))["total"] == 0
