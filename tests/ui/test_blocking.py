"""Blocking somebody: what passes between the two ends on both pages, and one can undo it."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def profile(tab: Tab) -> Locator:
    return tab.page.locator("kabar-profile")


async def choose(tab: Tab, what: str) -> None:
    """Choose from the menu of a profile."""
    await profile(tab).get_by_role("button", name="More").click()
    await profile(tab).get_by_role("menuitem", name=what).click()


async def block(tab: Tab) -> None:
    await choose(tab, "Block")
    await profile(tab).get_by_role("dialog").get_by_role("button", name="Block").click()
    await expect(profile(tab).get_by_role("button", name="Unblock")).to_be_visible()


async def send(tab: Tab, text: str) -> None:
    """By the button: on a phone, Enter begins a line."""
    await tab.composer.fill(text)
    await tab.page.get_by_role("button", name="Send", exact=True).click()


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_who_is_blocked_can_neither_be_found_nor_write(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    await ben.did("PUT", f"/api/users/{ann.id}/follow")
    room = await ann.room_with(ben)
    await ben.say(room, "Rude")
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await his.open_room(room)
    await hers.open(f"/people/{ben.username}")
    await expect(profile(hers).get_by_text("Follows you")).to_be_visible()

    await block(hers)

    await expect(profile(hers).get_by_text("Follows you")).to_have_count(0)
    await expect(profile(hers).get_by_role("button", name="Message")).to_have_count(0)
    assert await violations(hers.page) == []
    await send(his, "Are you there?")
    await expect(his.page.locator("kabar-message-list .failed")).to_contain_text("no such user")
    await his.open(f"/people/{ann.username}")
    await expect(his.page.get_by_text("There is nobody by that name here.")).to_be_visible()

    # Her list does not show his words, and her room says why she cannot write.
    await hers.open_room(room)
    await expect(hers.page.get_by_text("You blocked \u2068Ben\u2069.")).to_be_visible()
    await expect(hers.composer).to_have_count(0)
    assert await violations(hers.page) == []
    await hers.page.get_by_role("button", name="Unblock").click()
    await expect(hers.composer).to_be_visible()
    await send(hers, "Hello again")
    await his.open_room(room)
    await his.shows("Hello again")


async def test_in_a_common_group_what_they_say_is_folded_away(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    draft = {"name": "Garden", "participantIds": [ann.id, ben.id]}
    room = (await cleo.did("POST", "/api/chat/rooms", json=draft))["id"]
    await ben.say(room, "Before")
    await cleo.say(room, "Morning")
    hers, theirs = await tab(ann), await tab(ann)
    await theirs.open_room(room)
    await theirs.shows("Before")
    await hers.open(f"/people/{ben.username}")

    await block(hers)

    # In her other tab at once, and what he says from now on.
    note = theirs.log.get_by_text("Hidden: from someone you blocked.")
    await expect(note).to_have_count(1)
    await expect(theirs.log.get_by_text("Before")).to_have_count(0)
    await ben.say(room, "After")
    await expect(note).to_have_count(2)
    await theirs.shows("Morning")
    listed = theirs.page.locator("kabar-room-list .item")
    await expect(listed).to_contain_text("Hidden: from someone you blocked")
    await expect(hers.chat_badge).to_have_count(0)

    await theirs.log.get_by_role("button", name="Show").first.click()
    await theirs.shows("Before")
    await theirs.shows("After")
    assert await violations(theirs.page) == []


async def test_the_account_lists_whom_one_blocks(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers, other = await tab(ann), await tab(ann)
    await other.open("/account")
    blocked = other.page.get_by_role("region", name="Blocked people")
    await expect(blocked).to_contain_text("You have blocked nobody.")
    await hers.open(f"/people/{ben.username}")

    await block(hers)

    await expect(blocked.get_by_role("listitem")).to_contain_text("Ben")
    assert await violations(other.page) == []
    await blocked.get_by_role("button", name="Unblock").click()
    await expect(blocked).to_contain_text("You have blocked nobody.")
    await expect(profile(hers).get_by_role("button", name="Follow")).to_be_visible()


async def test_a_follower_is_removed_by_the_keyboard(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    await ben.did("PUT", f"/api/users/{ann.id}/follow")
    hers = await tab(ann)
    await hers.open(f"/people/{ben.username}")
    await expect(profile(hers).get_by_text("Follows you")).to_be_visible()

    await profile(hers).get_by_role("button", name="More").focus()
    await hers.page.keyboard.press("Enter")
    await expect(profile(hers).get_by_role("menuitem", name="Remove follower")).to_be_focused()
    await hers.page.keyboard.press("Enter")

    await expect(profile(hers).get_by_text("Follows you")).to_have_count(0)
    await expect(profile(hers).get_by_role("button", name="More")).to_be_focused()
