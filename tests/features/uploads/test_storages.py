"""Files beside one server and its folder: in a bucket, after a crash, looked at by a scanner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from sqlalchemy import func, select, update

from kabar.core.settings import Settings
from kabar.core.times import utc_now
from kabar.engines.images import Studio
from kabar.features.accounts.events import AccountErased
from kabar.features.uploads.attaching import copy_for
from kabar.features.uploads.erasure import let_files_go
from kabar.features.uploads.models import Upload, UploadState
from kabar.features.uploads.uploads import (
    begin_upload,
    claim_due,
    release,
    release_orphans,
)
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, delete, direct_room, page_of, refused, say
from tests.features.uploads.files import (
    as_image,
    fetch,
    kept_in,
    let_go,
    picture,
    send_file,
    upload,
)
from tests.infra.storage.test_storage import s3
from tests.infra.test_scanning import EICAR, clamd, listening
from tests.people import MakePerson, Person, browser_of, people_of

__all__ = ["s3"]
CONTENT = bytes(range(256)) * 40_000


class TestInABucket:
    @pytest.fixture
    def settings(self, settings: Settings, s3: str) -> Settings:
        url = (
            "s3://files/below?region=us-east-1&access_key_id=key&secret_access_key=secret"
            f"&endpoint={s3}"
        )
        return settings.model_copy(update={"storage_url": url})

    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    async def test_files_are_sent_seen_in_parts_and_forgotten(
        self, kabar: Kabar, ann: Person, ben: Person, room: Json, s3: str
    ) -> None:
        file, image = await upload(ann, CONTENT, "a.bin"), await upload(ann, picture(), "a.png")
        message = await say(ann, room, "", attachmentIds=[file["id"], image["id"]])
        (seen,) = (await page_of(ben, room))["messages"]
        of_file, of_image = seen["attachments"]

        part = await fetch(ben, of_file["url"], range="bytes=1000000-1000999")
        assert part.content == CONTENT[1_000_000:1_001_000]
        assert (await fetch(ben, of_file["url"])).content == CONTENT
        assert as_image((await fetch(ben, of_image["thumbnailUrl"])).content).size == (64, 48)
        assert keys_in(s3) == sorted([file["id"], image["id"], f"{image['id']}-t"])
        assert kept_in(kabar) == []

        await delete(ann, message)
        await let_go(kabar)
        assert keys_in(s3) == []


def keys_in(address: str) -> list[str]:
    client = boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    found = client.list_objects_v2(Bucket="files", Prefix="below/")
    return sorted(each["Key"].removeprefix("below/") for each in found.get("Contents", []))


class TestLookedAt:
    @pytest.fixture
    async def scanner(self) -> AsyncIterator[str]:
        async with listening(clamd) as address:
            yield address

    @pytest.fixture
    def settings(self, settings: Settings, scanner: str) -> Settings:
        return settings.model_copy(update={"clamav_url": scanner})

    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    async def test_what_harms_is_refused_before_anybody_gets_it(
        self, kabar: Kabar, ann: Person
    ) -> None:
        assert (await send_file(ann, b"harmless")).status_code == 201
        assert refused(await send_file(ann, b"x" + EICAR)) == (422, "infected_file")
        assert len(kept_in(kabar)) == 1


class TestLookedAtByNobody:
    @pytest.fixture
    def settings(self, settings: Settings, tmp_path: Path) -> Settings:
        return settings.model_copy(update={"clamav_url": f"unix://{tmp_path}/nobody"})

    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    async def test_nothing_is_taken_that_nobody_could_look_at(
        self, kabar: Kabar, ann: Person
    ) -> None:
        answer = await send_file(ann, b"harmless")

        assert refused(answer) == (503, "scanner_away")
        assert "retry-after" in answer.headers
        assert kept_in(kabar) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_picture_that_one_server_left_is_made_anew_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_args: object, **_more: object) -> None:
        await asyncio.Event().wait()

    async with Kabar(settings) as kabar, people_of(kabar.asgi, kabar.db) as person:
        ann = await person("ann")
        monkeypatch.setattr(Studio, "make", never)
        file = await upload(ann, picture("JPEG"), "a.jpg")
        monkeypatch.undo()
    async with Kabar(settings) as kabar:
        # The one that began it has five minutes.
        await kabar.db.write(
            lambda tx: tx.execute(update(Upload).values(due_at=utc_now() - timedelta(seconds=1)))
        )
        async with browser_of(kabar.asgi) as browser:
            answer = await browser.get(file["url"])
    assert answer.headers["content-type"] == "image/jpeg"
    assert as_image(answer.content).size == (64, 48)


async def test_who_sends_many_pictures_holds_up_nobody_who_sends_one(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    def wait(tx: Transaction) -> list[str]:
        ids = []
        for number, owner in enumerate([ann, ann, ann, ben]):
            upload_id = begin_upload(
                tx,
                owner_id=owner.id,
                name="a.png",
                media_type="image/png",
                size=9,
                dimensions=(1, 1),
                quota=0,
            )
            at = utc_now() - timedelta(days=1, seconds=-number)
            waits = update(Upload).where(Upload.id == upload_id)
            tx.execute(waits.values(state=UploadState.WAITING, due_at=at))
            ids.append(upload_id)
        # Claimed in the same transaction, before the server itself can.
        first = claim_due(tx, state=UploadState.WAITING, most=2)
        return [ids[0], ids[3], *sorted(each[0] for each in first)]

    annas, bens, *claimed = await kabar.db.write(wait)

    assert claimed == sorted([annas, bens])


async def test_what_was_begun_and_never_stored_is_forgotten(kabar: Kabar, ann: Person) -> None:
    upload_id = await kabar.db.write(
        begin_upload,
        owner_id=ann.id,
        name="a",
        media_type="text/plain",
        size=9,
        dimensions=None,
        quota=0,
    )
    assert refused(await fetch(ann, f"/api/uploads/{upload_id}/file"))[0] == 404
    await kabar.db.write(
        lambda tx: tx.execute(update(Upload).values(created_at=utc_now() - timedelta(hours=25)))
    )

    await kabar.db.write(release_orphans)
    await let_go(kabar)

    assert await count(kabar) == 0


async def test_the_bytes_of_a_file_stay_until_its_last_copy_is_released(
    kabar: Kabar, ann: Person, ben: Person
) -> None:
    first = await upload(ann, b"shared")
    copies = await kabar.db.write(copy_for, [first["id"]], owner_id=ben.id)
    copy = copies[first["id"]]
    await ann.delete(f"/api/uploads/{first['id']}")

    await let_go(kabar)

    assert (await fetch(ben, f"/api/uploads/{copy.id}/file")).content == b"shared"
    await kabar.db.write(release, [copy.id])
    await let_go(kabar)
    assert kept_in(kabar) == []


async def test_who_is_erased_leaves_only_what_they_sent(kabar: Kabar, person: MakePerson) -> None:
    ann, ben = await person("ann"), await person("ben")
    room = await direct_room(ann, ben)
    sent, unsent = await upload(ann, b"sent"), await upload(ann, b"unsent")
    await say(ann, room, "", attachmentIds=[sent["id"]])

    def erase(tx: Transaction) -> None:
        for _ in range(2):
            let_files_go(tx, [AccountErased(user_id=ann.id)])

    await kabar.db.write(erase)
    await let_go(kabar)

    assert refused(await fetch(ann, unsent["url"]))[0] == 404
    assert (await fetch(ben, f"/api/uploads/{sent['id']}/file")).content == b"sent"


async def count(kabar: Kabar) -> int:
    counted = select(func.count()).where(Upload.state != UploadState.READY)
    return await kabar.db.read(lambda tx: int(tx.execute(counted).scalar_one()))
