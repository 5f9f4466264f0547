"""What a message said before it was edited."""

from __future__ import annotations

import pytest

from kabar.features.chat import former_words
from tests.features.chat.talk import Json, delete, did, refused, say
from tests.people import Person


async def edit(person: Person, message: Json, content: str) -> Json:
    body = {"messageId": message["id"], "content": content}
    return did(await person.patch("/api/chat/messages", body))


def path_of(message: Json) -> str:
    return f"/api/chat/messages/{message['id']}/edits"


async def test_every_participant_sees_what_it_said_oldest_first(
    ann: Person, ben: Person, room: Json
) -> None:
    message = await say(ann, room, "one")
    second = await edit(ann, message, "two")
    third = await edit(ann, message, "three")
    await edit(ann, message, "three")

    for person in (ann, ben):
        assert did(await person.get(path_of(message)))["edits"] == [
            {"content": "one", "editedAt": second["editedAt"]},
            {"content": "two", "editedAt": third["editedAt"]},
        ]


async def test_what_was_never_edited_has_none(ann: Person, room: Json) -> None:
    assert did(await ann.get(path_of(await say(ann, room))))["edits"] == []


async def test_a_stranger_learns_nothing(ann: Person, cleo: Person, room: Json) -> None:
    message = await say(ann, room, "one")
    await edit(ann, message, "two")

    assert refused(await cleo.get(path_of(message))) == (404, "message_not_found")


async def test_what_is_deleted_leaves_no_words_behind(ann: Person, ben: Person, room: Json) -> None:
    message = await say(ann, room, "secret")
    await edit(ann, message, "harmless")

    await delete(ann, message)

    assert did(await ben.get(path_of(message)))["edits"] == []


async def test_a_message_is_edited_so_often(
    ann: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(former_words, "MOST_EDITS", 1)
    message = await say(ann, room, "one")
    await edit(ann, message, "two")

    again = {"messageId": message["id"], "content": "three"}

    assert refused(await ann.patch("/api/chat/messages", again)) == (409, "edited_too_often")
