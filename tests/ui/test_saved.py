"""The room with oneself: opened from one's own profile, for notes."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def test_what_one_saves_is_there_on_all_of_ones_devices(
    person: MakePerson, tab: OpenTab
) -> None:
    ann = await person("Ann")
    desk, other = await tab(ann), await tab(ann)
    await other.open("/chat")
    await desk.open(f"/people/{ann.username}")

    await desk.page.get_by_role("button", name="Saved messages").click()
    await desk.composer.fill("Milk")
    await desk.composer.press("Enter")

    await expect(desk.bubbles).to_have_text(["Milk"])
    await expect(desk.page.get_by_role("heading", name="Saved messages")).to_be_visible()
    await expect(desk.page.get_by_text("Only you see them")).to_be_visible()
    await other.page.get_by_role("link", name="Saved messages").click()
    await expect(other.bubbles).to_have_text(["Milk"])
