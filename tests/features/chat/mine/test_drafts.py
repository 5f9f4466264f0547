"""Drafts: what one has half written is on all of one's devices, until it is sent."""

from __future__ import annotations

from sqlalchemy import select

from kabar.features.chat.models import ChatParticipant
from kabar.server.app import Kabar
from tests.features.chat.mine.test_choosing import choose
from tests.features.chat.talk import (
    Ear,
    Json,
    channel_of,
    did,
    direct_room,
    in_one_batch,
    listen,
    look_at,
    refused,
    say,
)
from tests.features.chat.test_scheduled import let_time_pass, schedule
from tests.people import Person


async def draft_of(person: Person, room: Json) -> Json | None:
    draft: Json | None = (await look_at(person, room))["me"]["draft"]
    return draft


async def drafts_heard(ear: Ear) -> list[Json | None]:
    told = [data["me"] for _, _, data in await ear.heard("room-updated") if "me" in data]
    assert all(set(me) == {"draft"} for me in told)
    return [me["draft"] for me in told]


async def test_a_draft_is_on_the_persons_other_devices_and_nobody_elses(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    phone = await listen(kabar, ann, f"private-user-{ann.id}")
    laptop = await listen(kabar, ann, f"private-user-{ann.id}")
    bens = await listen(kabar, ben, f"private-user-{ben.id}", channel_of(room))
    hello = await say(ben, room)
    await bens.heard()
    draft = {"content": "Hel ", "replyToId": hello["id"]}

    answer = await ann.browser.patch(
        f"/api/chat/rooms/{room['id']}/me",
        json={"draft": draft},
        headers={"X-Socket-ID": phone.socket_id},
    )

    assert did(answer)["me"]["draft"] == draft
    assert await draft_of(ann, room) == draft
    assert await draft_of(ben, room) is None
    assert await drafts_heard(laptop) == [draft]
    assert await drafts_heard(phone) == []
    assert await bens.heard() == []


async def test_a_draft_is_gone_when_something_is_sent(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    hello = await say(ben, room)
    await choose(ann, room, draft={"content": "Hel", "replyToId": hello["id"]})
    ear = await listen(kabar, ann, f"private-user-{ann.id}")

    await say(ann, room, "Hello")

    assert await draft_of(ann, room) is None
    assert await drafts_heard(ear) == [None]
    await say(ann, room, "Again")
    assert await drafts_heard(ear) == []


async def test_of_several_in_one_batch_the_draft_is_gone_once(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await choose(ann, room, draft={"content": "One"})
    await choose(ben, room, draft={"content": "His"})
    ear = await listen(kabar, ann, f"private-user-{ann.id}")

    for answer in await in_one_batch(
        kabar, (ann, room, {"content": "One"}), (ann, room, {"content": "Two"})
    ):
        did(answer, 201)

    assert await draft_of(ann, room) is None
    assert await draft_of(ben, room) == {"content": "His"}
    assert await drafts_heard(ear) == [None]


async def test_a_draft_is_taken_back_with_null_or_with_nothing_in_it(
    ann: Person, room: Json
) -> None:
    for nothing in (None, {"content": " \n"}):
        await choose(ann, room, draft={"content": "Hel"})

        assert (await choose(ann, room, draft=nothing))["draft"] is None


async def test_a_draft_answers_only_what_is_in_its_room(
    ann: Person, cleo: Person, room: Json
) -> None:
    elsewhere = await say(ann, await direct_room(ann, cleo))

    answer = await ann.patch(
        f"/api/chat/rooms/{room['id']}/me",
        {"draft": {"content": "Hel", "replyToId": elsewhere["id"]}},
    )

    assert refused(answer) == (404, "message_not_found")
    assert await draft_of(ann, room) is None


async def test_a_message_that_waited_leaves_what_is_being_written_as_it_is(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    await choose(ann, room, draft={"content": "Hel"})
    await schedule(ann, room)

    await let_time_pass(kabar)

    seen = await look_at(ann, room)
    assert (seen["lastMessage"], seen["me"]["draft"]) == ("Later", {"content": "Hel"})


async def test_nothing_is_written_of_a_draft_that_was_not_there(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    await say(ann, room)

    kept = select(ChatParticipant.draft, ChatParticipant.draft_reply_to_id)
    found = await kabar.db.read(lambda tx: tx.execute(kept).all())
    assert [tuple(row) for row in found] == [(None, None), (None, None)]
