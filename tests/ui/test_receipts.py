"""Does who says something see when it has arrived, and when it was read?"""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def tick(tab: Tab, says: str) -> Locator:
    return tab.page.get_by_role("img", name=says, exact=True)


async def test_one_tick_is_sent_two_are_delivered_and_in_colour_read(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.open(f"/chat/{room}")
    await hers.composer.fill("Are you there?")
    await hers.composer.press("Enter")
    await expect(tick(hers, "Sent")).to_have_count(1)

    his = await tab(ben)
    await his.open("/people")
    await expect(tick(hers, "Delivered")).to_have_count(1)
    await hers.page.reload()
    await expect(tick(hers, "Delivered")).to_have_count(1)

    await his.open(f"/chat/{room}")
    await expect(tick(hers, "Read")).to_have_count(1)


async def test_of_who_does_not_tell_it_is_seen_that_it_arrived_and_no_more(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann), await tab(ben)
    await his.open("/account")
    await his.page.get_by_role("checkbox", name="Read receipts").uncheck()
    await his.page.get_by_role("button", name="Save").first.click()
    await expect(his.page.get_by_text("Saved")).to_be_visible()
    await hers.open(f"/chat/{room}")
    await his.open(f"/chat/{room}")

    await hers.composer.fill("Have you read this?")
    await hers.composer.press("Enter")
    await expect(his.bubbles).to_have_count(1)
    await his.composer.fill("I do not say")
    await his.composer.press("Enter")
    await expect(hers.bubbles).to_have_count(2)

    await hers.page.reload()
    await expect(tick(hers, "Delivered")).to_have_count(1)
    await expect(tick(hers, "Read")).to_have_count(0)
