"""The reasons for which somebody gets nothing more of a room, and what happens there afterwards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

import httpx

from kabar.server.app import Kabar
from tests.features.chat.groups.acts import address, ban, give_role, leave, participants
from tests.features.chat.line import Line
from tests.features.chat.talk import Json, channel_of, did, page_of
from tests.features.keys.conftest import Application
from tests.features.uploads.files import upload
from tests.patience import patiently
from tests.people import Person

#: what is said when they are out: no road may bring it to them
SECRET = "psst"


@dataclass(frozen=True)
class Scene:
    """Ann and Ben in a room, with one message of each; Ann's has a file. Ben is to be out of it."""

    kabar: Kabar
    ann: Person
    ben: Person
    mod: Person
    shop: Application
    reason: Reason
    room: Json
    hers: Json
    his: Json

    @property
    def path(self) -> str:
        return address(self.room)

    def line(self, person: Person | None = None) -> Line:
        return Line(self.kabar, person or self.ben)

    async def out(self) -> None:
        await self.reason.act(self)

    async def happen(self) -> None:
        """Let Ann do whatever one can do there. Where she blocks him, she cannot either."""
        room, said = self.room["id"], self.his["id"]
        file = await upload(self.ann, b"secret", f"{SECRET}.txt")
        draft = {"roomId": room, "content": SECRET, "replyToId": said}
        answers = [
            await self.ann.post("/api/chat/send", {**draft, "attachmentIds": [file["id"]]}),
            await self.ann.put(f"/api/chat/messages/{said}/reactions/👍"),
            await self.ann.put(f"/api/chat/messages/{said}/pin"),
            await self.ann.post("/api/chat/typing", {"roomId": room}),
            await self.ann.post("/api/chat/read", {"roomId": room}),
            await self.ann.patch(
                "/api/chat/messages", {"messageId": self.hers["id"], "content": SECRET}
            ),
        ]
        assert self.reason.is_wall or all(answer.is_success for answer in answers[:2])

    def is_shut(self, answer: httpx.Response) -> bool:
        """Say whether it is answered as to somebody who is not there; of one who is blocked, that
        it shows nothing of what happened since."""
        if self.reason.is_wall:
            return SECRET not in answer.text
        return answer.status_code in self.reason.answers


class Reason(NamedTuple):
    """Why somebody gets nothing more."""

    name: str
    act: Callable[[Scene], Awaitable[None]]
    #: what Ben's calls for the room are answered
    answers: frozenset[int] = frozenset({404})
    #: a block between the two, whose room is closed: what was said stays readable
    is_wall: bool = False


async def _remove(scene: Scene) -> None:
    path = f"{participants(scene.room)}/{scene.ben.id}"
    assert (await scene.ann.delete(path)).status_code == 204


async def _leave(scene: Scene) -> None:
    await leave(scene.ben, scene.room)


async def _leave_as_owner(scene: Scene) -> None:
    await give_role(scene.ann, scene.ben, scene.room, "owner")
    await leave(scene.ben, scene.room)


async def _ban(scene: Scene) -> None:
    await ban(scene.ann, scene.ben, scene.room)


async def _block(scene: Scene) -> None:
    did(await scene.ann.put(f"/api/users/{scene.ben.id}/block"))


async def _suspend(scene: Scene) -> None:
    answer = await scene.mod.put(f"/api/moderation/users/{scene.ben.id}/suspension", {})
    assert answer.status_code == 204


async def _erase(scene: Scene) -> None:
    answer = await scene.shop.call("DELETE", f"/api/users/{scene.ben.id}")
    assert answer.status_code == 204
    async with patiently():
        while did(await scene.ann.get(scene.path))["participantsCount"] > 1:
            await asyncio.sleep(0)


_SIGNED_OUT = frozenset({401})
REASONS = (
    Reason("removed", _remove),
    Reason("left", _leave),
    Reason("left_as_owner", _leave_as_owner),
    Reason("banned", _ban),
    Reason("blocked", _block, is_wall=True),
    Reason("suspended", _suspend, _SIGNED_OUT),
    Reason("erased", _erase, _SIGNED_OUT),
)


async def told_to(line: Line) -> list[str]:
    """Return what a socket has heard since the last time, of whatever kind, as texts."""
    # What is published leaves when the loop's turn ends.
    await asyncio.sleep(0)
    return [json.dumps(frame) for frame in line._socket.heard]


async def address_of_file(scene: Scene) -> str:
    """Return the address of Ann's file that was made for Ben."""
    messages = (await page_of(scene.ben, scene.room))["messages"]
    (message,) = [each for each in messages if each["id"] == scene.hers["id"]]
    address: str = message["attachments"][0]["url"]
    return address


def room_channels(scene: Scene) -> list[str]:
    return [channel_of(scene.room), f"presence-room-{scene.room['id']}"]
