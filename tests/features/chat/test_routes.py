"""The paths of chat: the exact shapes, who may call, and what happens when parts are missing."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from structlog.testing import capture_logs

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    delete,
    did,
    direct_room,
    group,
    page_of,
    read,
    refused,
    say,
    say_all,
    send,
)
from tests.people import Person, people_of
from tests.servers import PostgreSQL

ROOM = {
    *("id", "type", "name", "avatar", "lastMessage", "lastMessageAt", "lastSeq"),
    *("participantsCount", "participants", "me", "createdAt", "messageTtlSeconds"),
}
OF_A_GROUP = {"description", "joinRule", "isAnnouncement", "slowModeSeconds", "retentionDays"}
ME = {
    *("role", "unreadCount", "lastReadSeq", "isMuted", "isPinned", "version"),
    *("isBlocking", "isEndFolded"),
    *("mutedUntil", "isArchived", "notify", "draft", "firstUnreadId"),
    *("mentionsCount", "firstMentionId"),
}
PERSON = {"id", "username", "name", "avatar"}
MESSAGE = {
    *("id", "roomId", "seq", "senderId", "sender", "receiverId", "content", "type"),
    *("attachments", "attachmentUrl", "clientId", "replyTo", "reactions", "isRead", "readAt"),
    *("isDelivered", "editedAt", "deletedAt", "createdAt", "pinnedAt", "version"),
    *("threadId", "thread", "linkPreviews", "mentions", "expiresAt"),
}
REPLY = {"id", "seq", "senderId", "senderName", "content", "deletedAt"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def assert_room(room: Json, *, direct: bool) -> None:
    assert set(room) == ROOM | ({"otherUser"} if direct else OF_A_GROUP)
    assert room["type"] == ("DIRECT" if direct else "GROUP")
    assert set(room["me"]) == ME
    for participant in room["participants"]:
        assert set(participant) == PERSON | {"role"}
    if direct:
        assert set(room["otherUser"]) == PERSON
    assert TIME.fullmatch(room["createdAt"])
    assert room["lastMessageAt"] is None or TIME.fullmatch(room["lastMessageAt"])


def assert_message(message: Json) -> None:
    assert set(message) == MESSAGE
    assert set(message["sender"]) == PERSON
    assert message["sender"]["id"] == message["senderId"]
    assert (message["attachments"], message["reactions"]) == ([], [])
    assert TIME.fullmatch(message["createdAt"])
    for name in ("readAt", "editedAt", "deletedAt"):
        assert message[name] is None or TIME.fullmatch(message[name])


async def test_every_answer_has_the_shape_that_clients_rely_on(ann: Person, ben: Person) -> None:
    direct = await direct_room(ann, ben)
    assert_room(direct, direct=True)
    team = await group(ann, ben)
    assert_room(team, direct=False)
    address = f"/api/chat/rooms/{team['id']}"
    assert_room(did(await ann.get(address)), direct=False)
    assert_room(did(await ann.patch(address, {"name": "New"})), direct=False)
    assert_room(did(await ann.patch(f"{address}/me", {"isMuted": True})), direct=False)
    added = await ann.post(f"{address}/participants", {"userIds": [ben.id]})
    assert_room(did(added), direct=False)

    message = await say(ann, direct)
    assert_message(message)
    reply = await say(ben, direct, replyToId=message["id"])
    assert_message(reply)
    assert set(reply["replyTo"]) == REPLY
    to_user = did(await ann.post("/api/messages", {"receiverId": ben.id, "content": "x"}), 201)
    assert_message(to_user)
    edit = {"messageId": to_user["id"], "content": "y"}
    assert_message(did(await ann.patch("/api/chat/messages", edit)))
    assert set(await read(ben, direct)) == {
        *("roomId", "lastReadSeq", "unreadCount", "version"),
        *("mentionsCount", "firstMentionId"),
    }
    await delete(ann, to_user)

    page = await page_of(ben, direct)
    assert set(page) == {"messages", "hasMoreBefore", "hasMoreAfter", "lastSeq"}
    assert len(page["messages"]) == 3
    for message in page["messages"]:
        assert_message(message)
    listed = did(await ben.get("/api/messages"))
    assert set(listed) == {"conversations", "nextCursor"}
    assert [room["type"] for room in listed["conversations"]] == ["DIRECT", "GROUP"]
    for room in listed["conversations"]:
        assert_room(room, direct=room["type"] == "DIRECT")
    assert set(did(await ben.get("/api/chat/unread"))) == {"total", "rooms"}


EVERY_PATH = [
    ("GET", "/api/messages"),
    ("POST", "/api/messages"),
    ("POST", "/api/chat/rooms"),
    ("POST", "/api/chat/rooms/direct"),
    ("GET", "/api/chat/rooms/x"),
    ("PATCH", "/api/chat/rooms/x"),
    ("PATCH", "/api/chat/rooms/x/me"),
    ("POST", "/api/chat/rooms/x/participants"),
    ("DELETE", "/api/chat/rooms/x/participants/me"),
    ("POST", "/api/chat/send"),
    ("GET", "/api/chat/messages"),
    ("PATCH", "/api/chat/messages"),
    ("DELETE", "/api/chat/messages"),
    ("POST", "/api/chat/read"),
    ("POST", "/api/chat/typing"),
    ("GET", "/api/chat/unread"),
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_every_path_is_for_people_who_are_signed_in(stranger: httpx.AsyncClient) -> None:
    for method, path in EVERY_PATH:
        body: Json | None = {} if method in {"POST", "PATCH"} else None
        answer = await stranger.request(method, path, json=body)
        assert refused(answer) == (401, "not_signed_in"), path


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_no_other_site_can_write_with_somebodys_cookie(ann: Person, room: Json) -> None:
    theirs = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    body = {"roomId": room["id"], "content": "x", "isMuted": True}

    for method, path in EVERY_PATH:
        if method != "GET":
            answer = await ann.browser.request(method, path, json=body, headers=theirs)
            assert refused(answer)[0] == 403, path
    assert (await page_of(ann, room))["messages"] == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'"x"', "application/json", 422),
        (b"{}", "application/json", 422),
        (b"\xff\xfe", "application/json", 400),
        (b"roomId=x", "application/x-www-form-urlencoded", 415),
        (b"x" * (2 << 20), "application/json", 413),
    ],
)
async def test_what_is_no_body_is_refused(ann: Person, body: bytes, kind: str, status: int) -> None:
    for method, path in EVERY_PATH:
        if method in {"POST", "PATCH"} and "/x" not in path:
            answer = await ann.browser.request(
                method, path, content=body, headers={"content-type": kind}
            )
            assert refused(answer)[0] == status, (path, answer.text)


async def test_a_thousand_calls_at_once_are_all_answered(
    ann: Person, ben: Person, room: Json
) -> None:
    answers = await asyncio.gather(*(send(ann, room, str(number)) for number in range(1000)))

    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["seq"] for answer in answers) == list(range(1, 1001))


class TestWithoutRealtime:
    """Everything works; only nobody hears of it live."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"realtime": False})

    async def test_the_whole_of_chat_works(self, ann: Person, ben: Person) -> None:
        with capture_logs() as logs:
            room = await group(ann, ben)
            messages = await say_all(ann, room, 5)
            await read(ben, room)
            typing = await ben.post("/api/chat/typing", {"roomId": room["id"]})
            await delete(ann, messages[0])
            left = await ben.delete(f"/api/chat/rooms/{room['id']}/participants/me")

        assert typing.status_code == left.status_code == 204
        # The last one is "Ben left the group".
        assert len((await page_of(ann, room))["messages"]) == 6
        assert [entry["event"] for entry in logs].count("realtime_is_off") == 1

    async def test_no_subscription_is_signed(self, ann: Person) -> None:
        body = {"socket_id": "1.2", "channel_name": f"private-user-{ann.id}"}

        assert refused(await ann.post("/api/pusher/auth", body)) == (403, "realtime_is_off")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_without_a_database_all_is_unavailable_and_nothing_an_error(
    settings: Settings, postgresql: PostgreSQL, empty_postgresql: str
) -> None:
    name = postgresql.create_database(template=empty_postgresql)
    elsewhere = settings.model_copy(update={"database_url": postgresql.url(name)})
    async with Kabar(elsewhere) as kabar, people_of(kabar.asgi, kabar.db) as person:
        ann, ben = await person("ann"), await person("ben")
        room = await direct_room(ann, ben)
        postgresql.drop_database(name)

        for answer in (
            await send(ann, room),
            await ann.post("/api/messages", {"receiverId": ben.id, "content": "x"}),
            await ann.post("/api/chat/rooms", {"name": "x"}),
            await ann.post("/api/chat/read", {"roomId": room["id"]}),
            await ann.post("/api/chat/typing", {"roomId": room["id"]}),
            await ann.get("/api/messages"),
            await ann.get("/api/chat/messages", roomId=room["id"]),
            await ann.get("/api/chat/unread"),
        ):
            assert answer.status_code == 503, answer.text
