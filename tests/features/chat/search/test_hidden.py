"""What somebody deleted for themselves they do not find."""

from __future__ import annotations

from tests.features.chat.search.conftest import Look, contents
from tests.features.chat.talk import Json, say
from tests.people import Person


async def test_it_is_not_found_again_and_not_shown_beside_what_is_found(
    look: Look, ann: Person, ben: Person, room: Json
) -> None:
    first = await say(ann, room, "strawberry jam")
    await say(ann, room, "strawberry cake")
    await ben.delete("/api/chat/messages", messageId=first["id"], scope="me")

    his, hers = await look(ben, "strawberry"), await look(ann, "strawberry")

    assert contents(his) == ["strawberry cake"]
    assert his["messages"][0]["previous"] is None
    assert contents(hers) == ["strawberry cake", "strawberry jam"]
