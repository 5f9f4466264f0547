"""What open pages hear when somebody is called otherwise."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import text

from kabar.core.events import Event
from kabar.features.accounts.events import UserRenamed
from kabar.features.chat.renames import tell_renamed
from kabar.infra.db import Database, Transaction
from kabar.server.app import Kabar
from tests.crowded import crowded
from tests.people import MakePerson
from tests.plans import heard, walks_through


def told(
    tx: Transaction, user_id: str, listeners: AbstractSet[str]
) -> list[tuple[tuple[str, ...], str, Any]]:
    events = [UserRenamed(user_id=user_id)] * 2
    publications = tell_renamed(tx, events, lambda channels: channels & listeners)
    return [(each.channels, each.event, json.loads(each.data)) for each in publications]


async def test_who_has_a_direct_room_with_somebody_hears_what_it_is_called_now(
    kabar: Kabar, person: MakePerson
) -> None:
    ann, bob, cat, dan = [await person(name) for name in ("ann", "bob", "cat", "dan")]
    for friend in (bob, cat):
        await ann.post("/api/messages", {"receiverId": friend.id, "content": "Hello"})
    await ann.post("/api/chat/rooms/direct", {"userId": dan.id})  # dan does not see it yet
    await ann.post("/api/chat/rooms", {"name": "Team", "participantIds": [bob.id]})
    (room,) = (await bob.get("/api/messages")).json()["conversations"][-1:]
    assert (await ann.patch("/api/me", {"name": "Anna", "username": "anna"})).status_code == 200

    listeners = {f"private-user-{each.id}" for each in (ann, bob, dan)}
    called = {"name": "Anna", "avatar": None}
    other = {"id": ann.id, "username": "anna", **called}
    assert await kabar.db.read(told, ann.id, listeners) == [
        (
            (f"private-user-{bob.id}",),
            "room-updated",
            {"roomId": room["id"], **called, "otherUser": other},
        )
    ]


async def test_only_a_name_or_a_picture_that_changes_is_told(
    kabar: Kabar, person: MakePerson
) -> None:
    ann = await person("ann")
    seen: list[Event] = []
    on_commit = kabar.db._on_commit

    def note(committed: Any) -> None:
        seen.extend(event for row in committed for event in row.events)
        on_commit(committed)

    kabar.db._on_commit = note
    await ann.patch("/api/me", {"bio": "Hello", "name": "Ann", "username": "ann"})
    assert not seen
    for changes in ({"name": "Anna"}, {"username": "anna"}, {"avatar": "https://a.example/b.png"}):
        assert (await ann.patch("/api/me", changes)).status_code == 200
    assert [type(event) for event in seen] == [UserRenamed] * 3


async def test_a_rename_reads_the_rooms_of_one_and_no_others(db: Database) -> None:
    await crowded(db, direct_rooms=20_000)
    if not db.is_sqlite:
        await db.write(lambda tx: tx.execute(text("ANALYZE")))

    with heard(db) as said:
        await db.read(told, "user7000", set())

    walks = await db.read(walks_through, said, ("User", "ChatRoom", "ChatParticipant"))
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())
