"""A request that is sent again is not done again."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from kabar.core.errors import Conflict, Invalid
from kabar.features.accounts.registration import register
from kabar.features.accounts.schemas import Registration, UserView
from kabar.infra.db import Database, Transaction
from kabar.infra.http.idempotency import (
    AnsweredRequest,
    IdempotencyKeyReused,
    Repeatable,
    once,
    read_idempotency_key,
    repeatable,
)
from tests.people import registration


def mark(draft: msgspec.Struct, *, key: str = "key", owner: str = "ann") -> Repeatable:
    found = repeatable(key, owner=owner, operation="register", body=draft)
    assert found is not None
    return found


def as_it_was(_tx: Transaction, user: UserView) -> UserView:
    return user


async def test_an_answer_does_not_outlive_what_it_gave(db: Database) -> None:
    draft = registration("ann")

    def gone(_tx: Transaction, user: UserView) -> UserView:
        raise Conflict(f"{user.username} has gone")

    unit = once(mark(draft), UserView, register, now=gone)
    assert (await db.write(unit, draft=draft, password_hash="x")).first
    with pytest.raises(Conflict, match="ann has gone"):
        await db.write(unit, draft=draft, password_hash="x")


async def test_the_second_time_gets_the_first_answer(db: Database) -> None:
    draft = registration("ann")
    unit = once(mark(draft), UserView, register, now=as_it_was)

    first = await db.write(unit, draft=draft, password_hash="x")
    second = await db.write(unit, draft=draft, password_hash="x")

    assert (first.first, first.status) == (True, 201)
    assert (second.first, second.status) == (False, 200)
    assert first.value == second.value


async def test_of_many_at_the_same_moment_one_does_it(db: Database) -> None:
    draft = registration("ann")
    unit = once(mark(draft), UserView, register, now=as_it_was)

    answers = await asyncio.gather(
        *(db.write(unit, draft=draft, password_hash="x") for _ in range(20))
    )

    assert sum(answer.first for answer in answers) == 1
    assert len({answer.value.id for answer in answers}) == 1


async def test_another_body_under_the_same_key_is_refused(db: Database) -> None:
    ann, bob = registration("ann"), registration("bob")
    await db.write(once(mark(ann), UserView, register, now=as_it_was), draft=ann, password_hash="x")

    with pytest.raises(IdempotencyKeyReused):
        await db.write(
            once(mark(bob), UserView, register, now=as_it_was), draft=bob, password_hash="x"
        )


async def test_everybody_has_keys_of_their_own(db: Database) -> None:
    ann, bob = registration("ann"), registration("bob")
    await db.write(once(mark(ann), UserView, register, now=as_it_was), draft=ann, password_hash="x")

    unit = once(mark(bob, owner="bob"), UserView, register, now=as_it_was)
    assert (await db.write(unit, draft=bob, password_hash="x")).first


async def test_what_failed_leaves_the_key_free(db: Database) -> None:
    draft = registration("ann")

    def fail(_tx: Transaction, *, draft: Registration, password_hash: str) -> UserView:
        raise Conflict(f"{draft.username} {password_hash}")

    with pytest.raises(Conflict):
        await db.write(
            once(mark(draft), UserView, fail, now=as_it_was), draft=draft, password_hash="x"
        )

    assert await db.read(lambda tx: tx.execute(select(AnsweredRequest.key)).all()) == []
    answer = await db.write(
        once(mark(draft), UserView, register, now=as_it_was), draft=draft, password_hash="x"
    )
    assert answer.first


async def test_without_a_key_everything_is_done_anew(db: Database) -> None:
    assert repeatable(None, owner="a", operation="b", body=registration("ann")) is None
    unit = once(None, UserView, register, now=as_it_was)

    one = await db.write(unit, draft=registration("ann"), password_hash="x")
    two = await db.write(unit, draft=registration("bob"), password_hash="x")

    assert one.first
    assert two.first
    assert one.value != two.value


@pytest.mark.parametrize(
    ("values", "key"),
    [([], None), ([b"k"], "k"), ([b"k", b"k"], Invalid), ([b"k", b"l"], Invalid), ([b""], Invalid)],
)
def test_a_key_is_read_where_there_is_one(values: list[bytes], key: object) -> None:
    scope: Any = {"headers": [(b"idempotency-key", value) for value in values]}
    if key is Invalid:
        with pytest.raises(Invalid):
            read_idempotency_key(scope)
    else:
        assert read_idempotency_key(scope) == key
