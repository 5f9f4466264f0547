"""Rules of a group: who writes in it, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from kabar.core.times import CLOCK_TOLERANCE
from kabar.features.chat.models import ChatParticipant
from kabar.server.app import Kabar
from tests.features.chat.groups.acts import change, give_role
from tests.features.chat.talk import (
    Json,
    channel_of,
    group,
    in_one_batch,
    listen,
    refused,
    say,
    send,
)
from tests.people import Person


async def test_in_a_group_of_announcements_only_owner_and_admins_write(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    await give_role(ann, ben, room, "admin")
    before = await say(cleo, room, clientId="1")
    await change(ann, room, isAnnouncement=True)
    ear = await listen(kabar, ann, channel_of(room))

    await say(ann, room)
    await say(ben, room)
    refusal = await send(cleo, room)
    typing = await cleo.post("/api/chat/typing", {"roomId": room["id"]})

    assert refused(refusal) == refused(typing) == (403, "only_admins_write")
    assert len(await ear.heard("new-message")) == 2
    # What was said before is answered as before, and nothing is said twice.
    again = await send(cleo, room, clientId="1")
    assert (again.status_code, again.json()["id"]) == (200, before["id"])
    await change(ann, room, isAnnouncement=False)
    await say(cleo, room)


async def test_in_slow_mode_each_member_waits_for_themselves(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben, cleo)
    await change(ann, room, slowModeSeconds=30)
    first = await say(ben, room, clientId="1")

    refusal = await send(ben, room)
    assert refused(refusal) == (429, "slow_mode")
    assert 1 <= int(refusal.headers["retry-after"]) <= 30
    await say(cleo, room)
    assert (await send(ben, room, clientId="1")).json()["id"] == first["id"]
    for _ in range(3):
        await say(ann, room)

    await sent_before(kabar, ben, timedelta(seconds=31))
    await say(ben, room)
    assert refused(await send(ben, room)) == (429, "slow_mode")
    await change(ann, room, slowModeSeconds=0)
    await say(ben, room)


async def test_two_messages_at_once_are_one_too_many(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    await change(ann, room, slowModeSeconds=30)

    answers = await in_one_batch(
        kabar, (ben, room, {"content": "one"}), (ben, room, {"content": "two"})
    )

    assert [answer.status_code for answer in answers] == [201, 429]


@pytest.mark.parametrize(
    ("ahead", "status"),
    [(timedelta(seconds=2), 429), (CLOCK_TOLERANCE + timedelta(seconds=10), 201)],
)
async def test_a_clock_that_ran_ahead_holds_nobody_up_for_long(
    kabar: Kabar, ann: Person, ben: Person, ahead: timedelta, status: int
) -> None:
    """Clocks of two nodes differ a little, and give nobody a second message."""
    room = await group(ann, ben)
    await change(ann, room, slowModeSeconds=30)
    await say(ben, room)
    await sent_before(kabar, ben, -ahead)

    assert (await send(ben, room)).status_code == status


async def sent_before(kabar: Kabar, person: Person, ago: timedelta) -> None:
    """Let somebody have written so long ago."""
    theirs = ChatParticipant.user_id == person.id
    await kabar.db.write(
        lambda tx: tx.execute(
            update(ChatParticipant).where(theirs).values(last_sent_at=tx.now - ago)
        )
    )


async def test_who_was_made_an_admin_waits_no_longer(ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    await change(ann, room, slowModeSeconds=30, isAnnouncement=True)
    assert (await send(ben, room)).status_code == 403

    await give_role(ann, ben, room, "admin")

    for _ in range(2):
        await say(ben, room)


@pytest.mark.parametrize("text", ["  We grow\n\nvegetables  ", "x" * 500])
async def test_a_description_may_have_lines(ann: Person, ben: Person, text: str) -> None:
    room = await group(ann, ben)

    assert (await change(ann, room, description=text))["description"] == text.strip()
    assert (await change(ann, room, description=" \n "))["description"] is None


async def test_new_rules_are_heard_by_all_at_once(kabar: Kabar, ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    ear = await listen(kabar, ben, channel_of(room))
    rules: Json = {
        "description": "Plans",
        "joinRule": "request",
        "isAnnouncement": True,
        "messageTtlSeconds": 0,
        "retentionDays": None,
        "slowModeSeconds": 60,
    }

    changed = await change(ann, room, **rules)
    await change(ann, room, **rules)

    assert rules.items() <= changed.items()
    (told,) = [data for _, _, data in await ear.heard("room-updated")]
    assert told == {"roomId": room["id"], "name": "Team", "avatar": None, "by": ann.id, **rules}
