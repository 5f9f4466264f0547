"""Handlers that run at the same moment, and a handler that is called twice."""

from __future__ import annotations

import asyncio

from kabar.features.accounts.identity import Identity
from kabar.features.notifications.follow_handlers import tell_followed
from kabar.features.notifications.message_handlers import tell_participants
from kabar.features.notifications.schemas import Counts
from kabar.infra.db.database import LEASE
from kabar.infra.db.outbox import Committed, store
from kabar.infra.db.transaction import Transaction
from kabar.infra.relay.relay import _run_handler
from tests.features.notifications.conftest import Scene


async def test_many_who_follow_at_the_same_moment_are_counted_one_by_one(
    scene: Scene, ben: Identity
) -> None:
    followers = [await scene.person(f"fan{number}") for number in range(10)]
    events = [await scene.follow(follower, ben) for follower in followers]

    await asyncio.gather(*(scene.handle(tell_followed, event) for event in events))

    counts = sorted(told.notification.unread_count for told in scene.created())
    assert counts == list(range(1, 11))


async def test_handlers_at_the_same_moment_make_one_entry_and_tell_true_counts(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    """Each live event has the counts as they are when it is told, whoever else is writing."""
    writers = [await scene.person(f"writer{number}") for number in range(8)]
    rooms = [await scene.direct_room(writer, ben) for writer in writers]
    sent = [
        await scene.say(writer, room)
        for writer, room in zip(writers, rooms, strict=True)
        for _ in range(3)
    ]

    await asyncio.gather(*(scene.handle(tell_participants, event) for event in sent))

    entries, counts = await scene.page_of(ben)
    assert sorted(entry.data["roomId"] for entry in entries) == sorted(rooms)
    assert {entry.count for entry in entries} == {3}
    assert counts == Counts(8, 8)
    told = [event.notification.unread_count for event in scene.created()]
    assert set(told) == set(range(1, 9))
    assert told.count(8) >= 1


async def test_batches_with_the_same_people_in_another_order_do_not_wait_in_a_circle(
    scene: Scene,
) -> None:
    people = [await scene.person(f"person{number}") for number in range(6)]
    group = await scene.group(*people)
    sent = [await scene.say(person, group) for person in people]

    await asyncio.gather(
        *(scene.handle(tell_participants, *batch) for batch in (sent, sent[::-1])),
        *(scene.handle(tell_participants, event) for event in sent),
    )

    for person in people[:-1]:
        assert (await scene.only_entry_of(person)).count > 0


async def test_outbox_rows_that_come_twice_are_told_once(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = await scene.say(ann, room)

    def keep(tx: Transaction) -> list[Committed]:
        tx.events.append(sent)
        rows = store(tx, lambda _event: ["handler"], lease=LEASE)
        tx.events.clear()
        return rows

    rows = await scene.db.write(keep)

    await asyncio.gather(*(scene.db.write(_run_handler, tell_participants, rows) for _ in range(5)))

    assert (await scene.only_entry_of(ben)).count == 1
    assert len(scene.created()) == 1
