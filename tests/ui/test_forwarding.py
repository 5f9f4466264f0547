"""Forwarding on the page: chosen among one's conversations, and marked where it arrives."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def dialog(tab: Tab) -> Locator:
    return tab.page.get_by_role("dialog", name="Forward to")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_what_one_says_is_forwarded_to_others_who_see_whose_words_they_are(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    source, target = await ann.room_with(ben), await ann.room_with(cleo)
    await ann.say(target, "Good morning")
    await ben.say(source, "The bridge is closed")
    hers, cleos = await tab(ann, **look), await tab(cleo, **look)
    await cleos.open_room(target)
    await hers.open_room(source)
    press = "tap" if look else "click"

    await getattr(hers.bubbles.first, press)()
    await getattr(hers.log.get_by_role("button", name="Forward"), press)()
    await dialog(hers).get_by_role("searchbox").fill("cle")
    await expect(dialog(hers).get_by_role("checkbox")).to_have_count(1)
    await dialog(hers).get_by_label("Cleo").check()
    assert await violations(hers.page) == []
    await dialog(hers).get_by_role("button", name="Forward").click()

    await expect(dialog(hers)).to_have_count(0)
    await cleos.shows("The bridge is closed")
    await expect(cleos.bubbles.last).to_contain_text("Forwarded from")
    await expect(cleos.bubbles.last).to_contain_text("Ben")
    assert await violations(cleos.page) == []


async def test_with_the_keyboard_alone_and_into_the_room_where_it_was_said(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ben.say(room, "The bridge is closed")
    hers = await tab(ann)
    await hers.open_room(room)
    key = hers.page.keyboard.press

    await hers.log.focus()
    await key("ArrowUp")
    await key("Enter")
    await expect(hers.log.get_by_role("button", name="React")).to_be_focused()
    forwarding = hers.log.get_by_role("button", name="Forward")
    while not await forwarding.evaluate("button => button.matches(':focus')"):
        await key("ArrowRight")
    await key("Enter")
    await expect(dialog(hers).get_by_role("searchbox")).to_be_focused()
    await key("ArrowDown")
    await key("Space")
    await key("Enter")

    await expect(hers.bubbles).to_have_count(2)
    await expect(hers.bubbles.last).to_contain_text("Forwarded from")
    await hers.bubbles.last.click()
    toolbar = hers.log.get_by_role("toolbar", name="Message actions").last
    await expect(toolbar.get_by_role("button", name="Delete")).to_be_visible()
    await expect(toolbar.get_by_role("button", name="Edit")).to_have_count(0)


async def test_what_the_server_refuses_is_said_and_sent_again_once(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ben.say(room, "The bridge is closed")
    hers = await tab(ann)
    await hers.open_room(room)
    await hers.bubbles.first.click()
    await hers.log.get_by_role("button", name="Forward").click()
    await dialog(hers).get_by_label("Ben").check()
    await hers.page.route("**/forward", lambda route: route.fulfill(status=500, body="{}"))
    await dialog(hers).get_by_role("button", name="Forward").click()
    await expect(dialog(hers).get_by_role("alert")).to_contain_text("Something went wrong")
    await hers.page.unroute("**/forward")

    await dialog(hers).get_by_role("button", name="Forward").click()

    await expect(dialog(hers)).to_have_count(0)
    await expect(hers.bubbles).to_have_count(2)
