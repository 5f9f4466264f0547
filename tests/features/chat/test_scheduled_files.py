"""Files of messages that are said later: held till then, seen by nobody else, said once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from kabar.core.times import utc_now
from kabar.features.chat.models import ChatRoom
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.chat.scheduled.saying import _take
from kabar.features.uploads.models import Upload
from kabar.features.uploads.uploads import release_orphans
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did, page_of, refused, say, send
from tests.features.chat.test_scheduled import (
    PATH,
    in_days,
    later,
    let_time_pass,
    schedule,
    waiting,
)
from tests.features.uploads.files import PDF, fetch, kept_in, let_go, picture, upload
from tests.people import Person


async def let_a_day_pass(kabar: Kabar) -> None:
    """Let all files be older than a day, and collect what nobody has sent."""

    def age(tx: Transaction) -> None:
        tx.execute(update(Upload).values(created_at=utc_now() - timedelta(days=2)))
        release_orphans(tx)

    await kabar.db.write(age)
    await let_go(kabar)


async def test_a_file_waits_with_its_message_and_is_said_with_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    files = [await upload(ann, PDF, "plan.pdf"), await upload(ann, picture(), "a.png")]
    ids = [each["id"] for each in files]

    scheduled = await schedule(ann, room, "", attachmentIds=ids)

    assert [each["name"] for each in scheduled["attachments"]] == ["plan.pdf", "a.png"]
    assert (await fetch(ann, scheduled["attachments"][0]["url"])).content == PDF
    assert (await waiting(ann))[0]["attachments"][0]["id"] == ids[0]
    assert refused(await fetch(ben, f"/api/uploads/{ids[0]}/file")) == (404, "upload_not_found")
    await let_a_day_pass(kabar)
    assert (await fetch(ann, scheduled["attachments"][0]["url"])).content == PDF

    await let_time_pass(kabar)

    (message,) = (await page_of(ben, room))["messages"]
    assert [each["id"] for each in message["attachments"]] == ids
    assert (message["content"], message["type"]) == ("", "file")
    assert (await fetch(ben, message["attachments"][0]["url"])).content == PDF
    await let_a_day_pass(kabar)
    assert (await fetch(ben, message["attachments"][0]["url"])).content == PDF


async def test_nobody_else_has_a_file_that_waits(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    file = await upload(ann, PDF)
    ids = [file["id"]]
    await schedule(ann, room, attachmentIds=ids)

    assert refused(await send(ann, room, attachmentIds=ids)) == (409, "upload_used")
    assert refused(await later(ann, room, attachmentIds=ids)) == (409, "upload_used")
    assert refused(await ann.delete(f"/api/uploads/{file['id']}")) == (409, "upload_used")
    assert refused(await later(ben, room, attachmentIds=ids)) == (404, "attachment_not_found")
    sent = await upload(ann, PDF)
    await say(ann, room, attachmentIds=[sent["id"]])
    assert refused(await later(ann, room, attachmentIds=[sent["id"]])) == (409, "upload_used")
    assert len(await waiting(ann)) == 1

    await let_time_pass(kabar)

    newest = (await page_of(ben, room))["messages"][-1]
    assert [each["id"] for each in newest["attachments"]] == ids


@pytest.mark.parametrize("wrong", [["nobody"], ["x"] * 2, [str(number) for number in range(11)]])
async def test_files_that_cannot_be_sent_cannot_wait(
    ann: Person, room: Json, wrong: list[str]
) -> None:
    assert (await later(ann, room, attachmentIds=wrong)).status_code in {404, 422}
    assert await waiting(ann) == []


async def test_what_is_taken_back_gives_its_files_up(kabar: Kabar, ann: Person, room: Json) -> None:
    file = await upload(ann, PDF)
    scheduled = await schedule(ann, room, attachmentIds=[file["id"]])

    assert (await ann.delete(f"{PATH}/{scheduled['id']}")).status_code == 204

    assert (await fetch(ann, file["url"])).status_code == 404
    await let_go(kabar)
    assert kept_in(kabar) == []


async def test_its_words_change_and_its_files_stay(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    file = await upload(ann, PDF)
    with_file = await schedule(ann, room, "Here", attachmentIds=[file["id"]])
    without = await schedule(ann, room, "Words only")

    changed = did(await ann.patch(f"{PATH}/{with_file['id']}", {"content": ""}))
    assert (changed["content"], len(changed["attachments"])) == ("", 1)
    refusal = await ann.patch(f"{PATH}/{without['id']}", {"content": ""})
    assert refused(refusal) == (422, "invalid")
    assert "Words only" in {each["content"] for each in await waiting(ann)}


async def test_one_client_id_stands_for_the_same_files(ann: Person, room: Json) -> None:
    file = await upload(ann, PDF)
    body = {
        "roomId": room["id"],
        "sendAt": in_days(1),
        "attachmentIds": [file["id"]],
    }
    headers = {"Idempotency-Key": "one"}

    first = await ann.browser.post("/api/chat/send", json=body, headers=headers)
    again = await ann.browser.post("/api/chat/send", json=body, headers=headers)
    other = await ann.browser.post(
        "/api/chat/send", json={**body, "attachmentIds": [], "content": "x"}, headers=headers
    )

    assert did(first, 202)["scheduled"]["id"] == did(again, 202)["scheduled"]["id"]
    assert refused(other) == (422, "idempotency_key_reused")


async def test_who_began_to_say_it_and_died_leaves_its_files_to_the_next(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    file = await upload(ann, PDF)
    await schedule(ann, room, attachmentIds=[file["id"]])
    await kabar.db.write(_be_due_and_taken)
    await let_a_day_pass(kabar)

    await let_time_pass(kabar)

    (message,) = (await page_of(ben, room))["messages"]
    assert [each["id"] for each in message["attachments"]] == [file["id"]]


def _be_due_and_taken(tx: Transaction) -> None:
    tx.execute(update(ScheduledMessage).values(send_at=tx.now - timedelta(seconds=1)))
    assert len(_take(tx)) == 1
    tx.execute(update(ScheduledMessage).values(taken_at=tx.now - timedelta(minutes=5)))


async def test_with_its_room_a_file_that_waits_is_collected(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    file = await upload(ann, PDF)
    await schedule(ann, room, attachmentIds=[file["id"]])

    await kabar.db.write(lambda tx: tx.execute(delete(ChatRoom).where(ChatRoom.id == room["id"])))
    await let_a_day_pass(kabar)

    assert kept_in(kabar) == []
