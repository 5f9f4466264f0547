"""The report's `group-{groupId}`: participants hear what an application says there."""

from __future__ import annotations

from kabar.server.app import Kabar
from kabar.services.pusher import PusherService
from tests.features.chat.groups.acts import leave
from tests.features.chat.line import Line
from tests.features.chat.talk import Json, group
from tests.people import Person


async def test_participants_hear_what_is_said_to_their_group_and_nobody_else(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person
) -> None:
    room = await group(ann, ben)
    lines = {person.username: await listening(kabar, person, room) for person in (ann, ben, cleo)}

    await tell(kabar, room, "the first")
    await leave(ben, room)
    await tell(kabar, room, "the second")

    heard = {
        name: [data["text"] for _, _, data in await line.heard("shipped")]
        for name, line in lines.items()
    }
    assert heard == {"ann": ["the first", "the second"], "ben": ["the first"], "cleo": []}


async def listening(kabar: Kabar, person: Person, room: Json) -> Line:
    line = Line(kabar, person)
    await line.look_up(f"group-{room['id']}")
    return line


async def tell(kabar: Kabar, room: Json, text: str) -> None:
    said = await PusherService(kabar).notify_group(room["id"], "shipped", {"text": text})
    assert said.success
