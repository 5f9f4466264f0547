"""Writing on the page: names are completed, what is half written is on all of one's devices."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_answers import PHONE, act

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
LOOKS = pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])


def choices(tab: Tab) -> Locator:
    return tab.page.get_by_role("listbox", name="Mention someone").get_by_role("option")


@LOOKS
async def test_names_of_the_room_are_completed(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben, bea = await person("Ann"), await person("Ben"), await person("Bea")
    await ben.did("PATCH", "/api/me", json={"name": "Ben Okri"})
    draft = {"name": "Garden", "participantIds": [ben.id, bea.id]}
    room = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    hers, his = await tab(ann, **look), await tab(ben)
    await hers.open_room(room)
    await his.open_room(room)

    await hers.composer.press_sequentially("Look, @")
    # Everybody but oneself, and all at once.
    await expect(choices(hers)).to_have_count(3)
    await expect(choices(hers).last).to_contain_text("Everybody here")
    await expect(choices(hers).nth(0)).to_have_attribute("aria-selected", "true")
    assert await violations(hers.page) == []

    # Found by the name that people see.
    await hers.composer.press_sequentially("okr")
    await expect(choices(hers)).to_have_count(1)
    await hers.composer.press("Enter")
    await expect(hers.composer).to_have_value(f"Look, @{ben.username} ")
    await expect(choices(hers)).to_have_count(0)
    await hers.composer.press_sequentially("and @")
    await expect(choices(hers)).to_have_count(3)
    name = (await choices(hers).nth(1).locator(".quiet").inner_text()).strip()
    await choices(hers).nth(1).click()
    await expect(hers.composer).to_be_focused()
    await expect(hers.composer).to_have_value(f"Look, @{ben.username} and {name} ")
    await hers.page.get_by_role("button", name="Send", exact=True).click()
    await expect(his.bubbles.locator(".mention").first).to_have_text(f"@{ben.username}")


async def test_the_keys_are_for_the_list_while_it_is_open(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Lunch?")
    hers = await tab(ann)
    await hers.open_room(room)
    await act(hers, "Lunch?", "Reply in thread")
    field = hers.page.locator("kabar-thread").get_by_label("Write a reply")

    # Nobody but the other one is here: all would be nobody else.
    await field.press_sequentially("@")
    await expect(choices(hers)).to_have_count(1)
    await field.press("Escape")
    await expect(choices(hers)).to_have_count(0)
    # It closes what is open first, and stays closed for this name.
    await expect(field).to_be_visible()
    await field.press_sequentially("b")
    await field.press_sequentially("e @")
    await expect(choices(hers)).to_have_count(1)
    await field.press("ArrowUp")
    await expect(choices(hers)).to_have_attribute("aria-selected", "true")
    # A key that an input method takes chooses nothing.
    await field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await expect(choices(hers)).to_have_count(1)
    await field.press("Tab")
    await expect(field).to_have_value(f"@be @{ben.username} ")
    await expect(field).to_be_focused()


@LOOKS
async def test_what_is_half_written_is_there_on_the_other_device_until_it_is_sent(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ben.say(room, "When?")
    first, second = await tab(ann, **look), await tab(ann)
    await first.open_room(room)
    await second.open("/chat")
    item = second.page.locator("kabar-room-list .item")
    await act(first, "When?", "Reply")

    await first.composer.press_sequentially("On Fri")
    await expect(item).to_contain_text("Draft: On Fri")
    await item.click()
    await expect(second.composer).to_have_value("On Fri")
    await expect(second.page.get_by_text("Replying to Ben")).to_be_visible()
    # One goes on there, and here it is the same.
    await second.composer.press_sequentially("day")
    await expect(first.composer).to_have_value("On Friday")
    assert await violations(second.page) == []

    await first.page.get_by_role("button", name="Send", exact=True).click()
    await expect(second.bubbles.last).to_contain_text("On Friday")
    for each in (first, second):
        await expect(each.composer).to_have_value("")
        await expect(each.page.get_by_text("Replying to Ben")).to_have_count(0)
    assert (await ann.did("GET", f"/api/chat/rooms/{room}"))["me"]["draft"] is None


async def test_what_one_writes_is_not_taken_from_under_ones_hands(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room, other = await ann.room_with(ben), await ann.room_with(await person("Cem"))
    hers = await tab(ann)
    await hers.open_room(room)
    await hers.page.route("**/api/chat/rooms/*/me", lambda route: route.abort())
    await hers.composer.fill("Mine")
    path, elsewhere = f"/api/chat/rooms/{room}/me", {"draft": {"content": "Other"}}
    await ann.did("PATCH", path, json=elsewhere)
    await ben.say(room, "Later than that")
    await hers.shows("Later than that")
    await expect(hers.composer).to_have_value("Mine")

    # What could not be saved goes when one leaves the room, and is what the list shows.
    await hers.page.unroute("**/api/chat/rooms/*/me")
    await hers.page.locator(f'kabar-room-list [data-id="{other}"]').click()
    item = hers.page.locator(f'kabar-room-list [data-id="{room}"]')
    await expect(item).to_contain_text("Draft: Mine")
    assert (await ann.did("GET", path.removesuffix("/me")))["me"]["draft"]["content"] == "Mine"
    await item.click()
    await expect(hers.composer).to_have_value("Mine")
    await hers.composer.fill("")
    await hers.hide()
    await hers.page.locator(f'kabar-room-list [data-id="{other}"]').click()
    await expect(item).to_contain_text("Later than that")
