"""The checklist of the report that Kabar was made from: every line is a test that names it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.persons import PASSWORD, Person, sign_in
from tests.journeys.process import KabarProcess
from tests.patience import patiently

pytestmark = pytest.mark.journey

#: as the report words them
LINES = """
User can follow another user
User can unfollow
Cannot follow self
Real-time notification on follow
Follower/following count updates
Follow status persists
Create direct chat room
Send text message
Send file attachment
Real-time message delivery
Unread count increments
Mark as read functionality
Typing indicator works
Edit message
Delete message
Message search (if implemented)
Group chat support
Server can trigger events
Client can subscribe to channels
Private channels require auth
Events received in real-time
Graceful fallback if Pusher unavailable
No crashes when Pusher not configured
Issue 2: Duplicate Messages
Cannot send message to non-existent rooms
Message ownership verified for edit/delete
Only room participants can subscribe
Cursor-based pagination
""".strip().splitlines()


def test_every_line_is_named_by_a_test() -> None:
    folder = Path(__file__).parent
    sources = [path.read_text() for path in sorted(folder.glob("test_*.py"))]
    for line in LINES:
        named = re.compile(rf'("""|; ){re.escape(line)}[.;]')
        assert any(named.search(source) for source in sources), f"no test names: {line}"


@pytest.fixture
async def ann(person: Callable[[str], Awaitable[Person]]) -> Person:
    return await person("Ann")


@pytest.fixture
async def budi(person: Callable[[str], Awaitable[Person]]) -> Person:
    return await person("Budi")


async def test_following_somebody(ann: Person, budi: Person) -> None:
    """User can follow another user."""
    state = await ann.did("POST", f"/api/users/{budi.id}/follow")

    assert state == {"following": True, "requested": False, "followersCount": 1}
    seen = await budi.did("GET", f"/api/users/{ann.id}/follow")
    assert (seen["following"], seen["followedBy"]) == (False, True)


async def test_unfollowing_somebody(ann: Person, budi: Person) -> None:
    """User can unfollow."""
    for method in ("POST", "DELETE"):  # the toggle, and the plain one
        await ann.did("PUT", f"/api/users/{budi.id}/follow")
        state = await ann.did(method, f"/api/users/{budi.id}/follow")
        assert state == {"following": False, "requested": False, "followersCount": 0}


async def test_nobody_follows_themselves(ann: Person) -> None:
    """Cannot follow self."""
    for method in ("POST", "PUT"):
        status, problem = await ann.call(method, f"/api/users/{ann.id}/follow")
        assert (status, problem["code"]) == (400, "cannot_follow_self")


async def test_the_followed_hear_of_it_at_once(ann: Person, budi: Person) -> None:
    """Real-time notification on follow."""
    async with budi.listen(f"private-user-{budi.id}") as ear:
        await ann.did("PUT", f"/api/users/{budi.id}/follow")
        (follower,) = await ear.wait_for("new-follower")
        (notification,) = await ear.wait_for("new-notification")
    assert follower["userId"] == notification["actor"]["id"] == ann.id
    listed = await budi.did("GET", "/api/notifications")
    assert [entry["id"] for entry in listed["notifications"]] == [notification["id"]]


async def test_counts_follow_the_lists(ann: Person, budi: Person) -> None:
    """Follower/following count updates."""
    for method, count in (("PUT", 1), ("PUT", 1), ("DELETE", 0)):
        await ann.did(method, f"/api/users/{budi.id}/follow")
        assert (await budi.did("GET", "/api/me"))["followersCount"] == count
        assert (await ann.did("GET", "/api/me"))["followingCount"] == count
        followers = await ann.did("GET", f"/api/users/{budi.id}/followers")
        assert (followers["total"], len(followers["users"])) == (count, count)


async def test_a_follow_outlives_the_session(
    ann: Person, budi: Person, server: KabarProcess, http: aiohttp.ClientSession
) -> None:
    """Follow status persists."""
    await ann.did("PUT", f"/api/users/{budi.id}/follow")
    again = await sign_in(server, http, ann.username, PASSWORD)
    assert (await again.did("GET", f"/api/users/{budi.id}/follow"))["following"] is True


async def test_two_people_have_one_room(ann: Person, budi: Person) -> None:
    """Create direct chat room."""
    room = await ann.did("POST", "/api/chat/rooms/direct", json={"userId": budi.id})
    same = await budi.did("POST", "/api/chat/rooms/direct", json={"userId": ann.id})
    assert room["id"] == same["id"]
    assert (room["type"], room["otherUser"]["id"]) == ("DIRECT", budi.id)


async def test_a_message_arrives_at_once_and_counts(ann: Person, budi: Person) -> None:
    """Send text message; Real-time message delivery; Unread count increments."""
    room = await ann.room_with(budi)
    async with budi.listen(f"private-room-{room}", f"private-user-{budi.id}") as ear:
        for number in (1, 2, 3):
            sent = await ann.say(room, f"Message {number}")
            await ear.wait_for("new-message", times=2 * number)
            (heard,) = [m for m in ear.data_of("new-message") if m.get("id") == sent["id"]]
            (rung,) = [m for m in ear.data_of("new-message") if m.get("messageId") == sent["id"]]
            assert heard == sent
            assert rung["unreadCount"] == number
            assert await budi.did("GET", "/api/chat/unread") == {"total": number, "rooms": 1}
    assert await ann.did("GET", "/api/chat/unread") == {"total": 0, "rooms": 0}


async def test_a_file_is_sent_and_fetched(ann: Person, budi: Person) -> None:
    """Send file attachment."""
    room = await ann.room_with(budi)
    form = aiohttp.FormData()
    form.add_field("file", b"Minutes of May", filename="minutes.txt", content_type="text/plain")
    file = await ann.did("POST", "/api/uploads", data=form)

    draft = {"roomId": room, "content": "", "attachmentIds": [file["id"]]}
    async with budi.listen(f"private-room-{room}") as ear:
        await ann.did("POST", "/api/chat/send", json=draft)
        (heard,) = await ear.wait_for("new-message")

    (shown,) = (await budi.did("GET", f"/api/chat/messages?roomId={room}"))["messages"]
    assert [each["name"] for each in heard["attachments"]] == ["minutes.txt"]
    assert await budi.fetched(shown["attachments"][0]["url"]) == b"Minutes of May"


async def test_a_message_is_found_by_its_words(ann: Person, budi: Person) -> None:
    """Message search (if implemented)."""
    room = await ann.room_with(budi)
    sent = await ann.say(room, "The garden is open")
    async with patiently():
        while not (found := (await budi.did("GET", "/api/chat/search?q=garden"))["messages"]):
            pass
    assert [each["id"] for each in found] == [sent["id"]]


async def test_reading_is_told_and_counted(ann: Person, budi: Person) -> None:
    """Mark as read functionality."""
    room = await ann.room_with(budi)
    sent = await ann.say(room, "Read me")
    assert (sent["isRead"], sent["readAt"]) == (False, None)

    async with ann.listen(f"private-room-{room}") as ear:
        state = await budi.did("POST", "/api/chat/read", json={"roomId": room})
        (told,) = await ear.wait_for("message-read")

    assert state.pop("version") > 0
    assert (state["roomId"], state["lastReadSeq"], state["unreadCount"]) == (room, 1, 0)
    assert (told["userId"], told["lastReadSeq"]) == (budi.id, 1)
    page = await ann.did("GET", f"/api/chat/messages?roomId={room}")
    assert page["messages"][0]["isRead"] is True
    assert page["messages"][0]["readAt"] == told["readAt"]


async def test_typing_is_seen_and_not_kept(ann: Person, budi: Person) -> None:
    """Typing indicator works."""
    room = await ann.room_with(budi)
    async with ann.listen(f"private-room-{room}") as ear:
        for typing in (True, False):
            await budi.did("POST", "/api/chat/typing", json={"roomId": room, "typing": typing})
        told = await ear.wait_for("user-typing", times=2)
    assert [(each["userId"], each["typing"]) for each in told] == [
        (budi.id, True),
        (budi.id, False),
    ]


async def test_a_message_is_edited_and_deleted_for_all(ann: Person, budi: Person) -> None:
    """Edit message; Delete message."""
    room = await ann.room_with(budi)
    message = (await ann.say(room, "Helo"))["id"]
    async with budi.listen(f"private-room-{room}") as ear:
        edit = {"messageId": message, "content": "Hello"}
        edited = await ann.did("PATCH", "/api/chat/messages", json=edit)
        assert await ear.wait_for("message-edited") == [edited]
        assert (edited["content"], edited["editedAt"] is None) == ("Hello", False)

        await ann.did("DELETE", f"/api/chat/messages?messageId={message}&scope=all")
        (deleted,) = await ear.wait_for("message-deleted")
    assert deleted["messageId"] == message
    (stone,) = (await budi.did("GET", f"/api/chat/messages?roomId={room}"))["messages"]
    assert (stone["content"], stone["deletedAt"] is None) == ("", False)


async def test_only_the_author_edits_and_deletes(ann: Person, budi: Person) -> None:
    """Message ownership verified for edit/delete."""
    room = await ann.room_with(budi)
    message = (await ann.say(room, "Mine"))["id"]
    edit = {"messageId": message, "content": "Yours"}
    assert (await budi.call("PATCH", "/api/chat/messages", json=edit))[0] == 403
    assert (await budi.call("DELETE", f"/api/chat/messages?messageId={message}"))[0] == 403
    page = await ann.did("GET", f"/api/chat/messages?roomId={room}")
    assert [each["content"] for each in page["messages"]] == ["Mine"]


async def test_a_group_talks_and_people_come_and_go(
    ann: Person, budi: Person, person: Callable[[str], Awaitable[Person]]
) -> None:
    """Group chat support."""
    cleo = await person("Cleo")
    draft = {"name": "Garden", "participantIds": [budi.id]}
    room = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    async with budi.listen(f"private-room-{room}") as ear:
        newcomers = {"userIds": [cleo.id]}
        await ann.did("POST", f"/api/chat/rooms/{room}/participants", json=newcomers)
        assert [who["userId"] for who in await ear.wait_for("user-joined")] == [cleo.id]
        await cleo.say(room, "Hello all")
        told = await ear.wait_for("new-message", times=2)
        assert [said["content"] for said in told if said["type"] != "system"] == ["Hello all"]
        await cleo.did("DELETE", f"/api/chat/rooms/{room}/participants/me")
        assert [who["userId"] for who in await ear.wait_for("user-left")] == [cleo.id]
    assert (await cleo.call("GET", f"/api/chat/rooms/{room}"))[0] == 404


async def test_there_is_no_sending_to_rooms_that_are_not_ones_own(
    ann: Person, budi: Person, person: Callable[[str], Awaitable[Person]]
) -> None:
    """Cannot send message to non-existent rooms; Only room participants can subscribe."""
    cleo = await person("Cleo")
    room = await ann.room_with(budi)
    for target in (room, "there-is-no-such-room"):
        draft = {"roomId": target, "content": "Let me in"}
        assert (await cleo.call("POST", "/api/chat/send", json=draft))[0] == 404
        asked = {"socket_id": "1.1", "channel_name": f"private-room-{target}"}
        assert (await cleo.call("POST", "/api/pusher/auth", data=asked))[0] == 403
    assert (await ann.did("GET", f"/api/chat/messages?roomId={room}"))["messages"] == []


async def test_pages_of_messages_meet_without_a_gap(ann: Person, budi: Person) -> None:
    """Cursor-based pagination."""
    room = await ann.room_with(budi)
    for number in range(1, 13):
        await ann.say(room, str(number))
    seen: list[int] = []
    path = f"/api/chat/messages?roomId={room}&limit=5"
    page = await budi.did("GET", path)
    while page["messages"]:
        seen = [message["seq"] for message in page["messages"]] + seen
        page = await budi.did("GET", f"{path}&beforeId={page['messages'][0]['id']}")
    assert seen == list(range(1, 13))
