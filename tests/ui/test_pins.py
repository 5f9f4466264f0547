"""Pins on the page: one pins, the other sees it at once and is led to it."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_answers import PHONE, act

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def banner(tab: Tab) -> Locator:
    return tab.page.locator("kabar-pins").get_by_role("button")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_what_one_pins_leads_the_other_there(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    first = await ann.say(room, "The door code is 4711")
    for number in range(60):
        await ann.say(room, f"number {number}")
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await hers.open(f"/chat/{room}?message={first['id']}")
    await his.open_room(room)

    await act(hers, "The door code", "Pin message")

    for each in (hers, his):
        await expect(banner(each)).to_have_text("Pinned The door code is 4711")
    assert await violations(his.page) == []
    await banner(his).press("Enter")
    found = his.page.locator("kabar-message-list .found .bubble")
    await expect(found).to_have_text("The door code is 4711")
    await expect(found).to_be_focused()

    await act(his, "The door code", "Unpin message")
    for each in (hers, his):
        await expect(banner(each)).to_have_count(0)


async def test_in_a_group_who_does_not_run_it_cannot(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    draft = {"name": "Garden", "participantIds": [ben.id]}
    room = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    message = await ann.say(room, "The door code is 4711")
    his = await tab(ben)
    await his.open_room(room)
    await ann.did("PUT", f"/api/chat/messages/{message['id']}/pin")
    await expect(banner(his)).to_be_visible()

    await his.bubbles.filter(has_text="The door code").click()

    await expect(his.log.get_by_role("button", name="Reply", exact=True)).to_be_visible()
    await expect(his.log.get_by_role("button", name="Unpin message")).to_have_count(0)
