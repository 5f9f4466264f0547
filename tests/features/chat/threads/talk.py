"""What people do in threads, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.features.chat.talk import Ear, Json, did, page_of, say
from tests.patience import patiently
from tests.people import Person


async def answer(person: Person, root: Json, content: str = "Reply", **more: Any) -> Json:
    """Say something in the thread that hangs on a message."""
    return await say(person, {"id": root["roomId"]}, content, threadId=root["id"], **more)


async def thread_of(person: Person, root: Json, **query: Any) -> Json:
    """Return a page of a thread."""
    return await page_of(person, {"id": root["roomId"]}, threadId=root["id"], **query)


async def read_thread(person: Person, root: Json, up_to: Json | None = None) -> Json:
    body = {"roomId": root["roomId"], "threadId": root["id"]}
    if up_to is not None:
        body["messageId"] = up_to["id"]
    return did(await person.post("/api/chat/read", body))


async def shown(person: Person, root: Json) -> Json | None:
    """Return what hangs on a message, as this person sees it in the list of the room."""
    page = await page_of(person, {"id": root["roomId"]}, aroundId=root["id"], limit=1)
    (message,) = page["messages"]
    assert message["id"] == root["id"]
    thread: Json | None = message["thread"]
    return thread


async def unread_in_thread(person: Person, root: Json) -> int:
    thread = await shown(person, root)
    return 0 if thread is None else int(thread["unreadCount"])


def ids_of(page: Json) -> list[str]:
    return [message["id"] for message in page["messages"]]


async def hears(ear: Ear, event: str) -> Json:
    """Return the data of the next event of this kind that comes."""
    async with patiently():
        while not (told := await ear.heard(event)):
            await asyncio.sleep(0)
    return told[0][2]
