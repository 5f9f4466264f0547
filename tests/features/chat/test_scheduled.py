"""Messages that are said later: at their time, once, by whoever is left to say them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, insert, select, update

from kabar.core.settings import Settings
from kabar.core.times import rfc3339
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.chat.scheduled.saying import say_what_is_due
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    did,
    group,
    listen,
    page_of,
    refused,
    say,
    unread_in,
)
from tests.people import Person

PATH = "/api/chat/scheduled"


def in_days(days: float) -> str:
    return rfc3339(datetime.now(UTC) + timedelta(days=days))


async def later(person: Person, room: Json, content: str = "Later", **more: Any) -> httpx.Response:
    draft = {"roomId": room["id"], "content": content, "sendAt": in_days(1), **more}
    return await person.post("/api/chat/send", draft)


async def schedule(person: Person, room: Json, content: str = "Later", **more: Any) -> Json:
    scheduled: Json = did(await later(person, room, content, **more), 202)["scheduled"]
    return scheduled


async def waiting(person: Person, **query: Any) -> list[Json]:
    found: list[Json] = did(await person.get(PATH, **query))["scheduled"]
    return found


async def let_time_pass(kabar: Kabar) -> None:
    """Let all that waits be due, and be said."""

    def be_due(tx: Transaction) -> None:
        # In the order in which they were to be said.
        waiting = select(ScheduledMessage.id, ScheduledMessage.send_at)
        for row_id, send_at in tx.execute(waiting.where(ScheduledMessage.send_at > tx.now)).all():
            tx.execute(
                update(ScheduledMessage)
                .where(ScheduledMessage.id == row_id)
                .values(send_at=send_at - timedelta(days=400))
            )

    await kabar.db.write(be_due)
    await say_what_is_due(kabar.db, kabar.web.rules)


async def test_it_is_said_at_its_time_and_not_before(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    own = await listen(kabar, ann, f"private-user-{ann.id}")
    ear = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")

    scheduled = await schedule(ann, room, "Good morning")
    assert [each["content"] for each in await waiting(ann)] == ["Good morning"]
    assert scheduled["failure"] is None
    await say_what_is_due(kabar.db, kabar.web.rules)
    assert (await page_of(ben, room))["messages"] == []
    assert await ear.heard() == [], "nobody but its author knows of it"

    await let_time_pass(kabar)

    (message,) = (await page_of(ben, room))["messages"]
    assert (message["content"], message["senderId"]) == ("Good morning", ann.id)
    assert message["sender"]["username"] == "ann"
    assert await unread_in(ben, room) == 1
    assert await waiting(ann) == []
    assert {channel for channel, _, _ in await ear.heard("new-message")} == {
        channel_of(room),
        f"private-user-{ben.id}",
    }
    assert len(await own.heard("scheduled-updated")) == 2


async def test_what_is_due_together_is_said_in_order(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    for days in (3, 1, 2):
        await schedule(ann, room, str(days), sendAt=in_days(days))

    await let_time_pass(kabar)

    said = [message["content"] for message in (await page_of(ben, room))["messages"]]
    assert said == ["1", "2", "3"]


@pytest.mark.parametrize(
    "at", [-1, 0, 367, 365 * 474], ids=["past", "now", "over a year", "the year 2500"]
)
async def test_a_time_that_is_none_is_refused(ann: Person, room: Json, at: float) -> None:
    answer = await later(ann, room, sendAt=in_days(at))

    assert refused(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["sendAt"]
    assert await waiting(ann) == []


@pytest.mark.parametrize("at", ["2030-01-01T10:00:00", "tomorrow", 12, "", "2030-13-01T00:00:00Z"])
async def test_a_time_without_a_zone_is_refused(ann: Person, room: Json, at: object) -> None:
    answer = await later(ann, room, sendAt=at)

    assert refused(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["sendAt"]


async def test_it_can_be_changed_and_taken_back(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    first, second = await schedule(ann, room, "one"), await schedule(ann, room, "two")

    changed = did(
        await ann.patch(f"{PATH}/{first['id']}", {"content": "uno", "sendAt": in_days(2)})
    )
    assert (changed["content"], changed["sendAt"] > first["sendAt"]) == ("uno", True)
    assert (await ann.delete(f"{PATH}/{second['id']}")).status_code == 204
    await let_time_pass(kabar)

    assert [m["content"] for m in (await page_of(ben, room))["messages"]] == ["uno"]
    for gone in (first, second):
        path = f"{PATH}/{gone['id']}"
        assert refused(await ann.delete(path)) == (404, "scheduled_not_found")
        assert refused(await ann.patch(path, {"content": "x"})) == (404, "scheduled_not_found")


async def test_of_others_it_does_not_exist(ann: Person, ben: Person, room: Json) -> None:
    path = f"{PATH}/{(await schedule(ann, room))['id']}"

    assert await waiting(ben) == []
    assert refused(await ben.patch(path, {"content": "x"})) == (404, "scheduled_not_found")
    assert refused(await ben.delete(path)) == (404, "scheduled_not_found")


async def test_who_has_left_says_nothing_any_more_and_learns_why(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    room = await group(ann, ben)
    await schedule(ben, room)
    await ann.delete(f"/api/chat/rooms/{room['id']}/participants/{ben.id}")

    await let_time_pass(kabar)

    assert await said_in(ann, room) == []
    (kept,) = await waiting(ben)
    assert kept["failure"] == "room_not_found"
    await say_what_is_due(kabar.db, kabar.web.rules)

    await ann.post(f"/api/chat/rooms/{room['id']}/participants", {"userIds": [ben.id]})
    again = did(await ben.patch(f"{PATH}/{kept['id']}", {"sendAt": in_days(1)}))
    assert again["failure"] is None
    await let_time_pass(kabar)
    assert await said_in(ann, room) == ["Later"]


async def said_in(person: Person, room: Json) -> list[str]:
    """Return what people said."""
    messages = (await page_of(person, room))["messages"]
    return [message["content"] for message in messages if message["type"] != "system"]


async def test_strangers_schedule_nothing(ann: Person, cleo: Person, room: Json) -> None:
    assert refused(await later(cleo, room)) == (404, "room_not_found")
    assert await waiting(cleo) == []


async def test_an_answer_to_what_is_not_there_is_refused_at_once(
    ann: Person, cleo: Person, room: Json
) -> None:
    elsewhere = await say(ann, await group(ann, cleo))

    assert refused(await later(ann, room, replyToId=elsewhere["id"])) == (404, "message_not_found")
    assert refused(await later(ann, room, content=" ")) == (422, "invalid")
    none = await later(ann, room, attachmentIds=["a1"])
    assert refused(none) == (404, "attachment_not_found")


async def test_twice_with_one_client_id_is_once_before_and_after_it_was_said(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    first = await schedule(ann, room, clientId="c1")
    assert await schedule(ann, room, clientId="c1") == first

    await let_time_pass(kabar)

    again = await later(ann, room, clientId="c1")
    assert (again.status_code, again.json()["content"]) == (200, "Later")
    assert await waiting(ann) == []
    assert len((await page_of(ben, room))["messages"]) == 1


async def test_one_idempotency_key_stands_for_one_message_and_one_time(
    ann: Person, room: Json
) -> None:
    draft = {"roomId": room["id"], "content": "Later", "sendAt": in_days(1)}
    key = {"Idempotency-Key": "k1"}

    first = did(await ann.post("/api/chat/send", draft, headers=key), 202)
    assert did(await ann.post("/api/chat/send", draft, headers=key), 202) == first
    for change in ({"content": "Other"}, {"sendAt": in_days(2)}):
        answer = await ann.post("/api/chat/send", {**draft, **change}, headers=key)
        assert refused(answer) == (422, "idempotency_key_reused")
    assert len(await waiting(ann)) == 1


async def test_slow_mode_is_waited_for(kabar: Kabar, ann: Person, ben: Person) -> None:
    room = await group(ann, ben)
    did(await ann.patch(f"/api/chat/rooms/{room['id']}", {"slowModeSeconds": 60}))
    for number in (1, 2):
        await schedule(ben, room, str(number), sendAt=in_days(number))

    await let_time_pass(kabar)

    assert await said_in(ann, room) == ["1"]
    assert [(each["content"], each["failure"]) for each in await waiting(ben)] == [("2", None)]


async def test_a_node_that_died_while_it_said_it_lets_another_say_it_once(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    """Killed between the commit of the message and that of its end."""
    scheduled = await schedule(ann, room)
    await let_time_pass(kabar)
    message = (await page_of(ben, room))["messages"][0]

    def as_it_was(tx: Transaction, minutes: int) -> None:
        tx.execute(
            insert(ScheduledMessage).values(
                id=scheduled["id"],
                room_id=room["id"],
                sender_id=ann.id,
                content="Later",
                type="text",
                client_id=message["clientId"],
                send_at=tx.now - timedelta(minutes=10),
                taken_at=tx.now - timedelta(minutes=minutes),
                created_at=tx.now,
            )
        )

    await kabar.db.write(as_it_was, minutes=0)
    await say_what_is_due(kabar.db, kabar.web.rules)
    assert len(await waiting(ann)) == 1, "another may still be at it"
    assert refused(await ann.delete(f"{PATH}/{scheduled['id']}")) == (404, "scheduled_not_found")

    await kabar.db.write(lambda tx: tx.execute(delete(ScheduledMessage)))
    await kabar.db.write(as_it_was, minutes=5)
    await say_what_is_due(kabar.db, kabar.web.rules)
    assert await waiting(ann) == []
    assert len((await page_of(ben, room))["messages"]) == 1


async def test_two_nodes_at_once_say_it_once(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    for number in range(20):
        await schedule(ann, room, str(number), sendAt=in_days(1 + number / 100))

    await asyncio.gather(*(let_time_pass(kabar) for _ in range(3)))

    said = [message["content"] for message in (await page_of(ben, room))["messages"]]
    assert said == [str(number) for number in range(20)]


async def test_pages_go_on_where_the_last_ended(ann: Person, room: Json) -> None:
    for number in range(5):
        await schedule(ann, room, str(number), sendAt=in_days(1 + number))
    other = await group(ann)
    await schedule(ann, other, "elsewhere")

    page = did(await ann.get(PATH, roomId=room["id"], limit=2))
    seen = [each["content"] for each in page["scheduled"]]
    while page["nextCursor"]:
        page = did(await ann.get(PATH, roomId=room["id"], limit=2, cursor=page["nextCursor"]))
        seen += [each["content"] for each in page["scheduled"]]

    assert seen == ["0", "1", "2", "3", "4"]


class TestLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"scheduled_messages_per_user": 3})

    async def test_no_more_wait_than_may(self, ann: Person, ben: Person, room: Json) -> None:
        answers = await asyncio.gather(*(later(ann, room, str(n)) for n in range(8)))

        assert sorted(answer.status_code for answer in answers) == [202] * 3 + [409] * 5
        assert {refused(a)[1] for a in answers if a.status_code == 409} == {"too_many_scheduled"}
        assert (await later(ben, room)).status_code == 202
