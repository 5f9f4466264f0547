"""Sending silently: chosen beside the button that sends, with mouse, keyboard or finger."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_what_is_sent_silently_is_there_and_counted_and_the_bell_moves_without_a_ring(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await his.open("/people")
    await hers.open_room(room)
    more = hers.page.get_by_role("button", name="More ways to send")
    await expect(more).to_have_count(0)

    await hers.composer.fill("Psst")
    async with hers.page.expect_request("**/api/chat/send") as sending:
        await more.click()
        assert await violations(hers.page) == []
        await hers.page.get_by_role("menuitem", name="Send silently").click()

    sent = (await sending.value).post_data_json
    assert sent is not None
    assert sent["silent"] is True
    await hers.shows("Psst")
    await expect(hers.composer).to_have_value("")
    await expect(hers.composer).to_be_focused()
    await expect(his.chat_badge).to_have_text("1")
    await expect(his.notification_badge).to_have_text("1")
    await his.open_room(room)
    await his.shows("Psst")


async def test_with_the_keyboard_alone(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers = await tab(ann)
    await hers.open_room(await ann.room_with(ben))
    key = hers.page.keyboard.press

    await hers.composer.fill("Psst")
    await hers.page.get_by_role("button", name="More ways to send").focus()
    await key("Enter")
    await expect(hers.page.get_by_role("menuitem", name="Send silently")).to_be_focused()
    await key("Enter")

    await hers.shows("Psst")
    await expect(hers.composer).to_be_focused()
