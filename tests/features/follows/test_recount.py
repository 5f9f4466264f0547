"""Counts of followers are what the lists show, and are made so where something went wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from kabar.cli import recount as command
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.blocking.blocks import block_user, unblock_user
from kabar.features.follows.errors import Blocked
from kabar.features.follows.follows import toggle_follow
from kabar.features.follows.models import Follow
from kabar.features.follows.recount import recount
from kabar.infra.db import Database, Transaction
from tests.people import identity_of

ACTS: list[Callable[..., Any]] = [*[toggle_follow] * 4, block_user, unblock_user]
NAMES = ("ann", "ben", "cleo", "dan", "eve")


@pytest.fixture
async def people(db: Database) -> list[Identity]:
    return [(await identity_of(db, name))[0] for name in NAMES]


def counted(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Return the counts by username, as they are kept."""
    rows = tx.execute(select(User.username, User.followers_count, User.following_count))
    return {name: (followers, following) for name, followers, following in rows}


def listed(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Return the same, counted naively."""

    def edges(side: InstrumentedAttribute[str], user_id: str) -> int:
        return len(tx.execute(select(Follow.id).where(side == user_id)).all())

    users = tx.execute(select(User.id, User.username)).all()
    return {
        name: (edges(Follow.following_id, user_id), edges(Follow.follower_id, user_id))
        for user_id, name in users
    }


def spoil(tx: Transaction, *, username: str) -> None:
    values = {"followers_count": 7, "following_count": User.following_count + 1}
    tx.execute(update(User).where(User.username == username).values(values))


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_people_do_counts_equal_a_naive_recount(
    db: Database, people: list[Identity], seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        one, other = chance.sample(people, 2)
        act = chance.choice(ACTS)
        who = "follower" if act is toggle_follow else "caller"
        with suppress(Blocked, UserNotFound):
            await db.write(partial(act, **{who: one}, user=other.user_id, socket_id=None))
        assert await db.read(counted) == await db.read(listed)
    assert await recount(db) == []


async def test_what_is_wrong_is_repaired_and_told(db: Database, people: list[Identity]) -> None:
    ann, ben, *_ = people
    await db.write(toggle_follow, follower=ann, user=ben.user_id, socket_id=None)
    for name in ("ben", "eve"):
        await db.write(spoil, username=name)

    found = await recount(db)

    assert len(found) == 2
    assert await db.read(counted) == await db.read(listed)
    assert (await db.read(counted))["ben"] == (1, 0)
    assert await recount(db) == []


async def test_the_command_looks_or_repairs(
    db: Database,
    database: str,
    people: list[Identity],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KABAR_DATABASE_URL", database)
    await db.write(spoil, username="ann")
    (tmp_path / "data").mkdir()
    data = str(tmp_path / "data")

    with pytest.raises(typer.Exit) as ended:
        command.recount(data, check=True)
    looked = capsys.readouterr().out
    command.recount(data, check=False)
    command.recount(data, check=True)

    assert ended.value.exit_code == 1
    assert looked == f"{people[0].user_id}: wrong\n5 users, 1 with wrong counts.\n"
    repaired, _, again = capsys.readouterr().out.partition("5 users, 1 with wrong counts.\n")
    assert repaired == f"{people[0].user_id}: repaired\n"
    assert again == "5 users, 0 with wrong counts.\n"
