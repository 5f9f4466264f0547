"""Files in a conversation: chosen, dropped, pasted, recorded, and seen by the other at once."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, Route, expect

from tests.features.uploads.files import PDF, picture
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NAME = "holiday.png"
#: hands files to the page as the operating system does
GIVE = """([kind, selector, name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  let place = document;
  for (const each of ["kabar-app", "kabar-chat", "kabar-room"])
    place = place.querySelector(each).shadowRoot;
  const target = kind === "drop" ? place.host : place.querySelector("kabar-composer").shadowRoot
    .querySelector("textarea");
  const all = { bubbles: true, cancelable: true, composed: true };
  if (kind === "paste") {
    target.dispatchEvent(new ClipboardEvent("paste", { ...all, clipboardData: data }));
  } else {
    for (const each of selector) {
      target.dispatchEvent(new DragEvent(each, { ...all, dataTransfer: data }));
    }
  }
}"""


def chosen(tab: Tab) -> Locator:
    return tab.page.get_by_role("list", name="Files to send").get_by_role("listitem")


def send_button(tab: Tab) -> Locator:
    return tab.page.get_by_role("button", name="Send", exact=True)


def pictures(tab: Tab) -> Locator:
    return tab.log.get_by_role("button", name="Open picture")


async def choose(tab: Tab, *files: tuple[str, str, bytes]) -> None:
    """Choose files by the button."""
    async with tab.page.expect_file_chooser() as chooser:
        await tab.page.get_by_role("button", name="Attach").click()
        await tab.page.get_by_role("menuitem", name="Files").click()
    given = [FilePayload(name=name, mimeType=kind, buffer=content) for name, kind, content in files]
    await (await chooser.value).set_files(given)


async def give(tab: Tab, kind: str, *events: str) -> None:
    """Drop or paste a picture."""
    content = base64.b64encode(picture("PNG", (640, 480))).decode()
    await tab.page.evaluate(GIVE, [kind, events, NAME, "image/png", content])


async def is_drawn(image: Locator) -> None:
    """Wait until a picture is there."""
    await expect(image).to_have_js_property("complete", value=True)
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_a_picture_sent_by_one_is_seen_by_the_other_at_once(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await hers.open_room(room)
    await his.open_room(room)

    await choose(hers, (NAME, "image/png", picture("PNG", (1200, 800))))
    await expect(chosen(hers)).to_contain_text(NAME)
    await expect(send_button(hers)).to_be_enabled()
    assert await violations(hers.page) == []
    await hers.composer.fill("Look")
    await send_button(hers).click()

    for each in (hers, his):
        await expect(pictures(each)).to_have_count(1)
        await is_drawn(pictures(each).locator("img"))
        box = await pictures(each).bounding_box()
        assert box is not None
        assert round(box["width"] / box["height"], 1) == 1.5
        await each.shows("Look")
    await expect(chosen(hers)).to_have_count(0)
    assert await violations(his.page) == []


async def test_pictures_are_looked_at_with_the_keyboard(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.open_room(room)
    await choose(
        hers,
        *(
            (f"{number}.png", "image/png", picture("PNG", (90 * number, 90)))
            for number in (1, 2, 3)
        ),
    )
    await expect(send_button(hers)).to_be_enabled()
    await send_button(hers).click()
    await expect(pictures(hers)).to_have_count(3)
    # A message without words is called by what it is.
    conversations = hers.page.get_by_role("region", name="Conversations")
    await expect(conversations.get_by_text("Picture")).to_be_visible()

    await pictures(hers).nth(1).focus()
    await hers.page.keyboard.press("Enter")
    viewer = hers.page.get_by_role("dialog", name="Picture")
    await expect(viewer).to_contain_text("2 of 3")
    await is_drawn(viewer.get_by_role("img", name="2.png"))
    await hers.page.keyboard.press("ArrowRight")
    await is_drawn(viewer.get_by_role("img", name="3.png"))
    await expect(viewer.get_by_role("button", name="Next picture")).to_be_disabled()
    assert await violations(hers.page) == []
    async with hers.page.expect_download() as download:
        await viewer.get_by_role("link", name="Save").click()
    assert (await download.value).suggested_filename == "3.png"
    await hers.page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(pictures(hers).nth(1)).to_be_focused()


async def test_what_is_dropped_or_pasted_is_sent(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.open_room(room)

    await give(hers, "drop", "dragover")
    await expect(hers.page.get_by_text("Drop files here")).to_be_visible()
    await give(hers, "drop", "drop")
    await expect(hers.page.get_by_text("Drop files here")).to_have_count(0)
    await give(hers, "paste")
    await expect(chosen(hers)).to_have_count(2)
    await hers.page.get_by_role("button", name=re.compile("Remove")).first.click()
    await expect(chosen(hers)).to_have_count(1)
    await expect(send_button(hers)).to_be_enabled()
    await hers.composer.press("Enter")

    await expect(pictures(hers)).to_have_count(1)


async def test_what_cannot_be_sent_says_why_and_what_failed_is_tried_again(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.open_room(room)
    refuses = asyncio.Event()
    keys: list[str] = []

    async def pass_on(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if refuses.is_set():
            await route.continue_()
        else:
            await route.abort()

    await hers.page.route("**/api/uploads", pass_on)
    await choose(hers, ("plan.pdf", "application/pdf", PDF))
    await expect(chosen(hers)).to_contain_text("The server cannot be reached.")
    await expect(send_button(hers)).to_be_disabled()
    assert await violations(hers.page) == []
    refuses.set()
    await chosen(hers).get_by_role("button", name="Retry").click()
    await expect(send_button(hers)).to_be_enabled()
    assert len(set(keys)) == 1
    await choose(hers, ("cat.png", "image/png", b"no picture"))
    await expect(chosen(hers).nth(1)).to_contain_text("there is none in it")
    await expect(send_button(hers)).to_be_disabled()
    await hers.page.get_by_role("button", name=re.compile("Remove .*cat.png")).click()
    await send_button(hers).click()

    link = hers.log.get_by_role("link", name=re.compile("plan.pdf"))
    await expect(link).to_contain_text("1 kB")
    async with hers.page.expect_download() as download:
        await link.click()
    saved = await download.value
    assert saved.suggested_filename == "plan.pdf"
    assert Path(await saved.path()).read_bytes() == PDF


async def test_a_voice_message_is_recorded_sent_and_played(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann, permissions=["microphone"])
    his = await tab(ben)
    await hers.open_room(room)
    await his.open_room(room)

    await hers.page.get_by_role("button", name="Record a voice message").click()
    await expect(hers.page.get_by_text("0:01")).to_be_visible()
    await hers.page.get_by_role("button", name="Stop recording").click()
    await expect(chosen(hers)).to_contain_text("Voice message")
    await expect(send_button(hers)).to_be_enabled()
    await send_button(hers).click()

    voice = his.log.locator("audio")
    await expect(voice).to_have_count(1)
    await voice.evaluate("audio => { audio.muted = true; return audio.play(); }")
    await expect(voice).to_have_js_property("paused", value=False)


async def test_who_may_not_use_the_microphone_is_told(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.open_room(room)
    await hers.page.evaluate(
        """() => {
          const refuse = () => Promise.reject(new DOMException("no", "NotAllowedError"));
          navigator.mediaDevices.getUserMedia = refuse;
        }"""
    )

    await hers.page.get_by_role("button", name="Record a voice message").click()

    await expect(hers.page.get_by_role("alert")).to_contain_text("microphone cannot be used")
    await expect(hers.composer).to_be_visible()


async def test_a_picture_that_does_not_come_says_so_and_can_be_asked_for_again(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.page.route("**/thumbnail*", lambda route: route.abort())
    await hers.open_room(room)
    await choose(hers, (NAME, "image/png", picture()))
    await expect(send_button(hers)).to_be_enabled()
    await send_button(hers).click()

    again = hers.log.get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    await hers.page.unroute("**/thumbnail*")
    await again.click()

    await is_drawn(pictures(hers).locator("img"))
