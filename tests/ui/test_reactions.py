"""Reactions on the page: chosen with mouse, keyboard or finger, and seen by others at once."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def chip(tab: Tab, emoji: str, count: int) -> Locator:
    return tab.log.get_by_role("button", name=f"{emoji} {count}", exact=True)


def picker(tab: Tab) -> Locator:
    return tab.page.get_by_role("dialog", name="Choose an emoji")


async def is_mine(chip: Locator, mine: bool) -> None:
    await expect(chip).to_have_attribute("aria-pressed", str(mine).lower())


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_two_people_react_and_see_each_others_at_once(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Dinner on Friday?")
    hers, his = await tab(ann, **look), await tab(ben, **look)
    press = "tap" if look else "click"
    for each in (hers, his):
        await each.open_room(room)

    await getattr(his.bubbles.first, press)()
    await getattr(his.log.get_by_role("button", name="React"), press)()
    await getattr(picker(his).get_by_role("button", name="🎉"), press)()
    await is_mine(chip(his, "🎉", 1), True)
    await is_mine(chip(hers, "🎉", 1), False)
    assert await violations(his.page) == []

    await getattr(chip(hers, "🎉", 1), press)()
    await is_mine(chip(hers, "🎉", 2), True)
    await is_mine(chip(his, "🎉", 2), True)

    await chip(hers, "🎉", 2).click(button="right")
    who = hers.page.get_by_role("dialog", name="Reactions")
    await expect(who).to_contain_text("Ann")
    await expect(who).to_contain_text("Ben")
    assert await violations(hers.page) == []
    await hers.page.keyboard.press("Escape")

    await getattr(chip(his, "🎉", 2), press)()
    await is_mine(chip(his, "🎉", 1), False)
    await getattr(chip(hers, "🎉", 1), press)()
    await expect(chip(his, "🎉", 1)).to_have_count(0)


async def test_an_emoji_is_found_by_its_name_with_the_keyboard_alone(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Dinner on Friday?")
    his = await tab(ben)
    await his.open_room(room)
    key = his.page.keyboard.press

    await his.log.focus()
    await key("ArrowUp")
    await key("Enter")
    await expect(his.log.get_by_role("button", name="React")).to_be_focused()
    await key("Enter")
    await picker(his).get_by_role("searchbox").focus()
    await his.page.keyboard.type("hedge")
    await expect(picker(his).get_by_role("button", name="hedgehog")).to_be_visible()
    await key("ArrowDown")
    await expect(picker(his).get_by_role("button", name="hedgehog")).to_be_focused()
    await key("Enter")

    await is_mine(chip(his, "🦔", 1), True)
    await expect(his.bubbles.first).to_be_focused()
    assert await violations(his.page) == []


async def test_what_the_server_refuses_is_said(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Dinner on Friday?")
    his = await tab(ben)
    await his.open_room(room)
    await his.bubbles.last.click()
    await his.page.route("**/reactions/*", lambda route: route.fulfill(status=500, body="{}"))

    await his.log.get_by_role("button", name="React").click()
    await picker(his).get_by_role("button", name="👍").click()

    await expect(his.page.get_by_role("alert")).to_contain_text("Something went wrong")
    await his.page.unroute("**/reactions/*")
    await his.page.get_by_role("button", name="Try again").click()
    await is_mine(chip(his, "👍", 1), True)
