"""Looking for what was said: typed, marked, opened in its room; by mouse, keyboard and touch."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Route, expect

from tests.journeys.persons import Person
from tests.patience import patiently
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def field(tab: Tab) -> Locator:
    return tab.page.get_by_label("Search messages")


def found(tab: Tab) -> Locator:
    return tab.page.locator("kabar-message-search a[href*='message=']")


async def can_find(person: Person, q: str) -> None:
    """Wait until it was read."""
    async with patiently():
        while not (await person.did("GET", f"/api/chat/search?q={q}"))["messages"]:
            pass


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_what_was_said_long_ago_is_found_and_opened_where_it_stands(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "just before it")
    await ann.say(room_id, "The Needle is in <b>this</b> haystack")
    for number in range(70):
        await ann.say(room_id, f"hay {number}")
    await can_find(ann, "hay")
    his = await tab(ben, **look)
    await his.open("/chat")

    await field(his).fill("needle")
    await expect(found(his)).to_have_count(1)
    await expect(found(his).locator("mark")).to_have_text("Needle")
    await expect(found(his)).to_contain_text("<b>this</b>")
    await expect(his.page.get_by_role("status").filter(has_text="1 message found")).to_have_count(1)
    assert await violations(his.page) == []

    await found(his).click()
    needle = his.log.get_by_text("The Needle is in", exact=False)
    await expect(needle).to_be_in_viewport()
    await his.shows("just before it")
    await expect(his.page).to_have_url(
        f"{his.url}/chat/{room_id}?message=" + await _id(ann, room_id)
    )

    if look:
        await his.page.get_by_role("button", name="Back").click()
        await expect(found(his)).to_have_count(1)


async def _id(person: Person, room_id: str) -> str:
    page = await person.did("GET", f"/api/chat/search?q=needle&roomId={room_id}")
    found_id: str = page["messages"][0]["id"]
    return found_id


async def test_operators_narrow_it_and_say_when_they_mean_nothing(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    draft = {"name": "Plans", "participantIds": [ben.id]}
    team = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "lunch by Ann")
    await ben.say(room_id, "lunch by Ben")
    await ann.say(team, "lunch for all https://site.example")
    await can_find(ann, "https")
    his = await tab(ben)
    await his.open("/chat")

    for typed, expected in (
        ("lunch", 3),
        (f"lunch from:@{ann.username}", 2),
        ("lunch from:me", 1),
        ("lunch in:plans", 1),
        ("has:link", 1),
        ("lunch after:today", 3),
        ("lunch before:2001-01-01", 0),
        ('"lunch by ben"', 1),
    ):
        await field(his).fill(typed)
        await expect(found(his)).to_have_count(expected)
    await field(his).fill("lunch in:nowhere")
    await expect(his.page.get_by_text("None of your conversations is called")).to_be_visible()
    await field(his).fill("lunch before:soon")
    await expect(his.page.get_by_text("is not a day")).to_be_visible()


async def test_by_keyboard_one_goes_down_to_what_was_found_and_back(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "apple one")
    await ann.say(room_id, "apple two")
    await can_find(ann, "two")
    his = await tab(ben)
    await his.open("/chat")

    await field(his).press_sequentially("appl")
    await expect(found(his)).to_have_count(2)
    await field(his).press("ArrowDown")
    await expect(found(his).first).to_be_focused()
    await his.page.keyboard.press("ArrowDown")
    await expect(found(his).last).to_be_focused()
    await his.page.keyboard.press("Escape")
    await expect(field(his)).to_be_focused()
    await his.page.keyboard.press("Escape")
    await expect(field(his)).to_have_value("")
    await expect(his.page.locator("kabar-room-list")).to_be_visible()


async def test_a_search_that_fails_says_so_and_is_done_again(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    await ann.say(await ann.room_with(ben), "pear")
    await can_find(ann, "pear")
    his = await tab(ben)
    await his.open("/chat")
    failures = [503]

    async def fail_once(route: Route) -> None:
        if failures:
            await route.fulfill(status=failures.pop(), body="", content_type="text/plain")
        else:
            await route.continue_()

    await his.page.route("**/api/chat/search?*", fail_once)
    await field(his).fill("pear")
    await his.page.get_by_role("button", name="Try again").click()
    await expect(found(his)).to_have_count(1)
    await field(his).fill("melon")
    await expect(his.page.get_by_text("Nothing found. Try other words.")).to_be_visible()
