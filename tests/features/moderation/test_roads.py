"""Who is removed, leaves, is banned, blocked, suspended or erased gets nothing more on any road."""

# There is no call that deletes a room: a group ends when the last one leaves it, who has `left`.

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from kabar.server.app import Kabar
from kabar.services.pusher import PusherService
from tests.engines.realtime.support import frame
from tests.features.chat.talk import channel_of, did, direct_room, group, say
from tests.features.moderation.conftest import MakeApplication
from tests.features.moderation.roads import (
    REASONS,
    SECRET,
    Reason,
    Scene,
    address_of_file,
    room_channels,
    told_to,
)
from tests.features.uploads.files import fetch, upload
from tests.people import Person


async def socket_of_the_room(scene: Scene) -> None:
    """Every channel of the room, whatever happens there."""
    line = scene.line()
    for channel in room_channels(scene):
        await line.subscribe(channel)
    assert len(await told_to(line)) > 2
    await scene.out()
    await told_to(line)
    await scene.happen()
    assert await told_to(line) == []


async def socket_of_the_user(scene: Scene) -> None:
    """No bell, no count, nothing that says what goes on there."""
    line = scene.line()
    await line.subscribe(f"private-user-{scene.ben.id}")
    await scene.out()
    await told_to(line)
    await scene.happen()
    assert [each for each in await told_to(line) if scene.room["id"] in each] == []


async def signatures(scene: Scene) -> None:
    """Neither those that were made before open the room, nor are there new ones."""
    line = scene.line()
    asked = {"socket_id": line.socket_id, "channel_name": channel_of(scene.room)}
    signed = did(await scene.ben.post("/api/pusher/auth", asked))
    await scene.out()
    again = await scene.ben.post("/api/pusher/auth", asked)
    assert again.status_code in {401, 403}
    line.resubscribe(channel_of(scene.room), signed)
    await scene.happen()
    assert [each for each in await told_to(line) if SECRET in each] == []


async def group_channel(scene: Scene) -> None:
    """What an application says to the report's `group-…` channel."""
    line = scene.line()
    await line.look_up(f"group-{scene.room['id']}")
    await scene.out()
    await PusherService(scene.kabar).notify_group(scene.room["id"], "shipped", {"text": SECRET})
    assert await line.heard("shipped") == []
    assert f"group-{scene.room['id']}" not in line.channels


async def client_events(scene: Scene) -> None:
    """Nor do the others hear what they say over a socket that they had open."""
    hers, his = scene.line(scene.ann), scene.line()
    channel = channel_of(scene.room)
    for line in (hers, his):
        await line.subscribe(channel)
    wave = frame("client-wave", {}, channel=channel)
    his._node.receive(his._socket, wave, 0.0)
    assert len(await hers.heard("client-wave")) == 1
    await scene.out()
    his._node.receive(his._socket, wave, 0.0)
    assert await hers.heard("client-wave") == []


async def sync(scene: Scene) -> None:
    since = did(await scene.ben.get("/api/chat/sync"))["next"]
    await scene.out()
    await scene.happen()
    answer = await scene.ben.get("/api/chat/sync", since=since)
    assert SECRET not in answer.text
    assert answer.status_code == (401 if 401 in scene.reason.answers else 200)


async def messages(scene: Scene) -> None:
    await scene.out()
    await scene.happen()
    for query in ({}, {"aroundId": scene.his["id"]}, {"afterId": scene.his["id"]}):
        answer = await scene.ben.get("/api/chat/messages", roomId=scene.room["id"], **query)
        assert scene.is_shut(answer), answer.text
    assert scene.is_shut(await scene.ben.get(scene.path))


async def sending(scene: Scene) -> None:
    """They say nothing more there, and change nothing that they said."""
    await scene.out()
    draft = {"roomId": scene.room["id"], "content": "I am back"}
    answers = [
        await scene.ben.post("/api/chat/send", draft),
        await scene.ben.patch(
            "/api/chat/messages", {"messageId": scene.his["id"], "content": "I am back"}
        ),
        await scene.ben.post(
            f"/api/chat/messages/{scene.his['id']}/forward", {"roomIds": [scene.room["id"]]}
        ),
    ]
    assert {answer.status_code for answer in answers} <= {401, 404}
    page = await scene.ann.get("/api/chat/messages", roomId=scene.room["id"])
    assert "I am back" not in page.text


async def search(scene: Scene) -> None:
    await scene.out()
    await scene.happen()
    answer = await scene.ben.get("/api/chat/search", q=SECRET)
    assert SECRET not in answer.text.replace(f"q={SECRET}", "")
    assert answer.status_code == 401 or answer.json()["messages"] == []


async def downloads(scene: Scene) -> None:
    """By the address that was made for them, and by the bare one."""
    address = await address_of_file(scene)
    assert (await fetch(scene.ben, address)).content == b"hers"
    await scene.out()
    for each in (address, address.partition("?")[0]):
        answer = await fetch(scene.ben, each)
        # Of one who is blocked what was said stays readable, with its files.
        assert answer.is_success if scene.reason.is_wall else answer.status_code in {401, 404}


async def uploads(scene: Scene) -> None:
    """What they brought before they send no more."""
    file = await upload(scene.ben, b"mine")
    await scene.out()
    draft = {"roomId": scene.room["id"], "content": "", "attachmentIds": [file["id"]]}
    assert (await scene.ben.post("/api/chat/send", draft)).status_code in {401, 404}


async def notifications(scene: Scene) -> None:
    await scene.out()
    await scene.happen()
    answer = await scene.ben.get("/api/notifications")
    assert SECRET not in answer.text
    if answer.is_success:
        # What was there of the room is put away.
        assert answer.json()["unreadCount"] == 0


async def list_of_rooms(scene: Scene) -> None:
    await scene.out()
    await scene.happen()
    answer = await scene.ben.get("/api/messages")
    assert SECRET not in answer.text
    if not answer.is_success:
        assert answer.status_code in scene.reason.answers
    elif not scene.reason.is_wall:
        assert answer.json()["conversations"] == []
        assert did(await scene.ben.get("/api/chat/unread"))["total"] == 0


async def receipts(scene: Scene) -> None:
    """Neither how far the others are, nor do the others hear how far they are."""
    line = scene.line(scene.ann)
    await line.subscribe(channel_of(scene.room))
    await scene.out()
    await scene.happen()
    answer = await scene.ben.get(f"/api/chat/messages/{scene.his['id']}/receipts")
    if scene.reason.is_wall:
        assert [each["user"]["id"] for each in did(answer)["read"]] == []
    else:
        assert answer.status_code in scene.reason.answers
    for deed in ("read", "delivered"):
        await scene.ben.post(f"/api/chat/{deed}", {"roomId": scene.room["id"]})
    told = [*await line.heard("message-read"), *await line.heard("message-delivered")]
    assert [data for *_, data in told if data["userId"] == scene.ben.id] == []


async def typing(scene: Scene) -> None:
    line = scene.line(scene.ann)
    await line.subscribe(channel_of(scene.room))
    await scene.out()
    await scene.ben.post("/api/chat/typing", {"roomId": scene.room["id"]})
    assert await line.heard("user-typing") == []


async def reactions(scene: Scene) -> None:
    await scene.out()
    path = f"/api/chat/messages/{scene.hers['id']}/reactions"
    assert (await scene.ben.put(f"{path}/👍")).status_code in {401, 404}
    assert did(await scene.ann.get(path))["reactions"] == []
    await scene.happen()
    seen = await scene.ben.get(f"/api/chat/messages/{scene.his['id']}/reactions")
    if scene.reason.is_wall:
        assert did(seen)["reactions"] == []
    else:
        assert seen.status_code in scene.reason.answers


async def pins(scene: Scene) -> None:
    await scene.out()
    pin = await scene.ben.put(f"/api/chat/messages/{scene.hers['id']}/pin")
    assert pin.status_code in {401, 404}
    await scene.happen()
    answer = await scene.ben.get(f"{scene.path}/pins")
    if scene.reason.is_wall:
        assert did(answer)["messages"] == []
    else:
        assert answer.status_code in scene.reason.answers


async def invites(scene: Scene) -> None:
    """Nobody who is out lets others in, or sees by which links they come."""
    await scene.out()
    answers = [
        await scene.ben.post(f"{scene.path}/invites", {}),
        await scene.ben.get(f"{scene.path}/invites"),
        await scene.ben.post(f"{scene.path}/participants", {"userIds": [scene.mod.id]}),
        await scene.ben.get(f"{scene.path}/join-requests"),
    ]
    assert all(400 <= answer.status_code < 500 for answer in answers)
    if not scene.reason.is_wall:
        assert {answer.status_code for answer in answers} <= scene.reason.answers


async def participants(scene: Scene) -> None:
    await scene.out()
    answer = await scene.ben.get(f"{scene.path}/participants")
    if not scene.reason.is_wall:
        assert answer.status_code in scene.reason.answers


Road = Callable[[Scene], Awaitable[None]]
ROADS: list[Road] = [
    *(socket_of_the_room, socket_of_the_user, signatures, group_channel, client_events, sync),
    *(messages, sending, search, downloads, uploads, notifications, list_of_rooms, receipts),
    *(typing, reactions, pins, invites, participants),
]


@pytest.fixture
async def scene_of(
    kabar: Kabar, ann: Person, ben: Person, mod: Person, application: MakeApplication
) -> Callable[[Reason], Awaitable[Scene]]:
    async def make(reason: Reason) -> Scene:
        room = await (direct_room(ann, ben) if reason.is_wall else group(ann, ben))
        file = await upload(ann, b"hers")
        hers = await say(ann, room, "Hello", attachmentIds=[file["id"]])
        his = await say(ben, room, "Hello yourself")
        shop = await application("users")
        return Scene(kabar, ann, ben, mod, shop, reason, room, hers, his)

    return make


MakeScene = Callable[[Reason], Awaitable[Scene]]


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.name)
@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
async def test_nothing_more_comes(scene_of: MakeScene, road: Road, reason: Reason) -> None:
    await road(await scene_of(reason))


@pytest.mark.parametrize("is_wall", [False, True], ids=["group", "direct"])
@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
async def test_each_road_is_open_to_who_is_there(
    scene_of: MakeScene, road: Road, is_wall: bool
) -> None:
    """So that each of the others can fail."""
    if is_wall and road in {downloads, invites, participants}:
        return  # of these, who is blocked had none, or keeps what they had
    scene = await scene_of(Reason("still there", stay, is_wall=is_wall))
    with pytest.raises(AssertionError):
        await road(scene)


async def stay(_scene: Scene) -> None:
    """Nothing happens to Ben."""
