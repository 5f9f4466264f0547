"""From one unread mention to the next, on the page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_accessible import violations
from tests.ui.test_answers import PHONE

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_a_button_leads_from_one_unread_mention_to_the_next(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    draft = {"name": "Garden", "participantIds": [ben.id]}
    room = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    for number in range(46):
        name = f"@{ben.username} " if number in {22, 42} else ""
        await ann.say(room, f"{name}number {number}")
    his = await tab(ben, **look)
    await his.open_room(room)
    button = his.page.get_by_role("button", name="Jump to the next mention of you")
    found = his.page.locator("kabar-message-list .found .bubble")
    await expect(button).to_be_visible()
    assert await violations(his.page) == []

    await button.click()
    await expect(found).to_contain_text("number 22")
    await expect(found).to_be_in_viewport()
    # It leads on once that one is read.
    await expect(button).to_be_visible()
    await button.click()
    await expect(found).to_contain_text("number 42")
    await expect(button).to_have_count(0)
    await expect(his.chat_badge).to_have_count(0)


async def test_it_leads_to_a_mention_that_is_not_loaded(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, f"@{ben.username}, look")
    for number in range(60):
        await ann.say(room, f"number {number}")
    his = await tab(ben)
    await his.open_room(room)
    button = his.page.get_by_role("button", name="Jump to the next mention of you")
    await button.click()
    found = his.page.locator("kabar-message-list .found .bubble")
    await expect(found).to_contain_text("look")
    await expect(found).to_be_in_viewport()
    await expect(button).to_have_count(0)
