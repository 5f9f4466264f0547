"""Who is out of a group hears and reads nothing more of it: every reason, on every road."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from kabar.server.app import Kabar
from tests.features.chat.groups.acts import address, ban, give_role, leave, participants
from tests.features.chat.line import Line
from tests.features.chat.talk import Json, channel_of, did, group, page_of, refused, say, send
from tests.people import Person


async def leaving(_ann: Person, ben: Person, room: Json) -> None:
    await leave(ben, room)


async def removal(ann: Person, ben: Person, room: Json) -> None:
    assert (await ann.delete(f"{participants(room)}/{ben.id}")).status_code == 204


async def ban_(ann: Person, ben: Person, room: Json) -> None:
    await ban(ann, ben, room)


async def leaving_as_owner(ann: Person, ben: Person, room: Json) -> None:
    await give_role(ann, ben, room, "owner")
    await leave(ben, room)


REASONS: list[Callable[[Person, Person, Json], Awaitable[None]]] = [
    *(leaving, removal, ban_, leaving_as_owner)
]


async def socket(kabar: Kabar, ann: Person, ben: Person, room: Json, out: Awaitable[None]) -> None:
    """Every channel of the room, whatever is said there."""
    ear = Line(kabar, ben)
    for channel in (channel_of(room), f"presence-room-{room['id']}"):
        await ear.subscribe(channel)
    await ear.look_up(f"group-{room['id']}")
    assert len(ear.channels) == 3
    await out
    await ear.heard()
    before = len(ear._socket.heard)
    await say(ann, room, "psst")
    await ann.patch(address(room), {"name": "Without Ben"})
    await ann.post("/api/chat/typing", {"roomId": room["id"]})
    await ear.heard()
    assert ear._socket.heard[before:] == []
    assert ear.channels == []


async def own_channel(
    kabar: Kabar, ann: Person, ben: Person, room: Json, out: Awaitable[None]
) -> None:
    """That they are out, and no bell after it."""
    ear = Line(kabar, ben)
    await ear.subscribe(f"private-user-{ben.id}")
    await out
    left = [data["by"] for _, _, data in await ear.heard("user-left")]
    assert len(left) == 1
    before = len(await ear.heard())
    await say(ann, room, "psst")
    assert len(await ear.heard()) == before


async def list_of_rooms(
    kabar: Kabar, ann: Person, ben: Person, room: Json, out: Awaitable[None]
) -> None:
    await out
    assert did(await ben.get("/api/messages"))["conversations"] == []
    assert did(await ben.get("/api/chat/unread")) == {"total": 0, "rooms": 0}


async def messages(
    kabar: Kabar, ann: Person, ben: Person, room: Json, out: Awaitable[None]
) -> None:
    message = (await page_of(ben, room))["messages"][0]
    await out
    calls = [
        await ben.get(address(room)),
        await ben.get("/api/chat/messages", roomId=room["id"]),
        await ben.get("/api/chat/messages", roomId=room["id"], aroundId=message["id"]),
        await ben.get(participants(room)),
        await send(ben, room),
        await send(ben, room, clientId="said before"),
        await ben.post("/api/chat/read", {"roomId": room["id"]}),
        await ben.post("/api/chat/typing", {"roomId": room["id"]}),
        await ben.patch(f"{address(room)}/me", {"isMuted": True}),
        await ben.patch(address(room), {"name": "Mine"}),
        await ben.get(f"{address(room)}/invites"),
        await ben.post(participants(room), {"userIds": [ben.id]}),
    ]
    assert {refused(call) for call in calls} == {(404, "room_not_found")}
    edit = await ben.patch("/api/chat/messages", {"messageId": message["id"], "content": "x"})
    delete = await ben.delete("/api/chat/messages", messageId=message["id"])
    assert refused(edit) == refused(delete) == (404, "message_not_found")


async def notifications(
    kabar: Kabar, ann: Person, ben: Person, room: Json, out: Awaitable[None]
) -> None:
    assert len(did(await ben.get("/api/notifications"))["notifications"]) == 1
    await out
    await say(ann, room, "psst")
    listed = did(await ben.get("/api/notifications"))
    assert (listed["notifications"], listed["unreadCount"]) == ([], 0)


async def signatures(
    kabar: Kabar, ann: Person, ben: Person, room: Json, out: Awaitable[None]
) -> None:
    """Those they had, and those they ask for."""
    ear = Line(kabar, ben)
    asked = {"socket_id": ear.socket_id, "channel_name": channel_of(room)}
    signed = did(await ben.post("/api/pusher/auth", asked))
    await out
    assert refused(await ben.post("/api/pusher/auth", asked)) == (403, "channel_forbidden")
    ear.resubscribe(channel_of(room), signed)
    await say(ann, room, "psst")
    assert await ear.heard("new-message") == []


Road = Callable[[Kabar, Person, Person, Json, Awaitable[None]], Awaitable[None]]
ROADS: list[Road] = [socket, own_channel, list_of_rooms, messages, notifications, signatures]


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__.strip("_"))
@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
async def test_nothing_more_comes(
    kabar: Kabar,
    ann: Person,
    ben: Person,
    road: Road,
    reason: Callable[[Person, Person, Json], Awaitable[None]],
) -> None:
    room = await group(ann, ben)
    await say(ann, room, "Hello")
    await road(kabar, ann, ben, room, reason(ann, ben, room))
