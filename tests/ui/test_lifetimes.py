"""Disappearing messages on the page: set by one of two, and gone for both at their time."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_accessible import violations
from tests.ui.test_looks import SIDEWAYS

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
async def test_what_disappears_goes_for_both_by_itself(
    person: MakePerson, tab: OpenTab, look: str
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "This one stays")
    hers, his = await tab(ann, **LOOKS[look]), await tab(ben)
    await hers.open_room(room)
    await his.open_room(room)

    await hers.page.get_by_role("button", name="Disappearing messages").press("Enter")
    choice = hers.page.get_by_role("menuitem", name="Gone after 1 hour")
    await expect(choice).to_be_visible()
    assert await violations(hers.page) == []
    await choice.press("Enter")
    for one in (hers, his):
        await expect(one.page.locator("kabar-room")).to_contain_text(
            "New messages disappear after 1 hour"
        )
        await expect(one.log).to_contain_text("lets new messages disappear after")
    assert await hers.page.evaluate(SIDEWAYS) == []

    # The shortest there is: nobody could wait for an hour.
    await ann.did("PATCH", f"/api/chat/rooms/{room}", json={"messageTtlSeconds": 5})
    await ann.did("PATCH", f"/api/chat/rooms/{room}", json={"messageTtlSeconds": 6})
    await expect(hers.page.locator("kabar-room")).to_contain_text("after 6 seconds")
    await hers.write("This one goes")
    for one in (hers, his):
        await expect(one.bubbles.filter(has_text="This one goes")).to_be_visible()
    for one in (hers, his):
        await expect(one.bubbles.filter(has_text="This one goes")).to_have_count(0)
        await expect(one.bubbles.filter(has_text="This one stays")).to_be_visible()
        await expect(one.page.locator("kabar-room-list")).not_to_contain_text("This one goes")
    await his.page.reload()
    await expect(his.bubbles.filter(has_text="This one stays")).to_be_visible()
    await expect(his.bubbles).to_have_count(1)


async def test_in_a_group_only_who_runs_it_may_set_it(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    draft = {"name": "Garden", "participantIds": [ben.id]}
    room = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    await ann.did("PATCH", f"/api/chat/rooms/{room}", json={"messageTtlSeconds": 86_400})
    hers, his = await tab(ann), await tab(ben)
    await hers.open_room(room)
    await his.open_room(room)

    await expect(his.page.locator("kabar-room")).to_contain_text("disappear after 1 day")
    set_it = "Disappearing messages"
    await expect(his.page.get_by_role("button", name=set_it)).to_have_count(0)
    await hers.page.get_by_role("button", name=set_it).click()
    await hers.page.get_by_role("menuitem", name="New messages stay").click()
    await expect(his.page.locator("kabar-room")).not_to_contain_text("disappear after 1 day")


async def test_how_long_a_group_keeps_messages_is_set_beside_its_rules(
    person: MakePerson, tab: OpenTab
) -> None:
    ann = await person("Ann")
    draft = {"name": "Garden", "participantIds": []}
    room = (await ann.did("POST", "/api/chat/rooms", json=draft))["id"]
    hers = await tab(ann)
    await hers.open_room(room)
    await hers.page.get_by_role("button", name="Group details").click()
    await hers.page.get_by_role("button", name="Edit group").click()
    keep = hers.page.get_by_label("Keep messages")
    await expect(keep).to_have_value("")

    await keep.select_option("For 30 days")
    await hers.page.get_by_role("button", name="Save").click()

    await expect(hers.log).to_contain_text("has messages removed after")
    shown = await ann.did("GET", f"/api/chat/rooms/{room}")
    assert shown["retentionDays"] == 30
