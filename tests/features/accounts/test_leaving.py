"""One's own account is erased, by whoever knows its password; what was said stays, or goes too."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from kabar.core.settings import Settings
from kabar.features.chat.deleting import of_erased
from kabar.features.chat.deleting.of_erased import remove_what_erased_said
from kabar.features.chat.marks import FormerWords, Reaction
from kabar.features.chat.models import Message
from kabar.features.chat.search.indexing import index_messages
from kabar.features.chat.search.tables import SearchEntry
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.line import Line
from tests.features.chat.talk import (
    channel_of,
    did,
    direct_room,
    everything_in,
    group,
    listen,
    look_at,
    read,
    refused,
    say,
    say_all,
    unread_in,
)
from tests.features.keys.conftest import MakeApplication
from tests.features.uploads.files import fetch, upload
from tests.patience import patiently
from tests.people import PASSWORD, MakePerson, Person, browser_of


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


async def leave(person: Person, password: str | None = PASSWORD) -> httpx.Response:
    body = {} if password is None else {"password": password}
    return await person.browser.request("DELETE", "/api/me", json=body)


async def has_left_every_room(ben: Person, room: dict[str, Any]) -> None:
    async with patiently():
        while (await look_at(ben, room))["participantsCount"] > 1:
            await asyncio.sleep(0)


async def test_who_knows_the_password_is_gone_at_once(
    kabar: Kabar, ann: Person, ben: Person, stranger: httpx.AsyncClient
) -> None:
    room = await direct_room(ann, ben)
    await say(ann, room, "Remember me")
    elsewhere = await stranger.post("/api/auth/login", json={"login": "ann", "password": PASSWORD})
    line = Line(kabar, ann)
    await line.sign_in()

    answer = await leave(ann)

    assert answer.status_code == 204
    assert 'kabar_session=""' in answer.headers["set-cookie"]
    async with patiently():
        while line.is_open:
            await asyncio.sleep(0)
    for browser in (ann.browser, stranger):
        assert (await browser.get("/api/me")).status_code == 401
    assert elsewhere.status_code == 200
    again = await stranger.post("/api/auth/login", json={"login": "ann", "password": PASSWORD})
    assert refused(again) == (401, "bad_credentials")
    assert refused(await ben.get("/api/users/@ann")) == (404, "user_not_found")
    (message,) = await everything_in(ben, room)
    assert (message["content"], message["sender"]["name"]) == ("Remember me", "Deleted user")


@pytest.mark.parametrize("password", ["wrong", "", None])
async def test_without_the_password_nothing_happens(ann: Person, password: str | None) -> None:
    answer = await leave(ann, password)

    assert refused(answer) == (422, "wrong_password")
    assert [each["field"] for each in answer.json()["errors"]] == ["password"]
    assert (await ann.get("/api/me")).status_code == 200


async def test_a_page_of_somebody_else_cannot_ask_for_it(ann: Person) -> None:
    answer = await ann.browser.request(
        *("DELETE", "/api/me"),
        json={"password": PASSWORD},
        headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    )

    assert answer.status_code == 403
    assert (await ann.get("/api/me")).status_code == 200


async def test_who_has_no_password_needs_none_and_a_key_erases_otherwise(
    kabar: Kabar, application: MakeApplication
) -> None:
    shop = await application("users", "act")
    await shop.call("PUT", "/api/users/u1", {"name": "U"})
    token = (await shop.call("POST", "/api/users/u1/tokens", {})).json()["token"]

    assert refused(await shop.call("DELETE", "/api/me", {}, user="u1")) == (
        *(403, "keys_erase_otherwise"),
    )
    async with browser_of(kabar.asgi) as browser:
        bearer = {"authorization": f"Bearer {token}"}
        assert (await browser.request("DELETE", "/api/me", json={}, headers=bearer)).is_success
        assert (await browser.get("/api/me", headers=bearer)).status_code == 401


async def test_a_group_passes_on_and_its_last_one_closes_it(ann: Person, ben: Person) -> None:
    ours, alone = await group(ann, ben), await group(ann, name="Alone")

    assert (await leave(ann)).status_code == 204

    await has_left_every_room(ben, ours)
    assert (await look_at(ben, ours))["me"]["role"] == "owner"
    assert refused(await ben.post(f"/api/chat/rooms/{alone['id']}/join"))[0] == 404


class TestRemovingMessages:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"erased_messages": "remove"})

    async def test_nothing_that_they_said_is_left_and_counts_are_exact(
        self, kabar: Kabar, ann: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(of_erased, "_AT_ONCE", 2)
        room, ours = await direct_room(ann, ben), await group(ann, ben)
        file = await upload(ann, b"notes")
        first = await say(ann, room, "Secret words", attachmentIds=[file["id"]])
        await ann.patch("/api/chat/messages", {"messageId": first["id"], "content": "Otherwise"})
        await read(ben, room)
        await ben.put(f"/api/chat/messages/{first['id']}/reactions/👍")
        await say_all(ann, room, 5)
        mine = await say(ben, ours, "Mine")
        await say_all(ann, ours, 3)
        await index_messages(kabar.db)
        (seen,) = [each for each in await everything_in(ben, room) if each["attachments"]]
        assert (await fetch(ben, seen["attachments"][0]["url"])).status_code == 200
        ear = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")
        assert (await unread_in(ben, room), await unread_in(ben, ours)) == (5, 3)

        assert (await leave(ann)).status_code == 204
        await has_left_every_room(ben, ours)
        async with patiently():
            while await kabar.db.read(lambda tx: tx.execute(says(ann)).first()):
                await asyncio.sleep(0)

        said = await everything_in(ben, room)
        assert {(each["content"], bool(each["deletedAt"])) for each in said} == {("", True)}
        assert [each["seq"] for each in said] == [1, 2, 3, 4, 5, 6]
        assert (await unread_in(ben, room), await unread_in(ben, ours)) == (0, 0)
        assert did(await ben.get("/api/chat/unread"))["total"] == 0
        kept = [each for each in await everything_in(ben, ours) if not each["deletedAt"]]
        assert [each["id"] for each in kept if each["type"] != "system"] == [mine["id"]]
        assert (await fetch(ben, seen["attachments"][0]["url"])).status_code == 404
        for word in ("Secret", "Otherwise"):
            assert did(await ben.get("/api/chat/search", q=word))["messages"] == []
        assert await kabar.db.read(left_of, first) == []
        listed = did(await ben.get("/api/messages"))["conversations"]
        assert {each["id"]: each["lastMessage"] for each in listed}[room["id"]] is None
        told = await ear.heard("message-deleted")
        assert {data["messageId"] for _, _, data in told} >= {each["id"] for each in said}
        counts = [data["unreadCount"] for _, _, data in told if "unreadCount" in data]
        assert counts[-1] == 0

    async def test_what_a_crash_left_is_removed_by_the_next_who_looks(
        self, kabar: Kabar, ann: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room = await direct_room(ann, ben)
        await say_all(ann, room, 7)
        monkeypatch.setattr(of_erased, "_AT_ONCE", 2)
        remove, removed = of_erased._remove, 0

        def dies(tx: Transaction, *args: Any) -> None:
            nonlocal removed
            removed += 1
            if removed == 3:
                raise RuntimeError("the power is gone")
            remove(tx, *args)

        await kabar.workers.close()
        assert (await leave(ann)).status_code == 204
        await kabar.relay.settle(10)
        monkeypatch.setattr(of_erased, "_remove", dies)
        with pytest.raises(RuntimeError):
            await remove_what_erased_said(kabar.db, kabar.web.audience)
        assert [each["content"] for each in await everything_in(ben, room)] == [
            *("", "", "", "", "5", "6", "7")
        ]

        await remove_what_erased_said(kabar.db, kabar.web.audience)

        assert {each["content"] for each in await everything_in(ben, room)} == {""}
        assert await unread_in(ben, room) == 0


def says(person: Person) -> Any:
    """Select what is left of somebody's words."""
    return select(Message.id).where(
        Message.sender_id == person.id, Message.content != "", Message.happening.is_(None)
    )


def left_of(tx: Transaction, message: dict[str, Any]) -> list[Any]:
    """Return the rows that hang on a message."""
    return [
        *tx.execute(select(FormerWords.id).where(FormerWords.message_id == message["id"])),
        *tx.execute(select(Reaction.id).where(Reaction.message_id == message["id"])),
        *tx.execute(
            select(SearchEntry.seq).where(
                SearchEntry.room_id == message["roomId"], SearchEntry.seq == message["seq"]
            )
        ),
    ]
