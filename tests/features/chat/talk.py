"""What people do in the tests of chat, over HTTP, and what their sockets hear of it."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import httpx

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.engine import Realtime
from kabar.server.app import Kabar
from tests.engines.realtime.support import ListSocket, frame
from tests.infra.db.conftest import held_up
from tests.people import Person

Json = dict[str, Any]
_NOT_OF_CHAT = re.compile("^pusher|notification")


async def direct_room(one: Person, other: Person) -> Json:
    return did(await one.post("/api/chat/rooms/direct", {"userId": other.id}))


async def group(owner: Person, *others: Person, name: str = "Team") -> Json:
    draft = {"name": name, "participantIds": [other.id for other in others]}
    return did(await owner.post("/api/chat/rooms", draft), 201)


async def send(person: Person, room: Json, content: str = "Hello", **more: Any) -> httpx.Response:
    return await person.post("/api/chat/send", {"roomId": room["id"], "content": content, **more})


async def say(person: Person, room: Json, content: str = "Hello", **more: Any) -> Json:
    """Send a message that is taken; return it."""
    return did(await send(person, room, content, **more), 201)


async def say_all(person: Person, room: Json, count: int) -> list[Json]:
    return [await say(person, room, str(number)) for number in range(1, count + 1)]


async def in_one_batch(kabar: Kabar, *sends: tuple[Person, Json, Json]) -> list[Any]:
    """Send all while the database is held up, so that they become one batch, in this order."""
    for person in {one.username: one for one, _, _ in sends}.values():
        await person.get("/api/me")
    tasks: list[asyncio.Task[Any]] = []
    async with held_up(kabar.db):
        for number, (person, room, body) in enumerate(sends, start=1):
            sending = person.post("/api/chat/send", {"roomId": room["id"], **body})
            tasks.append(asyncio.create_task(sending))
            while len(kabar.db._batches) < number:
                await asyncio.sleep(0)
    return await asyncio.gather(*tasks)


async def read(person: Person, room: Json, up_to: Json | None = None) -> Json:
    body = {"roomId": room["id"], **({"messageId": up_to["id"]} if up_to else {})}
    return did(await person.post("/api/chat/read", body))


async def delete(person: Person, message: Json) -> None:
    assert (await person.delete("/api/chat/messages", messageId=message["id"])).status_code == 204


async def page_of(person: Person, room: Json, **query: Any) -> Json:
    return did(await person.get("/api/chat/messages", roomId=room["id"], **query))


async def everything_in(person: Person, room: Json) -> list[Json]:
    """Return all messages of a room, page by page."""
    page = await page_of(person, room, limit=100)
    messages: list[Json] = page["messages"]
    while page["hasMoreBefore"]:
        page = await page_of(person, room, limit=100, beforeId=messages[0]["id"])
        messages = page["messages"] + messages
    return messages


async def look_at(person: Person, room: Json) -> Json:
    """Return the room as this person sees it."""
    return did(await person.get(f"/api/chat/rooms/{room['id']}"))


async def unread_in(person: Person, room: Json) -> int:
    count: int = (await look_at(person, room))["me"]["unreadCount"]
    return count


def did(answer: httpx.Response, status: int = 200) -> Json:
    """Return the answer to what must succeed."""
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of what must be refused."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


class Ear:
    """A socket of somebody's, at the engine itself: what it is sent, it keeps."""

    def __init__(self, realtime: Realtime, person: Person) -> None:
        self._node = realtime._node
        path = f"/app/{realtime.app.key}"
        connection = self._node.connect(Handshake(path, "protocol=7", (), "127.0.0.1"))
        self._socket = ListSocket(connection, node=self._node)
        self._node.welcome(self._socket, "127.0.0.1")
        self._person = person
        self.socket_id = connection.socket_id

    async def subscribe(self, channel: str) -> None:
        """Subscribe as pusher-js does: with what the auth endpoint signs."""
        form = {"socket_id": self.socket_id, "channel_name": channel}
        answer = await self._person.browser.post("/api/pusher/auth", data=form)
        self.resubscribe(channel, did(answer))

    def resubscribe(self, channel: str, auth: Json) -> None:
        data = {"channel": channel, **auth}
        self._node.receive(self._socket, frame("pusher:subscribe", data), 0.0)

    async def heard(self, event: str | None = None) -> list[tuple[str, str, Json]]:
        """Return (channel, event, data) of what came since the last time, or of one event."""
        # What is published leaves when the loop's turn ends.
        await asyncio.sleep(0)
        frames = [f for f in self._socket.heard if not _NOT_OF_CHAT.search(f["event"])]
        told = [(f["channel"], f["event"], json.loads(f["data"])) for f in frames]
        return [one for one in told if event in {None, one[1]}]

    @property
    def is_open(self) -> bool:
        return self._socket.closed is None


async def listen(kabar: Kabar, person: Person, *channels: str) -> Ear:
    """Return an ear of this person on these channels."""
    assert kabar.realtime is not None
    ear = Ear(kabar.realtime, person)
    for channel in channels:
        await ear.subscribe(channel)
    await ear.heard()
    return ear


def channel_of(room: Json) -> str:
    return f"private-room-{room['id']}"
