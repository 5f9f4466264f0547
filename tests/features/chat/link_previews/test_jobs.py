"""The work that makes previews: nobody waits for it, nothing of it is lost, none of it is twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from kabar.core.settings import Settings
from kabar.core.times import utc_now
from kabar.features.chat.audience import Audience
from kabar.features.chat.link_previews import cache, jobs
from kabar.features.chat.link_previews.models import LinkPage, PreviewJob
from kabar.features.chat.messages import edit_message
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.infra.db import Database, Transaction
from kabar.server.app import Kabar
from tests.crowded import crowded
from tests.features.chat.link_previews.shown import all_done, message_in, see_titles, titles_of
from tests.features.chat.talk import Json, delete, did, direct_room, say
from tests.people import Person, people_of
from tests.plans import heard, walks_through
from tests.sites import Gate, Site, page, said, site


async def count(db: Database, table: type[Any]) -> int:
    def read(tx: Transaction) -> int:
        return int(tx.execute(select(func.count()).select_from(table)).scalar_one())

    return await db.read(read)


async def set_back(db: Database, table: Any, **columns: timedelta) -> None:
    """Let the times of all rows be so much earlier."""
    at: dict[str, datetime] = {name: utc_now() - ago for name, ago in columns.items()}
    await db.write(lambda tx: tx.execute(update(table).values(**at)))


async def test_a_send_writes_a_row_for_its_links_and_none_without(db: Database) -> None:
    place = await crowded(db, direct_rooms=3, groups=())

    async def statements(content: str) -> list[str]:
        draft = MessageDraft(room_id=place.room_id, content=content)
        send = Send(place.ann, draft, None, Audience(None))
        with heard(db) as told:
            await db.write(send_messages, [send])
        return [each.statement for each in told]

    await statements("first")
    plain = await statements("no link: http or www.example.org")
    linking = await statements("https://a.example and https://b.example")

    (more,) = [each for each in linking if "KabarPreviewJob" in each]
    assert [each for each in linking if each != more] == plain


async def test_no_plan_walks_through_a_table(db: Database) -> None:
    await crowded(db, direct_rooms=2_000, groups=())

    with heard(db) as told:
        await db.write(jobs.ask_for_previews, [("m1-1", "user1")])
        assert await db.read(jobs.is_due)
        (job,) = await db.write(jobs.claim_jobs, most=8, busy=["user7"])
        await db.read(jobs.wanted_addresses, job, most=3)
        assert await db.write(cache.claim_page, "https://a.example/")
        assert not await db.write(cache.claim_page, "https://a.example/")
        known = cache.Known("A", None, None)
        await db.write(cache.note_page, "https://a.example/", known)
        assert await db.read(cache.find_page, "https://a.example/") == known
        await db.write(jobs.settle, job, {"https://a.example/": known})
        await db.write(cache.forget_pages)
        await db.write(jobs.forget_jobs)
        await db.write(
            edit_message,
            user_id="user2",
            message_id="m2-1",
            content="https://b.example",
            socket_id=None,
            audience=Audience(None),
        )

    walks = await db.read(walks_through, told, ("Message", "User", "ChatRoom", "KabarUpload"))
    assert not walks, walks


@pytest.mark.parametrize("change", [{"link_previews": 0}, {"link_preview_images": False}])
async def test_previews_and_their_pictures_can_be_switched_off(
    settings: Settings, web: Site, change: dict[str, Any]
) -> None:
    web.pages |= {
        "/": page("Kabar", ("og:image", "/cover.png")),
        "/cover.png": said(b"", kind="image/png"),
    }
    off = settings.model_copy(update=change)
    async with Kabar(off) as kabar, people_of(kabar.asgi, kabar.db) as person:
        ann, ben = await person("ann"), await person("ben")
        room = await direct_room(ann, ben)

        message = await say(ann, room, web.address())
        await all_done(kabar)

        assert web.asked == ([] if "link_previews" in change else ["/"])
        previews = (await message_in(ben, room, message))["linkPreviews"]
        assert [each["imageUrl"] for each in previews] == [None] * len(web.asked)


async def test_who_has_begun_and_died_leaves_it_to_the_next(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    gate = Gate(page("Kabar"))
    web.pages["/"] = gate
    message = await say(ann, room, web.address())
    await web.is_asked()
    # As if the node that has it were gone, and its time over: for it, it is another's now.
    later = timedelta(seconds=1)
    await set_back(kabar.db, PreviewJob, due_at=later)
    await set_back(kabar.db, LinkPage, due_at=later)

    await web.is_asked(2)
    gate.open.set()
    await all_done(kabar)

    assert await titles_of(ann, room, message) == ["Kabar"]
    seen = await message_in(ann, room, message)
    assert seen["version"] == message["version"] + 1, "written once"


async def test_what_nobody_gets_done_is_given_up(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    gate = Gate(page("Kabar"))
    web.pages["/"] = gate
    await say(ann, room, web.address())
    await web.is_asked()

    await set_back(kabar.db, PreviewJob, created_at=timedelta(hours=2))
    await kabar.db.write(jobs.forget_jobs)

    assert await count(kabar.db, PreviewJob) == 0
    gate.open.set()


async def test_a_server_that_stops_leaves_it_to_the_next_at_once(
    settings: Settings, web: Site
) -> None:
    gate = Gate(page("Kabar"))
    web.pages["/"] = gate
    async with Kabar(settings) as kabar, people_of(kabar.asgi, kabar.db) as person:
        ann, ben = await person("ann"), await person("ben")
        room = await direct_room(ann, ben)
        await say(ann, room, web.address())
        await web.is_asked()

    gate.open.set()
    async with Kabar(settings) as kabar:
        await all_done(kabar)

    assert web.asked == ["/", "/"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_of_two_nodes_one_looks(settings: Settings, web: Site) -> None:
    web.pages["/"] = page("Kabar")
    other = settings.model_copy(update={"data": settings.data.with_name("other")})
    async with (
        Kabar(settings) as one,
        Kabar(other),
        people_of(one.asgi, one.db) as person,
    ):
        ann, ben = await person("ann"), await person("ben")
        room = await direct_room(ann, ben)
        messages = [await say(who, room, web.address()) for who in (ann, ben) for _ in range(3)]
        await all_done(one)

        for message in messages:
            seen = await message_in(ann, room, message)
            assert [each["title"] for each in seen["linkPreviews"]] == ["Kabar"]
            assert seen["version"] == message["version"] + 1
    assert web.asked == ["/"]


@pytest.mark.parametrize("meanwhile", ["edited", "deleted", "removed"])
async def test_what_became_of_the_message_meanwhile_counts(
    kabar: Kabar, ann: Person, room: Json, web: Site, meanwhile: str
) -> None:
    gate = Gate(page("A"))
    web.pages |= {"/a": gate, "/b": page("B")}
    message = await say(ann, room, web.address("/a"))
    await web.is_asked()

    if meanwhile == "edited":
        body = {"messageId": message["id"], "content": web.address("/b")}
        did(await ann.browser.patch("/api/chat/messages", json=body))
    elif meanwhile == "deleted":
        await delete(ann, message)
    else:
        did(await ann.delete(f"/api/chat/messages/{message['id']}/link-previews"))
    gate.open.set()
    await all_done(kabar)

    assert await titles_of(ann, room, message) == (["B"] if meanwhile == "edited" else [])


async def test_slow_pages_of_one_hold_up_nobody_else(
    kabar: Kabar, ann: Person, ben: Person, room: Json, web: Site
) -> None:
    async with site("127.0.0.3") as quick:
        quick.pages["/"] = page("Quick")
        gate = Gate(page("Slow"))
        web.pages |= {f"/{number}": gate for number in range(30)}
        slow = [await say(ann, room, web.address(f"/{number}")) for number in range(30)]
        await web.is_asked(2)

        message = await say(ben, room, quick.address())
        await see_titles(ben, room, message, ["Quick"])

        assert len(web.asked) == 2, "as many as one host is called at once"
        gate.open.set()
        await see_titles(ann, room, slow[2], ["Slow"])


async def test_what_a_page_says_is_believed_for_half_a_day(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    web.pages["/"] = page("Old")
    await say(ann, room, web.address())
    await all_done(kabar)
    web.pages["/"] = page("New")

    again = await say(ann, room, web.address())
    await all_done(kabar)
    assert await titles_of(ann, room, again) == ["Old"]

    await set_back(kabar.db, LinkPage, due_at=timedelta(seconds=1))
    later = await say(ann, room, web.address())
    await all_done(kabar)
    assert await titles_of(ann, room, later) == ["New"]

    await set_back(kabar.db, LinkPage, due_at=timedelta(seconds=1))
    await kabar.db.write(cache.forget_pages)
    assert await count(kabar.db, LinkPage) == 0


async def test_a_scheduled_message_gets_its_previews_when_it_is_said(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    web.pages["/"] = page("Kabar")
    send_at = (utc_now() + timedelta(seconds=1)).isoformat()
    draft = {"roomId": room["id"], "content": web.address(), "sendAt": send_at}
    did(await ann.post("/api/chat/send", draft), 202)
    assert web.asked == []

    await web.is_asked()
    await all_done(kabar)
