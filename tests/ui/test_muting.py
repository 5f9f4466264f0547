"""Muting a person: their words ring no bell, for a time too, and they see nothing of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Locator, expect

from kabar.core.times import rfc3339, utc_now
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_blocking import PHONE, choose, profile

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def muted_people(tab: Tab) -> Locator:
    return tab.page.get_by_role("region", name="Muted people")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_who_is_muted_for_a_time_rings_no_bell(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    room = await ann.room_with(ben)
    draft = {"name": "Garden", "participantIds": [ann.id, ben.id]}
    garden = (await cleo.did("POST", "/api/chat/rooms", json=draft))["id"]
    hers, other = await tab(ann, **look), await tab(ann, **look)
    await other.open("/account")
    await expect(muted_people(other)).to_contain_text("You have muted nobody.")
    await hers.open(f"/people/{ben.username}")

    await choose(hers, "Mute for an hour")

    await expect(profile(hers).get_by_text("Muted until")).to_be_visible()
    await expect(muted_people(other).get_by_role("listitem")).to_contain_text("Ben")
    await expect(muted_people(other)).to_contain_text("Muted until")
    for each in (hers, other):
        assert await violations(each.page) == []
    await ben.say(room, "psst")
    await ben.say(garden, "psst, all")
    await ben.did("PUT", f"/api/users/{ann.id}/follow")
    # What he wrote waits where it was written.
    await expect(hers.chat_badge).to_have_text("2")
    await expect(hers.notification_badge).to_have_count(0)
    await cleo.say(garden, "Morning")
    await expect(hers.notification_badge).to_have_text("1")

    await muted_people(other).get_by_role("button", name="Unmute").click()

    await expect(muted_people(other)).to_contain_text("You have muted nobody.")
    await expect(profile(hers).get_by_text("Muted until")).to_have_count(0)
    await expect(hers.notification_badge).to_have_text("2")


async def test_a_mute_that_ends_gives_the_bell_back_without_anybody_doing_anything(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    until = rfc3339(utc_now() + timedelta(seconds=4))
    await ann.did("PUT", f"/api/users/{ben.id}/mute", json={"until": until})
    await ben.say(await ann.room_with(ben), "psst")
    hers = await tab(ann)

    await hers.open(f"/people/{ben.username}")

    await expect(hers.notification_badge).to_have_text("1")
    await expect(profile(hers).get_by_text("Muted until")).to_have_count(0)


async def test_muting_by_the_keyboard_until_it_is_taken_back(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers = await tab(ann)
    await hers.open(f"/people/{ben.username}")

    await profile(hers).get_by_role("button", name="More").focus()
    await hers.page.keyboard.press("Enter")
    await expect(profile(hers).get_by_role("menuitem").first).to_be_focused()
    for _ in range(3):
        await hers.page.keyboard.press("ArrowDown")
    await hers.page.keyboard.press("Enter")
    await expect(profile(hers).get_by_text("Muted", exact=True)).to_be_visible()

    await hers.page.keyboard.press("Enter")
    await expect(profile(hers).get_by_role("menuitem", name="Unmute")).to_be_focused()
    await hers.page.keyboard.press("Enter")
    await expect(profile(hers).get_by_text("Muted", exact=True)).to_have_count(0)
