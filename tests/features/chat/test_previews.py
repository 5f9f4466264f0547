"""What stands for a message where it is not shown itself: the same words in every list."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kabar.features.chat.search.indexing import index_messages
from kabar.server.app import Kabar
from tests.features.chat.talk import (
    Json,
    did,
    direct_room,
    listen,
    look_at,
    page_of,
    say,
)
from tests.features.uploads.files import picture, upload
from tests.patience import patiently
from tests.people import Person

FILES = {
    "image": (picture(), "a.png"),
    "audio": (b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(400), "a.mp3"),
    "file": (b"notes", "notes.txt"),
}
#: what is sent, and what stands for it
KINDS: dict[str, tuple[Json, str]] = {
    "text": ({"content": "The bridge\nis closed"}, "The bridge is closed"),
    "poll": (
        {"poll": {"question": "Where do we eat?", "options": ["A", "B"]}},
        "Poll: Where do we eat?",
    ),
    "poll with words": (
        {"content": "Hungry?", "poll": {"question": "Where do we eat?", "options": ["A", "B"]}},
        "Poll: Hungry?",
    ),
    "image": ({"files": ["image"]}, "Picture"),
    "image with words": ({"files": ["image"], "content": "My garden"}, "My garden"),
    "voice": ({"files": ["audio"]}, "Voice message"),
    "file": ({"files": ["file"]}, "File"),
    "several": ({"files": ["image", "file"]}, "File"),
    "forwarded": ({"content": "The bridge is closed", "forwards": True}, "The bridge is closed"),
    "forwarded file": ({"files": ["image"], "forwards": True}, "Picture"),
}


async def put(person: Person, room: Json, kind: Json) -> Json:
    """Say it in a room, or forward it there."""
    body = dict(kind)
    files = [await upload(person, *FILES[name]) for name in body.pop("files", [])]
    if files:
        body["attachmentIds"] = [each["id"] for each in files]
    if not body.pop("forwards", False):
        return await say(person, room, **{"content": "", **body})
    own = did(await person.post("/api/chat/rooms/saved"))
    said = await say(person, own, **{"content": "", **body})
    answer = await person.post(
        f"/api/chat/messages/{said['id']}/forward", {"roomIds": [room["id"]]}
    )
    message: Json = did(answer, 201)["messages"][0]
    return message


@pytest.mark.parametrize(("kind", "expected"), KINDS.values(), ids=KINDS)
async def test_each_kind_is_called_the_same_in_every_list(
    kabar: Kabar, ann: Person, ben: Person, kind: Json, expected: str
) -> None:
    room = await direct_room(ann, ben)
    await say(ann, room, "Before")
    hers = await listen(kabar, ann, f"private-user-{ann.id}")
    his = await listen(kabar, ben, f"private-user-{ben.id}")

    message = await put(ann, room, kind)

    said = dict[str, Any]()
    said["room"] = (await look_at(ben, room))["lastMessage"]
    said["list"] = next(
        each["lastMessage"]
        for each in did(await ben.get("/api/messages"))["conversations"]
        if each["id"] == room["id"]
    )
    async with patiently():
        while not kabar.relay.is_idle:
            await asyncio.sleep(0)
    said["bell"] = (await his.heard("new-message"))[-1][2]["content"]
    said["elsewhere"] = [
        data["lastMessage"]
        for _, _, data in await hers.heard("room-updated")
        if data["roomId"] == room["id"]
    ][-1]
    (entry,) = did(await ben.get("/api/notifications"))["notifications"]
    said["notification"] = entry["body"]
    answer = await say(ben, room, "Answer", replyToId=message["id"])
    said["quote"] = answer["replyTo"]["content"]
    said["quote, read again"] = (await page_of(ann, room))["messages"][-1]["replyTo"]["content"]
    await index_messages(kabar.db)
    (found,) = did(await ben.get("/api/chat/search", q="answer"))["messages"]
    said["search"] = found["previous"]["content"]

    assert {" ".join(text.split()) for text in said.values()} == {expected}, said
