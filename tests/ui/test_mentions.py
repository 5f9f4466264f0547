"""Mentions and what is left unread, on the page and on all of one's devices."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_answers import PHONE, act

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def rooms_of(tab: Tab) -> Locator:
    return tab.page.locator("kabar-room-list .item")


async def test_a_mention_reaches_a_room_that_is_muted(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    draft = {"name": "Garden", "participantIds": [ben.id]}
    room = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    await ben.did("PATCH", f"/api/chat/rooms/{room}/me", json={"isMuted": True})
    his = await tab(ben)
    await his.open("/chat")
    item = rooms_of(his)
    await ann.say(room, "Nothing for you")
    await expect(item).to_contain_text("Nothing for you")
    await expect(item.get_by_label("Mentions you")).to_have_count(0)
    await expect(his.notification_badge).to_have_count(0)

    said = await ann.say(room, f"@{ben.username}, look. `@{ben.username}`")

    await expect(item.get_by_label("Mentions you")).to_be_visible()
    await expect(his.notification_badge).to_have_text("1")
    assert await violations(his.page) == []
    await item.click()
    # Not where it is code.
    await expect(his.bubbles.last.locator(".mention")).to_have_text(f"@{ben.username}")
    await expect(item.get_by_label("Mentions you")).to_have_count(0)
    await expect(his.notification_badge).to_have_count(0)
    body = {"messageId": said["id"], "content": "Never mind"}
    await ann.did("PATCH", "/api/chat/messages", json=body)
    await expect(his.bubbles.last).to_contain_text("Never mind")
    await expect(his.bubbles.last.locator(".mention")).to_have_count(0)


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_what_one_marks_as_unread_is_so_on_all_of_ones_devices(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    for number in range(1, 5):
        await ann.say(room, f"number {number}")
    his, other = await tab(ben, **look), await tab(ben)
    await his.open_room(room)
    await other.open("/chat")
    await expect(other.chat_badge).to_have_count(0)

    await act(his, "number 3", "Mark as unread")

    for each in (his, other):
        await expect(rooms_of(each)).to_contain_text("2 unread")
        await expect(each.chat_badge).to_have_text("2")
    await rooms_of(other).click()
    await expect(other.divider).to_be_visible()
    await expect(his.chat_badge).to_have_count(0)
