"""Files in messages: sent once, by who brought them, and seen by who may see the message."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from kabar.core.times import utc_now
from kabar.features.chat.models import Message
from kabar.features.uploads.models import Upload, UploadUsage
from kabar.features.uploads.uploads import release_orphans
from kabar.infra.db import Database, Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    channel_of,
    delete,
    did,
    group,
    in_one_batch,
    listen,
    look_at,
    page_of,
    refused,
    say,
    send,
)
from tests.features.uploads.files import (
    PDF,
    WEBM,
    fetch,
    kept_in,
    let_go,
    picture,
    send_file,
    upload,
)
from tests.people import Person


async def with_file(person: Person, room: Json, content: bytes = b"notes", **more: str) -> Json:
    file = await upload(person, content)
    return await say(person, room, more.pop("content", ""), attachmentIds=[file["id"]], **more)


async def usage_of(db: Database, person: Person) -> int:
    def read(tx: Transaction) -> int:
        used = select(UploadUsage.bytes).where(UploadUsage.user_id == person.id)
        return int(tx.execute(used).scalar_one())

    return await db.read(read)


async def test_a_message_with_a_file_shows_it_to_both(ann: Person, ben: Person, room: Json) -> None:
    file = await upload(ann, PDF, "plan.pdf")

    message = await say(ann, room, "The plan", attachmentIds=[file["id"]])

    assert set(file) == {"id", "url", "name", "mediaType", "size"}
    assert (file["name"], file["mediaType"]) == ("plan.pdf", "application/pdf")
    assert file["size"] == len(PDF)
    (theirs,) = (await page_of(ben, room))["messages"]
    for seen, person in ((message, ann), (theirs, ben)):
        (attachment,) = seen["attachments"]
        assert {**attachment, "url": ""} == {**file, "url": ""}
        assert seen["attachmentUrl"] == attachment["url"]
        assert seen["type"] == "file"
        answer = await fetch(person, attachment["url"])
        assert (answer.status_code, answer.content) == (200, PDF)


async def test_an_address_names_its_person_and_works_without_a_cookie(
    ann: Person, ben: Person, room: Json, stranger: httpx.AsyncClient
) -> None:
    await with_file(ann, room)
    (message,) = (await page_of(ben, room))["messages"]
    address = message["attachments"][0]["url"]

    assert f"user={ben.id}" in address
    assert (await stranger.get(address)).content == b"notes"
    for changed in (
        address.replace(ben.id, ann.id),
        address.replace("expires=1", "expires=2"),
        address.partition("&signature")[0] + "&signature=x",
    ):
        assert refused(await stranger.get(changed)) == (403, "link_not_good")
    bare = address.partition("?")[0]
    assert refused(await stranger.get(bare)) == (401, "not_signed_in")
    assert (await fetch(ben, bare)).content == b"notes"


async def test_each_download_asks_anew_whether_one_may(
    ann: Person, ben: Person, cleo: Person, stranger: httpx.AsyncClient
) -> None:
    team = await group(ann, ben)
    await with_file(ann, team)
    (message,) = (await page_of(ben, team))["messages"]
    address = message["attachments"][0]["url"]
    bare = address.partition("?")[0]
    assert refused(await fetch(cleo, bare)) == (404, "upload_not_found")
    assert (await stranger.get(address)).status_code == 200

    await ben.delete(f"/api/chat/rooms/{team['id']}/participants/me")

    assert refused(await stranger.get(address)) == (404, "upload_not_found")
    assert refused(await fetch(ben, bare)) == (404, "upload_not_found")
    assert (await fetch(ann, bare)).status_code == 200


async def test_a_message_deleted_for_all_takes_its_files_with_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    message = await with_file(ann, room)
    address = (await page_of(ben, room))["messages"][0]["attachments"][0]["url"]
    assert kept_in(kabar) != []

    await delete(ann, message)

    assert refused(await fetch(ben, address)) == (404, "upload_not_found")
    assert refused(await fetch(ann, message["attachments"][0]["url"]))[0] == 404
    assert (await page_of(ben, room))["messages"][0]["attachments"] == []
    assert await usage_of(kabar.db, ann) == 0
    await let_go(kabar)
    assert kept_in(kabar) == []
    assert await kabar.db.read(lambda tx: tx.execute(select(Upload.id)).all()) == []


async def test_a_file_is_sent_once_and_by_who_brought_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    file = await upload(ann, b"mine")
    ids = {"attachmentIds": [file["id"]]}

    assert refused(await send(ben, room, "", **ids)) == (404, "attachment_not_found")
    assert refused(await send(ann, room, "", attachmentIds=["x"])) == (404, "attachment_not_found")
    answers = await in_one_batch(
        kabar, *[(ann, room, {"content": str(number), **ids}) for number in range(3)]
    )

    assert [answer.status_code for answer in answers] == [201, 409, 409]
    assert refused(answers[1]) == (409, "upload_used")
    assert refused(await send(ann, room, "", **ids)) == (409, "upload_used")
    assert len((await page_of(ben, room))["messages"]) == 1


async def test_two_who_send_the_same_file_at_the_same_moment_send_it_once(
    ann: Person, room: Json
) -> None:
    file = await upload(ann, b"mine")

    answers = await asyncio.gather(
        *(send(ann, room, str(number), attachmentIds=[file["id"]]) for number in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


async def test_content_may_be_absent_only_beside_a_file(ann: Person, room: Json) -> None:
    assert refused(await send(ann, room, "")) == (422, "invalid")
    nothing = await ann.post("/api/chat/send", {"roomId": room["id"]})
    assert refused(nothing) == (422, "invalid")
    file = await upload(ann, b"x")
    twice = await send(ann, room, "", attachmentIds=[file["id"]] * 2)
    assert twice.json()["errors"][0]["field"] == "attachmentIds"
    many = await send(ann, room, "", attachmentIds=[str(number) for number in range(11)])
    assert many.json()["errors"][0]["field"] == "attachmentIds"

    message = await say(ann, room, "", attachmentIds=[file["id"]])

    assert message["content"] == ""


@pytest.mark.parametrize(
    ("contents", "kind", "shown"),
    [
        ([("a.png", picture())], "image", "Picture"),
        ([("a.png", picture()), ("b.png", picture())], "image", "Picture"),
        ([("a.webm", WEBM)], "audio", "Voice message"),
        ([("a.png", picture()), ("b.pdf", PDF)], "file", "File"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_message_without_words_is_called_by_what_it_brings(
    ann: Person,
    ben: Person,
    room: Json,
    contents: list[tuple[str, bytes]],
    kind: str,
    shown: str,
) -> None:
    files = [
        await upload(ann, content, name, media_type="audio/webm") for name, content in contents
    ]

    message = await say(ann, room, "", attachmentIds=[file["id"] for file in files])

    assert message["type"] == kind
    assert [each["name"] for each in message["attachments"]] == [name for name, _ in contents]
    assert (await look_at(ben, room))["lastMessage"] == shown
    reply = await say(ben, room, "Nice", replyToId=message["id"])
    assert reply["replyTo"]["content"] == shown
    entry = did(await ben.get("/api/notifications"))["notifications"][0]
    assert entry["body"].endswith(shown), entry


async def test_sent_again_it_is_the_same_message(ann: Person, room: Json) -> None:
    file, other = await upload(ann, b"x"), await upload(ann, b"y")
    key = {"Idempotency-Key": "once"}
    body = {"roomId": room["id"], "attachmentIds": [file["id"]]}

    first = did(await ann.post("/api/chat/send", body, headers=key), 201)
    again = did(await ann.post("/api/chat/send", body, headers=key))
    changed = await ann.post(
        "/api/chat/send", {**body, "attachmentIds": [other["id"]]}, headers=key
    )

    assert again["id"] == first["id"]
    assert again["attachments"][0]["id"] == file["id"]
    assert refused(changed) == (422, "idempotency_key_reused")


async def test_the_room_hears_of_the_file_at_once(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, channel_of(room))

    message = await with_file(ann, room)

    told = {event: data for _, event, data in await ear.heard()}
    (attachment,) = told["new-message"]["attachments"]
    assert attachment["id"] == message["attachments"][0]["id"]
    # Everybody in the room is told the same: this address is for who is signed in.
    assert attachment["url"] == f"/api/uploads/{attachment['id']}/file"
    assert (await fetch(ben, attachment["url"])).content == b"notes"


async def test_what_nobody_sends_is_collected_after_a_day(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    await with_file(ann, room, b"sent")
    orphan = await upload(ann, b"forgotten")
    await kabar.db.write(
        lambda tx: tx.execute(update(Upload).values(created_at=utc_now() - timedelta(hours=25)))
    )
    await upload(ann, b"fresh")

    await kabar.db.write(release_orphans)
    await let_go(kabar)

    assert len(kept_in(kabar)) == 2
    assert refused(await fetch(ann, orphan["url"]))[0] == 404
    assert await usage_of(kabar.db, ann) == len(b"sent") + len(b"fresh")


async def test_a_message_that_goes_with_its_room_leaves_an_orphan(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    message = await with_file(ann, room)

    await kabar.db.write(
        lambda tx: tx.execute(
            Message.__table__.delete().where(Message.id == message["id"])  # type: ignore[attr-defined]
        )
    )

    left = await kabar.db.read(
        lambda tx: tx.execute(select(func.count()).where(Upload.message_id.is_(None))).scalar_one()
    )
    assert left == 1


async def test_one_may_think_better_of_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    file, sent = await upload(ann, b"x"), await with_file(ann, room)
    address = f"/api/uploads/{file['id']}"

    assert refused(await ben.delete(address)) == (404, "upload_not_found")
    assert (await ann.delete(address)).status_code == 204
    assert refused(await ann.delete(address)) == (404, "upload_not_found")
    of_sent = f"/api/uploads/{sent['attachments'][0]['id']}"
    assert refused(await ann.delete(of_sent)) == (409, "upload_used")
    assert refused(await send(ann, room, "", attachmentIds=[file["id"]]))[0] == 404
    await let_go(kabar)
    assert len(kept_in(kabar)) == 1


async def test_an_address_that_is_too_old_is_renewed(ann: Person, ben: Person, room: Json) -> None:
    message = await with_file(ann, room)
    file_id = message["attachments"][0]["id"]

    renewed = did(await ben.get(f"/api/uploads/{file_id}"))

    assert f"user={ben.id}" in renewed["url"]
    assert (await fetch(ben, renewed["url"])).content == b"notes"


class TestQuota:
    @pytest.fixture
    def settings(self, settings: object) -> object:
        return settings.model_copy(update={"upload_quota_bytes": 100})  # type: ignore[attr-defined]

    async def test_one_may_have_so_much_and_gets_it_back(
        self, kabar: Kabar, ann: Person, ben: Person, room: Json
    ) -> None:
        message = await with_file(ann, room, b"x" * 90)

        assert refused(await send_file(ann, b"y" * 11)) == (413, "no_room_for_files")
        assert (await send_file(ben, b"y" * 11)).status_code == 201
        assert len(kept_in(kabar)) == 2
        await delete(ann, message)
        assert (await send_file(ann, b"y" * 11)).status_code == 201

    async def test_at_the_same_moment_nobody_gets_more(self, kabar: Kabar, ann: Person) -> None:
        answers = await asyncio.gather(*(send_file(ann, b"z" * 40) for _ in range(5)))

        assert sorted(answer.status_code for answer in answers) == [201, 201, 413, 413, 413]
        assert await usage_of(kabar.db, ann) == 80
