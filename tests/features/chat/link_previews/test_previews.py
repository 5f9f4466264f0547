"""Previews of links: fetched after the send, once, and shown to who sees the message."""

from __future__ import annotations

import httpx

from kabar.server.app import Kabar
from tests.features.chat.link_previews.shown import all_done, message_in, titles_of
from tests.features.chat.talk import Json, channel_of, delete, did, group, listen, refused, say
from tests.features.uploads.files import as_image, fetch, kept_in, let_go, picture
from tests.people import Person
from tests.sites import Site, moved, page, said, site


async def edit(person: Person, message: Json, content: str) -> Json:
    body = {"messageId": message["id"], "content": content}
    return did(await person.browser.patch("/api/chat/messages", json=body))


async def remove(person: Person, message: Json, **query: str) -> httpx.Response:
    return await person.delete(f"/api/chat/messages/{message['id']}/link-previews", **query)


async def test_a_link_gets_a_preview_after_the_send(
    kabar: Kabar, ann: Person, ben: Person, room: Json, web: Site
) -> None:
    web.pages["/"] = page("Kabar", ("og:description", "Follow and chat"))
    ear = await listen(kabar, ben, channel_of(room))

    message = await say(ann, room, f"See {web.address()}.")
    assert message["linkPreviews"] == []
    await all_done(kabar)

    expected = {
        "url": web.address(),
        "title": "Kabar",
        "description": "Follow and chat",
        "imageUrl": None,
    }
    for person in (ann, ben):
        seen = await message_in(person, room, message)
        assert seen["linkPreviews"] == [expected]
        assert (seen["content"], seen["editedAt"]) == (message["content"], None)
    (told,) = await ear.heard("message-edited")
    assert told[2]["linkPreviews"] == [expected]
    assert told[2]["version"] > message["version"]


async def test_who_was_away_hears_of_it_by_sync(
    kabar: Kabar, ann: Person, ben: Person, room: Json, web: Site
) -> None:
    web.pages["/"] = page("Kabar")
    since = did(await ben.get("/api/chat/sync"))["next"]

    message = await say(ann, room, web.address())
    await all_done(kabar)

    told = did(await ben.get("/api/chat/sync", since=since))
    assert [each["type"] for each in told["events"]] == ["new-message"]
    assert told["events"][0]["data"]["linkPreviews"][0]["title"] == "Kabar"

    did(await remove(ann, message))
    (edited,) = did(await ben.get("/api/chat/sync", since=told["next"]))["events"]
    assert (edited["type"], edited["data"]["linkPreviews"]) == ("message-edited", [])


async def test_the_picture_of_a_page_is_made_anew_and_served_from_here(
    kabar: Kabar, ann: Person, ben: Person, cleo: Person, room: Json, web: Site
) -> None:
    web.pages["/deep/"] = page("Kabar", ("og:image", "../cover.jpg"))
    web.pages["/cover.jpg"] = said(picture("JPEG", (1200, 600)), kind="image/jpeg")

    message = await say(ann, room, web.address("/deep/"))
    await all_done(kabar)

    (preview,) = (await message_in(ben, room, message))["linkPreviews"]
    assert preview["imageUrl"].startswith("/api/uploads/")
    answer = await fetch(ben, preview["imageUrl"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert as_image(answer.content).size == (640, 320)
    bare = preview["imageUrl"].partition("?")[0]
    assert refused(await fetch(cleo, bare)) == (404, "upload_not_found")

    await delete(ann, message)

    assert (await fetch(ben, preview["imageUrl"])).status_code == 404
    assert (await message_in(ben, room, message))["linkPreviews"] == []
    await let_go(kabar)
    # What the next message that links to it will have.
    assert len(kept_in(kabar)) == 1


async def test_a_page_is_looked_at_once_whoever_links_to_it(
    kabar: Kabar, ann: Person, ben: Person, room: Json, web: Site
) -> None:
    web.pages["/"] = page("Kabar", ("og:image", "/cover.png"))
    web.pages["/cover.png"] = said(picture(), kind="image/png")
    team = await group(ann, ben)

    messages = [(room, await say(ann, room, web.address()))]
    messages += [(team, await say(ben, team, f"{web.address()}#part")) for _ in range(3)]
    await all_done(kabar)

    assert web.asked == ["/", "/cover.png"]
    images = [
        (await message_in(ann, place, message))["linkPreviews"][0]["imageUrl"]
        for place, message in messages
    ]
    # Each message has its own, so that each goes with its message.
    assert len({image.partition("?")[0] for image in images}) == len(messages)
    await delete(ann, messages[0][1])
    await let_go(kabar)
    assert (await fetch(ann, images[1])).status_code == 200


async def test_a_message_has_so_many_previews_in_the_order_of_its_links(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    web.pages |= {f"/{number}": page(f"Page {number}") for number in range(5)}
    links = " ".join(web.address(f"/{number}") for number in (4, 3, 2, 1, 0))

    message = await say(ann, room, links)
    await all_done(kabar)

    assert await titles_of(ann, room, message) == ["Page 4", "Page 3", "Page 2"]
    assert web.asked == ["/4", "/3", "/2"]


async def test_an_edit_brings_previews_of_its_links_and_takes_those_of_others(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    web.pages |= {"/a": page("A", ("og:image", "/cover.png")), "/b": page("B")}
    web.pages["/cover.png"] = said(picture(), kind="image/png")
    message = await say(ann, room, web.address("/a"))
    await all_done(kabar)
    image = (await message_in(ann, room, message))["linkPreviews"][0]["imageUrl"]

    await edit(ann, message, f"{web.address('/b')} and {web.address('/a')}")
    await all_done(kabar)
    assert await titles_of(ann, room, message) == ["B", "A"]

    edited = await edit(ann, message, f"only {web.address('/b')}")
    assert [each["title"] for each in edited["linkPreviews"]] == ["B"]
    assert (await fetch(ann, image)).status_code == 404

    edited = await edit(ann, message, "no link")
    assert edited["linkPreviews"] == []


async def test_its_author_takes_a_preview_off_and_it_does_not_come_back(
    kabar: Kabar, ann: Person, ben: Person, room: Json, web: Site
) -> None:
    web.pages |= {"/a": page("A"), "/b": page("B"), "/c": page("C")}
    both = f"{web.address('/a')} {web.address('/b')}"
    message = await say(ann, room, both)
    await all_done(kabar)
    ear = await listen(kabar, ben, channel_of(room))

    assert refused(await remove(ben, message)) == (403, "not_your_message")
    left = did(await remove(ann, message, url=web.address("/a")))

    assert [each["title"] for each in left["linkPreviews"]] == ["B"]
    (told,) = await ear.heard("message-edited")
    assert [each["title"] for each in told[2]["linkPreviews"]] == ["B"]
    assert did(await remove(ann, message, url=web.address("/a")))["version"] == left["version"]

    await edit(ann, message, f"{both} {web.address('/c')}")
    await all_done(kabar)
    assert await titles_of(ben, room, message) == ["B", "C"]

    assert did(await remove(ann, message))["linkPreviews"] == []
    await edit(ann, message, f"still {both}")
    await all_done(kabar)
    assert await titles_of(ben, room, message) == []


async def test_of_strangers_and_of_what_is_deleted_nothing_is_removed(
    kabar: Kabar, ann: Person, cleo: Person, room: Json
) -> None:
    message = await say(ann, room, "Hello")

    assert refused(await remove(cleo, message)) == (404, "message_not_found")
    await delete(ann, message)
    assert refused(await remove(ann, message)) == (409, "message_is_deleted")


async def test_what_may_not_be_called_has_no_preview(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    async with site("127.0.0.1") as inner:
        inner.pages["/"] = page("Secret")
        web.pages["/"] = moved(inner.address())
        web.pages["/image"] = page("Image of the inner site", ("og:image", inner.address()))
        links = [inner.address(), web.address(), web.address("/image")]

        message = await say(ann, room, " ".join(links))
        await all_done(kabar)

        assert inner.asked == []
        (preview,) = (await message_in(ann, room, message))["linkPreviews"]
        assert (preview["url"], preview["imageUrl"]) == (links[2], None)


async def test_a_picture_that_is_none_is_left_out(
    kabar: Kabar, ann: Person, room: Json, web: Site
) -> None:
    pictures = {
        "/text.png": said(b"not a picture", kind="image/png"),
        "/dot.png": said(picture(size=(1, 1)), kind="image/png"),
        "/huge.png": said(picture(size=(5000, 5000)), kind="image/png"),
        "/vector.svg": said(b"<svg/>", kind="image/svg+xml"),
        "/half.jpg": said(picture("JPEG", (800, 800))[:2000], kind="image/jpeg"),
    }
    for number, (path, answer) in enumerate(pictures.items()):
        web.pages |= {path: answer, f"/{number}": page("T", ("og:image", path))}
        message = await say(ann, room, web.address(f"/{number}"))
        await all_done(kabar)

        (preview,) = (await message_in(ann, room, message))["linkPreviews"]
        assert (preview["title"], preview["imageUrl"]) == ("T", None), path
    assert kept_in(kabar) == []
