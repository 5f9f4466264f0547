"""Previews go with their message, on whichever road it goes."""

from __future__ import annotations

from sqlalchemy import select

from kabar.features.chat.lifetimes.sweeping import sweep_up
from kabar.features.uploads.models import Upload
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.lifetimes.time import let_expire
from tests.features.chat.link_previews.shown import all_done, message_in
from tests.features.chat.talk import Json, channel_of, did, listen, say
from tests.features.uploads.files import fetch, let_go, picture
from tests.people import Person
from tests.sites import Gate, Site, page, said


def put_up(web: Site) -> None:
    web.pages["/"] = page("Kabar", ("og:image", "/cover.png"))
    web.pages["/cover.png"] = said(picture(), kind="image/png")


def messages_of_files(tx: Transaction) -> list[str | None]:
    return list(tx.execute(select(Upload.message_id)).scalars())


async def short_lived(person: Person, room: Json) -> None:
    path = f"/api/chat/rooms/{room['id']}"
    did(await person.patch(path, {"messageTtlSeconds": 3600}))


async def test_what_disappears_takes_its_previews_with_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json, web: Site
) -> None:
    put_up(web)
    await short_lived(ann, room)
    message = await say(ann, room, web.address())
    await all_done(kabar)
    image = (await message_in(ben, room, message))["linkPreviews"][0]["imageUrl"]
    assert (await fetch(ben, image)).status_code == 200

    await kabar.db.write(let_expire, room["id"])
    assert (await fetch(ben, image)).status_code == 404, "before anybody has swept"
    await sweep_up(kabar.db, kabar.web.audience)
    await let_go(kabar)

    # What stays is for the next message that links to it, for as long as it is believed.
    assert await kabar.db.read(messages_of_files) == [None]


async def test_what_has_disappeared_gets_none(
    kabar: Kabar, ann: Person, ben: Person, room: Json, web: Site
) -> None:
    gate = Gate(page("Kabar"))
    web.pages["/"] = gate
    await short_lived(ann, room)
    await say(ann, room, web.address())
    await web.is_asked()
    ear = await listen(kabar, ben, channel_of(room))

    await kabar.db.write(let_expire, room["id"])
    gate.open.set()
    await all_done(kabar)

    assert await ear.heard("message-edited") == []
