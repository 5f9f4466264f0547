"""One's own data in a file: all of it and nothing of others, once at a time, gone after a while."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from kabar.core.settings import Settings
from kabar.core.times import rfc3339, utc_now
from kabar.features.accounts.events import AccountErased
from kabar.features.exports.exports import (
    LEASE,
    Superseded,
    claim_export,
    note_ready,
    release_exports,
)
from kabar.features.exports.models import Export
from kabar.features.exports.sections import SECTIONS
from kabar.features.exports.writing import Writer
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did, group, refused, say
from tests.features.uploads.files import fetch, kept_in, picture, upload
from tests.people import Person


async def ask(person: Person, **headers: str) -> str:
    answer = await person.post("/api/me/export", headers=headers)
    export_id: str = did(answer, 202)["id"]
    return export_id


async def state_of(person: Person, export_id: str) -> Json:
    return did(await person.get(f"/api/me/export/{export_id}"))


async def make(kabar: Kabar) -> None:
    await kabar.files.export_making.make_due()


async def export_of(kabar: Kabar, person: Person) -> zipfile.ZipFile:
    """Ask for an export, have it written, and fetch it."""
    export_id = await ask(person)
    await make(kabar)
    shown = await state_of(person, export_id)
    assert (shown["state"], shown["progress"]) == ("ready", 100)
    answer = await fetch(person, shown["url"])
    assert (answer.status_code, len(answer.content)) == (200, shown["size"])
    return zipfile.ZipFile(io.BytesIO(answer.content))


def lines_of(archive: zipfile.ZipFile, name: str) -> list[Json]:
    return [json.loads(line) for line in archive.read(f"{name}.jsonl").splitlines()]


def change(kabar: Kabar, **values: Any) -> Any:
    return kabar.db.write(lambda tx: tx.execute(update(Export).values(**values)))


async def test_all_that_is_theirs_is_in_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ours = await group(ann, ben, name="Garden")
    await ann.put(f"/api/users/{ben.id}/follow")
    await ben.put(f"/api/users/{ann.id}/follow")
    await ann.patch("/api/me", {"bio": "I like tea", "username": "ann_2"})
    await ann.post("/api/auth/tokens", {"name": "my script"})
    notes, image = (
        await upload(ann, b"my notes", "notes.txt"),
        await upload(ann, picture(), "a.png"),
    )
    await kabar.files.making.make_waiting()
    said = await say(ann, room, "Mine", attachmentIds=[notes["id"], image["id"]])
    await ann.patch("/api/chat/messages", {"messageId": said["id"], "content": "Mine, better"})
    his = await say(ben, room, "What Ben says is his")
    await ann.put(f"/api/chat/messages/{his['id']}/reactions/👍")
    asked = await say(ben, room, poll={"question": "Tea?", "options": ["Yes", "No"]})
    await ann.put(f"/api/chat/messages/{asked['id']}/votes", {"optionIds": ["2"]})
    later = {"sendAt": rfc3339(utc_now() + timedelta(days=1)), "content": "Tomorrow"}
    await ann.post("/api/chat/send", {"roomId": ours["id"], **later})
    await ann.patch(f"/api/chat/rooms/{ours['id']}/me", {"isMuted": True})

    archive = await export_of(kabar, ann)

    (account,) = lines_of(archive, "account")
    assert (account["username"], account["bio"], account["email"]) == (
        *("ann_2", "I like tea", "ann@example.org"),
    )
    assert [each["username"] for each in lines_of(archive, "former-usernames")] == ["ann"]
    assert [each["name"] for each in lines_of(archive, "access-tokens")] == ["my script"]
    assert len(lines_of(archive, "sessions")) == 1
    assert [each["username"] for each in lines_of(archive, "following")] == ["ben"]
    assert [each["username"] for each in lines_of(archive, "followers")] == ["ben"]
    rooms = {each["id"]: each for each in lines_of(archive, "rooms")}
    assert (rooms[room["id"]]["with"], rooms[ours["id"]]["name"]) == ("ben", "Garden")
    assert (rooms[ours["id"]]["role"], rooms[ours["id"]]["isMuted"]) == ("owner", True)
    (message,) = lines_of(archive, "messages")
    assert message["content"] == "Mine, better"
    assert [each["name"] for each in message["attachments"]] == ["notes.txt", "a.png"]
    assert [each["content"] for each in lines_of(archive, "former-words")] == ["Mine"]
    assert [each["emoji"] for each in lines_of(archive, "reactions")] == ["👍"]
    assert [each["optionIds"] for each in lines_of(archive, "votes")] == ["2"]
    assert [each["content"] for each in lines_of(archive, "scheduled-messages")] == ["Tomorrow"]
    assert archive.read(f"files/{notes['id']}/notes.txt") == b"my notes"
    assert archive.read(f"files/{image['id']}/a.png").startswith(b"\x89PNG")
    about = archive.read("README.txt").decode()
    assert all(f"{section.name}.jsonl" in about for section in SECTIONS)
    assert "messages.jsonl (1)" in about


async def test_nothing_of_others_and_nothing_secret_is_in_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    file = await upload(ben, b"the notes of Ben")
    await say(ben, room, "What Ben says is his", attachmentIds=[file["id"]])
    await ben.put(f"/api/users/{ann.id}/mute")
    await ben.put(f"/api/users/{ann.id}/block")

    archive = await export_of(kabar, ann)

    everything = b"".join(archive.read(name) for name in archive.namelist())
    for foreign in (b"What Ben says", b"the notes of Ben", b"ben@example.org"):
        assert foreign not in everything
    for secret in (b"argon2", b"tokenHash", b"passwordHash", ann.token.encode()):
        assert secret not in everything
    assert lines_of(archive, "blocked") == lines_of(archive, "muted") == []


async def test_it_is_theirs_alone(kabar: Kabar, ann: Person, ben: Person) -> None:
    export_id = await ask(ann)
    for state in ("queued", "ready"):
        assert (await state_of(ann, export_id))["state"] == state
        assert refused(await ben.get(f"/api/me/export/{export_id}")) == (404, "export_not_found")
        assert refused(await ben.get(f"/api/me/export/{export_id}/file"))[0] == 404
        await make(kabar)

    url = (await state_of(ann, export_id))["url"]
    # Whoever has the address has the file, for minutes; nobody's name can be put into it.
    assert (await fetch(ben, url)).status_code == 200
    assert refused(await fetch(ben, url.replace(ann.id, ben.id))) == (403, "link_not_good")
    upload_url = url.replace("/api/me/export/", "/api/uploads/")
    assert refused(await fetch(ann, upload_url)) == (403, "link_not_good")
    part = await fetch(ann, url, range="bytes=0-1")
    assert (part.status_code, part.content) == (206, b"PK")
    assert did(await ben.get("/api/me/export")) == {"export": None}


async def test_one_is_written_at_a_time_and_the_older_one_goes(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    first = {await ask(ann), *await asyncio.gather(*(ask(ann) for _ in range(3)))}
    assert len(first) == 1
    await make(kabar)

    second = await ask(ann)
    assert second not in first
    assert did(await ann.get("/api/me/export"))["export"]["id"] == second
    await make(kabar)

    assert refused(await ann.get(f"/api/me/export/{first.pop()}")) == (404, "export_not_found")
    assert [name.rpartition("/")[2] for name in kept_in(kabar)] == [f"{second}-1"]
    answer = await ann.post("/api/me/export")
    assert refused(answer) == (429, "too_many_requests")
    assert "retry-after" in answer.headers


async def test_a_call_that_is_repeated_asks_once(kabar: Kabar, ann: Person) -> None:
    key = {"Idempotency-Key": "k"}
    export_id = await ask(ann, **key)
    await make(kabar)

    assert await ask(ann, **key) == export_id
    await kabar.db.write(release_exports, [AccountErased(user_id=ann.id)])
    assert refused(await ann.post("/api/me/export", headers=key)) == (404, "export_not_found")


async def test_what_falls_over_is_tried_again_and_then_given_up(
    kabar: Kabar, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upload(ann, b"notes")
    export_id = await ask(ann)

    def fails(*_args: Any) -> bytes:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("kabar.features.exports.writing._line", fails)
        await make(kabar)
        assert (await state_of(ann, export_id))["state"] == "queued"
        for _ in range(2):
            await change(kabar, due_at=utc_now())
            await make(kabar)
    assert (await state_of(ann, export_id))["state"] == "failed"
    assert [name for name in kept_in(kabar) if "incoming" in name] == []

    again = await ask(ann)
    await make(kabar)
    assert (await state_of(ann, again))["state"] == "ready"


async def test_what_a_dead_process_left_is_begun_anew_and_its_ghost_changes_nothing(
    kabar: Kabar, ann: Person
) -> None:
    export_id = await ask(ann)
    ghost = await kabar.db.write(claim_export)
    assert ghost is not None
    await make(kabar)
    assert (await state_of(ann, export_id))["state"] == "running"

    await change(kabar, due_at=utc_now() - LEASE)
    await make(kabar)

    assert (await state_of(ann, export_id))["state"] == "ready"
    with pytest.raises(Superseded):
        await kabar.db.write(note_ready, ghost, size=1, keep=timedelta(days=1))
    assert [name.rpartition("/")[2] for name in kept_in(kabar)] == [f"{export_id}-2"]


async def test_after_some_days_it_is_deleted(kabar: Kabar, ann: Person, settings: Settings) -> None:
    export_id = await ask(ann)
    await make(kabar)
    shown = await state_of(ann, export_id)
    days = timedelta(days=settings.export_days)
    assert rfc3339(utc_now()) < shown["expiresAt"] <= rfc3339(utc_now() + days)

    await change(kabar, due_at=utc_now())
    await make(kabar)

    assert kept_in(kabar) == []
    for path in (f"/api/me/export/{export_id}", shown["url"]):
        assert refused(await ann.get(path)) == (404, "export_not_found")


async def test_who_is_erased_while_it_is_written_leaves_no_file(
    kabar: Kabar, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(ann)
    write = Writer.write

    async def erased_meanwhile(self: Writer, **more: Any) -> None:
        await write(self, **more)
        await kabar.db.write(release_exports, [AccountErased(user_id=ann.id)])

    monkeypatch.setattr(Writer, "write", erased_meanwhile)
    await make(kabar)
    await make(kabar)

    assert kept_in(kabar) == []
    assert await kabar.db.read(_exports) == 0


def _exports(tx: Transaction) -> int:
    return len(tx.execute(Export.__table__.select()).all())
