"""Handlers that run at the same moment, and a handler that is called twice."""

from __future__ import annotations

import asyncio

from kabar.features.accounts.identity import Identity
from kabar.features.notifications.follow_handlers import tell_followed
from kabar.infra.db.database import LEASE
from kabar.infra.db.outbox import Committed, store
from kabar.infra.db.transaction import Transaction
from kabar.infra.relay.relay import _run_handler
from tests.features.notifications.conftest import Bell, Scene


async def test_many_who_follow_at_the_same_moment_are_counted_one_by_one(
    scene: Scene, ben: Identity
) -> None:
    followers = [await scene.person(f"fan{number}") for number in range(10)]
    events = [await scene.follow(follower, ben) for follower in followers]

    await asyncio.gather(*(scene.handle(tell_followed, event) for event in events))

    assert await scene.bell_of(ben) == Bell(10, 10)
    # Each look after a commit sees at least as much as the one before, and says so.
    heard = [await scene.heard(created) for created in scene.created()]
    versions = [data["version"] for ((_, _, data),) in heard]
    assert versions == sorted(versions)


async def test_counts_that_see_more_have_the_larger_version(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    first = await scene.say(ann, room)
    ((_, _, before),) = await scene.heard(first)

    read = await scene.read(ben, room)

    ((_, _, after),) = await scene.heard(read)
    assert (before["unreadCount"], after["unreadCount"]) == (1, 0)
    assert after["version"] > before["version"]


async def test_messages_of_a_crowd_make_one_entry_each_and_true_counts(
    scene: Scene, ben: Identity
) -> None:
    writers = [await scene.person(f"writer{number}") for number in range(8)]
    rooms = [await scene.direct_room(writer, ben) for writer in writers]

    await asyncio.gather(
        *(
            scene.say(writer, room)
            for writer, room in zip(writers, rooms, strict=True)
            for _ in range(3)
        )
    )

    entries, bell = await scene.page_of(ben)
    assert sorted(entry.data["roomId"] for entry in entries) == sorted(rooms)
    assert {entry.count for entry in entries} == {3}
    assert bell == Bell(8, 8)


async def test_outbox_rows_that_come_twice_are_told_once(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    followed = await scene.follow(ann, ben)

    def keep(tx: Transaction) -> list[Committed]:
        tx.emit(followed)
        rows = store(tx, lambda _event: ["handler"], lease=LEASE)
        tx.events.clear()
        return rows

    rows = await scene.db.write(keep)

    await asyncio.gather(*(scene.db.write(_run_handler, tell_followed, rows) for _ in range(5)))

    assert (await scene.only_entry_of(ben)).count == 1
    assert len(scene.created()) == 1
