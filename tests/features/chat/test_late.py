"""What a dead process left untold is told as it is now, and only if it is still so."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import insert

from kabar.core.events import Event, encode_json
from kabar.core.ids import new_id
from kabar.core.times import utc_now
from kabar.features.chat.events import MessageRead, MessageSent
from kabar.features.chat.groups.events import ParticipantJoined, ParticipantLeft
from kabar.features.chat.reactions.events import ReactionAdded
from kabar.features.chat.schemas import ReactionCount
from kabar.infra.db.outbox import OutboxRow
from kabar.infra.relay.relay import REALTIME
from kabar.server.app import Kabar
from kabar.wiring import HANDLERS, RECALLS, TELLERS
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    group,
    listen,
    read,
    say,
)
from tests.patience import patiently
from tests.people import Person

FAR = timedelta(days=1)


async def left_over(kabar: Kabar, *events: Event) -> None:
    """Replay events of which no socket has heard yet."""
    async with patiently():
        while not kabar.relay.is_idle:
            await asyncio.sleep(0)
    row = {
        "id": new_id(),
        "consumer": REALTIME,
        "events": encode_json([event.kept() for event in events]).decode(),
        "attempts": 0,
        "available_at": utc_now(),
        "created_at": utc_now(),
    }
    await kabar.db.write(lambda tx: tx.execute(insert(OutboxRow).values(row)))
    await kabar.relay.left_over.sweep(utc_now() + FAR)


async def test_who_was_removed_and_is_back_is_not_cut_off_for_having_left(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    """Remove B, kill -9, start, add B again: B was cut off for good."""
    room = await group(ann, ben)
    bens = await listen(kabar, ben, channel_of(room))
    gone = ParticipantLeft(room_id=room["id"], user_id=ben.id, name="Ben", by=ann.id)

    await left_over(kabar, gone)
    await say(ann, room, "still here?")

    assert [event for _, event, _ in await bens.heard()] == ["new-message"]


async def test_who_is_gone_by_now_is_cut_off_all_the_same(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    cleos = await listen(kabar, ann, channel_of(room))
    gone = ParticipantLeft(room_id=room["id"], user_id=cleo.id, name="Cleo", by=ann.id)
    joined = ParticipantJoined(room_id=room["id"], user_id=cleo.id, name="Cleo", by=ann.id)

    await left_over(kabar, joined, gone)

    assert [event for _, event, _ in await cleos.heard()] == ["user-left"]


async def test_a_message_is_read_again_and_rings_as_it_is_by_now(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room, "Hello Ben")
    ear = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")
    sent = MessageSent(room_id=room["id"], message_id=message["id"], socket_id=None)

    await left_over(kabar, sent)

    (in_the_room, bell) = await ear.heard("new-message")
    assert in_the_room[2] == message
    assert (bell[2]["content"], bell[2]["unreadCount"]) == ("Hello Ben", 1)


async def test_what_was_deleted_meanwhile_is_not_said_again(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room, "secret")
    await delete(ann, message)
    ear = await listen(kabar, ben, channel_of(room))
    sent = MessageSent(room_id=room["id"], message_id=message["id"], socket_id=None)

    await left_over(kabar, sent)

    assert "secret" not in str(await ear.heard())


async def test_a_reaction_is_told_with_the_counts_of_now_and_not_once_it_is_gone(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room)
    path = f"/api/chat/messages/{message['id']}/reactions"
    for person in (ann, ben):
        did(await person.put(f"{path}/👍"))
    ear = await listen(kabar, ann, channel_of(room))
    there, gone = (
        ReactionAdded(
            room_id=room["id"],
            message_id=message["id"],
            seq=1,
            emoji=emoji,
            user_id=ben.id,
            name="Ben",
            reactions=[ReactionCount(emoji=emoji, count=1)],
            version=1,
            socket_id=None,
        )
        for emoji in ("👍", "🎉")
    )

    await left_over(kabar, there, gone)

    ((_, event, data),) = await ear.heard()
    assert (event, data["emoji"], data["count"], data["version"]) == ("reaction-added", "👍", 2, 2)


async def test_an_older_read_mark_is_not_told_after_a_newer_one(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await say(ann, room)
    await say(ann, room)
    await read(ben, room)
    ear = await listen(kabar, ann, channel_of(room))
    older = MessageRead(
        room_id=room["id"],
        user_id=ben.id,
        last_read_seq=1,
        unread_count=1,
        read_at="2026-11-28T12:00:00.000Z",
        socket_id=None,
    )

    await left_over(kabar, older)

    assert await ear.heard() == []


def test_every_fact_of_a_room_or_a_user_says_what_it_concerns_and_every_replay_looks() -> None:
    """So that the next event cannot be written without."""
    told_at_once = [event for event in HANDLERS if event.publications is not Event.publications]
    assert [event for event in HANDLERS if event.concerns is Event.concerns] == []
    assert [event for event in told_at_once if event not in RECALLS] == []
    assert set(TELLERS) <= set(HANDLERS)
