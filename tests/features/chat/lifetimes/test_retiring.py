"""Messages that are older than their room keeps them: removed some at a time, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from kabar.features.chat.lifetimes import retiring
from kabar.features.chat.lifetimes.retiring import retire_messages
from kabar.features.chat.lifetimes.sweeping import sweep_up
from kabar.features.chat.models import ChatRoom, Message
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    did,
    everything_in,
    group,
    look_at,
    refused,
    say_all,
    unread_in,
)
from tests.people import Person


async def set_retention(person: Person, room: Json, days: int | None) -> Json:
    return did(await person.patch(f"/api/chat/rooms/{room['id']}", {"retentionDays": days}))


async def age(kabar: Kabar, days: int) -> None:
    """Let all that was said have been said so long ago."""
    older = update(Message).values(created_at=Message.created_at)
    times = select(Message.id, Message.created_at)

    def back(tx: Any) -> None:
        for message_id, at in tx.execute(times).all():
            earlier = older.where(Message.id == message_id)
            tx.execute(earlier.values(created_at=at - timedelta(days=days)))

    await kabar.db.write(back)


async def retire(kabar: Kabar, days: int) -> None:
    await retire_messages(kabar.db, days=days)
    await sweep_up(kabar.db, kabar.web.audience)


async def test_a_group_keeps_as_long_as_it_says_and_others_as_the_server_does(
    kabar: Kabar, ann: Person, ben: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retiring, "_AT_ONCE", 2)
    monkeypatch.setattr(retiring, "_ROOMS_AT_ONCE", 1)
    short, ever = await group(ann, ben, name="Short"), await group(ann, ben, name="Ever")
    assert (await set_retention(ann, short, 7))["retentionDays"] == 7
    await set_retention(ann, ever, 0)
    for one in (short, ever, room):
        await say_all(ann, one, 5)
    await age(kabar, 10)
    new = await say_all(ann, short, 2)
    assert await unread_in(ben, short) == 7

    await retire(kabar, days=30)

    assert [each["id"] for each in await everything_in(ben, short)] == [each["id"] for each in new]
    assert await unread_in(ben, short) == 2
    for one in (ever, room):
        assert await unread_in(ben, one) == 5

    await age(kabar, 30)
    await retire(kabar, days=30)
    assert await everything_in(ben, room) == await everything_in(ben, short) == []
    assert (await look_at(ben, room))["lastMessage"] is None
    assert await unread_in(ben, ever) == 5
    words = select(Message.content).where(Message.room_id == room["id"])
    assert await kabar.db.read(lambda tx: set(tx.execute(words).scalars())) == {""}
    run = select(ChatRoom.gone_from, ChatRoom.gone_to).where(ChatRoom.id == room["id"])
    assert tuple(await kabar.db.read(lambda tx: tx.execute(run).one())) == (1, 5)


async def test_without_a_number_of_days_nothing_is_removed(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ours = await group(ann, ben)
    await set_retention(ann, ours, 1)
    await set_retention(ann, ours, None)
    for one in (ours, room):
        await say_all(ann, one, 2)
    await age(kabar, 10_000)

    await retire(kabar, days=0)

    assert await unread_in(ben, ours) == await unread_in(ben, room) == 2


async def test_only_who_runs_a_group_may_set_it(ann: Person, ben: Person, room: Json) -> None:
    ours = await group(ann, ben)
    days = {"retentionDays": 30}
    path = f"/api/chat/rooms/{ours['id']}"
    assert refused(await ben.patch(path, days)) == (403, "not_a_room_admin")
    direct = await ann.patch(f"/api/chat/rooms/{room['id']}", days)
    assert refused(direct)[1] == "direct_room_is_fixed"
    for wrong in (-1, 36_501, "30", 1.5):
        assert refused(await ann.patch(path, {"retentionDays": wrong}))[0] == 422
