"""A hundred thousand channels are searched without blocking the loop."""

from __future__ import annotations

import asyncio

from kabar.engines.realtime.hub.hub import Space
from kabar.engines.realtime.inspection.search import MAX_ROWS, RecentPages, largest_channels
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.inspection.observed import ObservedNode
from tests.engines.realtime.support import APP

MANY = 100_000


def crowded() -> Space:
    space = Space(RealtimeLimits())
    for number in range(MANY):
        space.counts.came(f"room-{number}", "node")
    for _ in range(3):
        space.counts.came("room-77", "node")
    return space


async def test_the_largest_are_found_wherever_they_stand_and_others_get_their_turns() -> None:
    space = crowded()
    turns, is_done = 0, False

    async def others() -> None:
        nonlocal turns
        while not is_done:
            await asyncio.sleep(0)
            turns += 1

    waiting = asyncio.create_task(others())
    names, count = await largest_channels(space, "room-")
    is_done = True
    await waiting

    assert (names[:2], len(names), count) == (["room-77", "room-0"], MAX_ROWS, MANY)
    assert turns >= MANY / 4_000 - 1


async def test_channels_that_go_while_they_are_looked_at_do_no_harm() -> None:
    space = crowded()

    async def empty() -> None:
        for number in range(MANY):
            space.counts.went(f"room-{number}", "node")
            if number % 10_000 == 0:
                await asyncio.sleep(0)

    _, (names, _) = await asyncio.gather(empty(), largest_channels(space, ""))
    assert len(names) == MAX_ROWS


async def test_the_dearer_a_question_was_the_longer_its_answer_is_kept() -> None:
    time = 0.0
    answers = RecentPages(lambda: time)
    answers.keep("dear", "answer", MANY)
    answers.keep("cheap", "answer", 20)

    time = 1.0
    assert (answers.find("dear"), answers.find("cheap")) == ("answer", None)
    time = 5.1
    assert answers.find("dear") is None


async def test_answers_to_many_questions_do_not_pile_up() -> None:
    answers = RecentPages(lambda: 0.0)
    for number in range(1_000):
        answers.keep(number, number, MANY)
    assert sum(answers.find(number) is not None for number in range(1_000)) == 16


async def test_a_list_of_many_connections_has_the_newest() -> None:
    engine = ObservedNode()
    sockets = [engine.connect() for _ in range(MAX_ROWS + 50)]

    page = await engine.inspection.connections(APP.id, "")
    found = await engine.inspection.connections(APP.id, "127")

    newest = [socket.connection.socket_id for socket in reversed(sockets)][:MAX_ROWS]
    assert [each.socket_id for each in page.connections] == newest
    assert [each.socket_id for each in found.connections] == newest
    assert page.found == found.found == page.total == MAX_ROWS + 50
