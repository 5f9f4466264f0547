"""Polls on the page: asked from the composer, voted in with mouse, keyboard or finger, live."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
QUESTION = "Where do we eat?"


async def open_dialog(tab: Tab) -> Locator:
    await tab.page.get_by_role("button", name="Attach").click()
    await tab.page.get_by_role("menuitem", name="Poll").click()
    return tab.page.get_by_role("dialog", name="New poll")


async def ask(tab: Tab, *options: str, multiple: bool = False) -> None:
    dialog = await open_dialog(tab)
    await dialog.get_by_label("Question").fill(QUESTION)
    for at, option in enumerate(options, start=1):
        await dialog.get_by_label(f"Option {at}", exact=True).fill(option)
    if multiple:
        await dialog.get_by_label("Several answers").check()
    await dialog.get_by_role("button", name="Send poll").click()


def poll(tab: Tab) -> Locator:
    # The name has marks around the question, so that it turns nothing around.
    return tab.log.get_by_role("group", name=QUESTION)


def option(tab: Tab, text: str, votes: int) -> Locator:
    count = "1 vote" if votes == 1 else f"{votes} votes"
    return poll(tab).get_by_role("button", name=re.compile(rf"^{text} \d+% \({count}\)$"))


async def stands(tab: Tab, text: str, votes: int, *, mine: bool) -> None:
    await expect(option(tab, text, votes)).to_have_attribute("aria-pressed", str(mine).lower())


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_two_people_vote_and_see_the_result_at_once(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann, **look), await tab(ben, **look)
    for each in (hers, his):
        await each.open_room(room)

    await ask(hers, "Warung", "Padang", "At home")
    await stands(his, "Warung", 0, mine=False)
    await option(his, "Padang", 0).click()
    await stands(his, "Padang", 1, mine=True)
    await stands(hers, "Padang", 1, mine=False)
    await option(hers, "Padang", 1).click()
    await stands(his, "Padang", 2, mine=True)
    await expect(poll(his)).to_contain_text("2 votes")
    for each in (hers, his):
        assert await violations(each.page) == []

    await option(his, "At home", 0).click()
    await stands(hers, "At home", 1, mine=False)
    await option(his, "At home", 1).click()
    await stands(hers, "At home", 0, mine=False)
    await stands(hers, "Padang", 1, mine=True)

    await expect(poll(his).get_by_role("button", name="Close poll")).to_have_count(0)
    await poll(hers).get_by_role("button", name="Close poll").click()
    dialog = hers.page.get_by_role("dialog", name="Close this poll?")
    await dialog.get_by_role("button", name="Close poll").click()
    await expect(poll(his)).to_contain_text("Closed")
    await expect(option(his, "Padang", 1)).to_have_attribute("aria-disabled", "true")


async def test_a_poll_is_asked_and_voted_in_with_the_keyboard_alone(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann), await tab(ben)
    for each in (hers, his):
        await each.open_room(room)
    key = hers.page.keyboard.press

    await hers.page.get_by_role("button", name="Attach").focus()
    await key("Enter")
    await expect(hers.page.get_by_role("menuitem", name="Files")).to_be_focused()
    await key("End")
    await key("Enter")
    await expect(hers.page.get_by_label("Question")).to_be_focused()
    await hers.page.keyboard.type(QUESTION)
    for text in ("Warung", "Padang"):
        await key("Tab")
        await hers.page.keyboard.type(text)
    await expect(hers.page.get_by_label("Option 3")).to_be_visible()
    await key("Enter")

    await expect(option(hers, "Warung", 0)).to_be_visible()
    await option(his, "Warung", 0).focus()
    await his.page.keyboard.press("ArrowDown")
    await expect(option(his, "Padang", 0)).to_be_focused()
    await his.page.keyboard.press("Space")
    await stands(hers, "Padang", 1, mine=False)
    await expect(option(his, "Padang", 1)).to_be_focused()


async def test_where_several_may_be_chosen_each_is_put_on_and_off_and_seen_on_all_devices(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    desk, phone = await tab(ann), await tab(ann, **PHONE)
    for each in (desk, phone):
        await each.open_room(room)
    await ask(desk, "Warung", "Padang", multiple=True)

    await option(phone, "Warung", 0).click()
    await option(phone, "Padang", 0).click()

    for each in (desk, phone):
        await stands(each, "Warung", 1, mine=True)
        await stands(each, "Padang", 1, mine=True)
        await expect(poll(each)).to_contain_text("1 person voted")
    await option(desk, "Warung", 1).click()
    await stands(phone, "Warung", 0, mine=False)
    await stands(phone, "Padang", 1, mine=True)


async def test_what_cannot_be_asked_is_said_at_its_field(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers = await tab(ann)
    await hers.open_room(await ann.room_with(ben))
    await hers.composer.fill("Not this")
    dialog = await open_dialog(hers)
    send = dialog.get_by_role("button", name="Send poll")

    await dialog.get_by_label("Option 1").fill("Warung")
    await send.click()
    await expect(dialog.get_by_label("Option 2")).to_have_attribute("aria-invalid", "true")
    await dialog.get_by_label("Option 2").fill("Warung")
    await send.click()
    await expect(dialog).to_contain_text("Must be another one")
    await dialog.get_by_label("Option 2").fill("Padang")
    await send.click()
    await expect(dialog.get_by_label("Question")).to_be_focused()
    assert await violations(hers.page) == []
    await dialog.get_by_label("Question").fill(QUESTION)
    await dialog.get_by_label("Closes at").fill("2020-01-01T10:00")
    await send.click()
    await expect(dialog).to_contain_text("in the future")
    await dialog.get_by_label("Closes at").fill("")
    await send.click()

    await stands(hers, "Warung", 0, mine=False)
    await expect(hers.composer).to_have_value("Not this")


async def test_a_vote_that_is_refused_is_taken_off_again_and_said(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers = await tab(ann)
    await hers.open_room(await ann.room_with(ben))
    await ask(hers, "Warung", "Padang")
    await expect(option(hers, "Warung", 0)).to_be_visible()
    await hers.page.route("**/votes", lambda route: route.fulfill(status=500, body="{}"))

    await option(hers, "Warung", 0).click()

    await expect(hers.page.get_by_role("alert")).to_contain_text("Something went wrong")
    await stands(hers, "Warung", 0, mine=False)
    await hers.page.unroute("**/votes")
    await hers.page.get_by_role("button", name="Try again").click()
    await stands(hers, "Warung", 1, mine=True)
