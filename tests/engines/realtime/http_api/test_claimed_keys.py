"""What calls with a key were answered: for how long, how much of it, and for whom."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.http_api.calls import Rejection
from kabar.engines.realtime.http_api.claimed_keys import (
    CLAIM_SECONDS,
    Mark,
    MemoryIdempotencyStore,
    mark_of,
)
from tests.engines.realtime.support import Turns


def marked(key: str = "k", said: str = "") -> Mark:
    return mark_of("1", key, said)


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def answers(turns: Turns) -> MemoryIdempotencyStore:
    return MemoryIdempotencyStore(turns, seconds=60, max_bytes=10_000)


async def test_an_answer_is_kept_for_as_long_as_was_said(
    answers: MemoryIdempotencyStore, turns: Turns
) -> None:
    assert await answers.claim(marked()) is None
    await answers.keep(marked(), b"{}")

    turns.pass_time(59)
    assert await answers.claim(marked()) == b"{}"
    turns.pass_time(2)
    assert await answers.claim(marked()) is None


async def test_of_two_who_claim_a_key_one_gets_it(answers: MemoryIdempotencyStore) -> None:
    assert await answers.claim(marked()) is None
    with pytest.raises(Rejection) as refused:
        await answers.claim(marked())
    assert refused.value.status == 409

    await answers.release(marked())
    assert await answers.claim(marked()) is None


async def test_the_claim_of_a_dead_node_lapses(
    answers: MemoryIdempotencyStore, turns: Turns
) -> None:
    await answers.claim(marked())

    turns.pass_time(CLAIM_SECONDS)

    assert await answers.claim(marked()) is None


async def test_the_oldest_give_way_when_they_are_too_many(answers: MemoryIdempotencyStore) -> None:
    for number in range(1_000):
        mark = marked(f"k{number}")
        await answers.claim(mark)
        await answers.keep(mark, b"x" * 100)
    kept = answers._apps["1"]

    assert 5 < len(kept) < 20
    assert kept.currsize <= 10_000
    assert set(kept) == {f"k{number}" for number in range(1_000 - len(kept), 1_000)}
    assert await answers.claim(marked("k999")) == b"x" * 100
    assert await answers.claim(marked("k0")) is None


async def test_what_is_larger_than_all_may_be_is_not_kept_and_holds_no_key(
    answers: MemoryIdempotencyStore,
) -> None:
    await answers.claim(marked("other"))
    await answers.claim(marked())

    await answers.keep(marked(), b"x" * 10_000)

    assert await answers.claim(marked()) is None
    assert set(answers._apps["1"]) == {"other", "k"}


async def test_a_claim_that_lapsed_takes_no_room_among_answers_that_last(
    answers: MemoryIdempotencyStore, turns: Turns
) -> None:
    await answers.keep(marked("lasts"), b"{}")
    await answers.claim(marked("lapses"))

    turns.pass_time(CLAIM_SECONDS)
    await answers.claim(marked("new"))

    assert set(answers._apps["1"]) == {"lasts", "new"}
    assert answers._apps["1"].currsize < 1_500


async def test_one_app_does_not_make_anothers_be_forgotten(answers: MemoryIdempotencyStore) -> None:
    theirs = Mark("2", "k", "")
    await answers.claim(theirs)
    await answers.keep(theirs, b"{}")
    for number in range(100):
        await answers.claim(marked(f"k{number}"))

    assert await answers.claim(theirs) == b"{}"


async def test_what_has_expired_is_let_go(answers: MemoryIdempotencyStore, turns: Turns) -> None:
    for number in range(5):
        mark = marked(f"k{number}")
        await answers.claim(mark)
        await answers.keep(mark, b"{}")

    turns.pass_time(61)
    await answers.claim(marked("new"))

    assert list(answers._apps["1"]) == ["new"]
    assert answers._apps["1"].currsize < 800
