"""What may be said in a message, and what may not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.features.chat.talk import Json, everything_in, refused, say
from tests.people import Person


@pytest.mark.parametrize(
    "content",
    [
        "x" * 10_000,
        "🧑‍👩‍👧" * 2_000,
        "مرحبا \u200fعربي\u200e \u202eabc\u202c",
        "a\u200bb\u2060\ufeffc",
        "line\nline\ttab",
        "<script>alert(1)</script> & \"quotes\" 'too' \\ %s :x {}",
        "e\u0301 ≠ é \U0010ffff \x01\x7f",
    ],
)
async def test_all_kinds_of_text_arrive_as_they_were_said(
    ann: Person, ben: Person, room: Json, content: str
) -> None:
    sent = await say(ann, room, content)

    (found,) = await everything_in(ben, room)
    assert sent["content"] == found["content"] == content


@pytest.mark.parametrize("content", ["", "  \n\t ", "x" * 10_001, "a\u0000b", None, 7, ["x"]])
async def test_what_may_not_be_said_takes_no_number(
    ann: Person, ben: Person, room: Json, content: Any
) -> None:
    message = await say(ann, room, "before")
    for answer in (
        await ann.post("/api/chat/send", {"roomId": room["id"], "content": content}),
        await ann.post("/api/messages", {"receiverId": ben.id, "content": content}),
        await ann.patch("/api/chat/messages", {"messageId": message["id"], "content": content}),
    ):
        assert refused(answer)[0] == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["content"]

    assert (await say(ann, room, "after"))["seq"] == 2


@pytest.mark.parametrize(
    "raw", [r'"\ud800"', r'"\udc00\ud800"', '"\ud800"', '"', "\x00", r'"\x"', "[" * 5000]
)
async def test_what_is_no_text_at_all_is_malformed(ann: Person, room: Json, raw: str) -> None:
    body = f'{{"roomId":"{room["id"]}","content":{raw}}}'.encode("utf-8", "surrogatepass")

    answer = await ann.browser.post(
        "/api/chat/send", content=body, headers={"content-type": "application/json"}
    )

    assert refused(answer) == (400, "malformed_json")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"type": "poem"}, "type"),
        ({"type": None}, "type"),
        ({"clientId": ""}, "clientId"),
        ({"clientId": "x" * 256}, "clientId"),
        ({"clientId": "a\u0000"}, "clientId"),
        ({"clientId": 7}, "clientId"),
        ({"replyToId": "a\u0000"}, "replyToId"),
        ({"replyToId": "x" * 65}, "replyToId"),
        ({"roomId": "a\u0000"}, "roomId"),
        ({"roomId": None}, "roomId"),
        ({"senderId": "somebody"}, "senderId"),
    ],
)
async def test_a_wrong_field_is_named(ann: Person, room: Json, wrong: Json, field: str) -> None:
    body = {"roomId": room["id"], "content": "Hello"} | wrong

    answer = await ann.post("/api/chat/send", body)

    assert refused(answer)[0] == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await everything_in(ann, room) == []


@pytest.mark.parametrize("kind", ["text", "image", "file", "audio", "video"])
async def test_a_message_keeps_its_type(ann: Person, room: Json, kind: str) -> None:
    assert (await say(ann, room, type=kind))["type"] == kind
    assert (await everything_in(ann, room))[0]["type"] == kind
