"""Groups on the page: made, joined by a link, run by several, and left; the others see it live."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.persons import Person
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def panel(tab: Tab) -> Locator:
    return tab.page.get_by_role("dialog", name="Group details")


async def open_panel(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Group details").click()
    await expect(panel(tab)).to_be_visible()


async def close_panel(tab: Tab) -> None:
    await panel(tab).get_by_role("button", name="Close").click()
    await expect(panel(tab)).to_have_count(0)


async def manage(tab: Tab, name: str, act: str) -> None:
    """Choose what to do with somebody in the list of the panel, and confirm it where asked."""
    await panel(tab).get_by_role("button", name=re.compile(f"^Actions for .?{name}")).click()
    await panel(tab).get_by_role("button", name=act, exact=True).click()


async def confirm(tab: Tab, act: str) -> None:
    await tab.page.get_by_role("dialog").last.get_by_role("button", name=act, exact=True).click()


async def room_of(owner: Person, *others: Person, name: str = "Garden") -> str:
    draft = {"name": name, "participantIds": [other.id for other in others]}
    room_id: str = (await owner.did("POST", "/api/chat/rooms", json=draft))["id"]
    return room_id


async def picture(tab: Tab, name: str) -> None:
    if folder := os.environ.get("KABAR_PICTURES"):
        await tab.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_three_people_make_join_run_and_leave_a_group(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    kind = "phone" if look else "desktop"
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    anns, bens, cleos = await tab(ann, **look), await tab(ben, **look), await tab(cleo, **look)

    # Ann makes a group with Ben in it, whom she finds by name.
    await anns.open("/chat")
    await anns.page.get_by_role("button", name="New chat").first.click()
    await anns.page.get_by_role("button", name="New group").click()
    await anns.page.get_by_label("Group name").fill("Garden")
    await anns.page.get_by_label("Search people").fill(ben.username)
    await anns.page.locator("kabar-people-search .item", has_text=ben.username).click()
    await expect(anns.page.get_by_role("list", name="Chosen people")).to_contain_text("Ben")
    await picture(anns, f"new-group-{kind}")
    assert await violations(anns.page) == []
    await anns.page.get_by_role("button", name="Create group").click()
    await expect(anns.page.get_by_role("heading", name="Garden")).to_be_visible()
    await anns.composer.fill("Welcome")
    # On a phone, Enter begins a line.
    await anns.page.get_by_role("button", name="Send", exact=True).click()
    await anns.shows("Welcome")
    room_id = anns.page.url.rpartition("/")[2]
    await bens.open_room(room_id)
    await bens.shows("Welcome")

    # She makes a link for one, and Cleo comes in by it.
    await open_panel(anns)
    await panel(anns).get_by_label("For how many people").fill("1")
    await panel(anns).get_by_role("button", name="Create link").click()
    link = panel(anns).locator(".link")
    await expect(link).to_have_count(1)
    await picture(anns, f"panel-{kind}")
    assert await violations(anns.page) == []
    await cleos.page.goto(await link.inner_text())
    await expect(cleos.page.get_by_role("heading", name="Garden")).to_be_visible()
    await expect(cleos.page.get_by_text("2 people")).to_be_visible()
    await picture(cleos, f"invite-{kind}")
    assert await violations(cleos.page) == []
    await cleos.page.get_by_role("button", name="Join group").click()
    await cleos.shows("Welcome")
    await expect(bens.log.get_by_text("joined the group")).to_be_visible()
    await expect(panel(anns).get_by_text("Used 1 of 1 times")).to_be_visible()
    await expect(panel(anns)).to_contain_text("Cleo")

    # Ben is made an admin, sees it at once, and removes Cleo, who sees that at once.
    await open_panel(bens)
    await expect(panel(bens).get_by_role("region", name="Invite links")).to_have_count(0)
    await manage(anns, "Ben", "Make admin")
    await expect(panel(bens).get_by_role("region", name="Invite links")).to_be_visible()
    await manage(bens, "Cleo", "Remove")
    await confirm(bens, "Remove")
    await expect(cleos.page.get_by_text("you are not in it")).to_be_visible()
    await expect(cleos.composer).to_have_count(0)
    await expect(panel(anns)).not_to_contain_text(cleo.username)

    # The link is spent. Ben leaves, and on both pages the group goes on without him.
    await cleos.page.goto(await link.inner_text())
    await expect(cleos.page.get_by_text("can no longer be used")).to_be_visible()
    await panel(bens).get_by_role("button", name="Leave group").click()
    await confirm(bens, "Leave group")
    await expect(bens.page.get_by_text("you are not in it")).to_be_visible()
    await close_panel(anns)
    await expect(anns.log.get_by_text("left the group")).to_be_visible()
    await picture(anns, f"told-{kind}")


async def test_rules_are_live_for_everybody(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await room_of(ann, ben)
    anns, bens = await tab(ann), await tab(ben)
    await anns.open_room(room_id)
    await bens.open_room(room_id)

    await open_panel(anns)
    await panel(anns).get_by_role("button", name="Edit group").click()
    form = panel(anns).get_by_role("region", name="Edit group")
    await form.get_by_label("Group name").fill("Orchard")
    await form.get_by_label("Description").fill("We grow apples")
    await form.get_by_label("Only admins write").check()
    await picture(anns, "settings")
    assert await violations(anns.page) == []
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("Saved.")).to_be_visible()

    await expect(bens.page.get_by_role("heading", name="Orchard")).to_be_visible()
    await expect(bens.page.get_by_text("Only admins write here.")).to_be_visible()
    await expect(bens.composer).to_have_count(0)
    await picture(bens, "announcements")
    await open_panel(bens)
    await expect(panel(bens).get_by_text("We grow apples")).to_be_visible()

    await form.get_by_label("Only admins write").uncheck()
    await form.get_by_label("Slow mode").select_option("1 hour")
    await form.get_by_role("button", name="Save").click()
    await close_panel(bens)
    await bens.write("One")
    await bens.shows("One")
    await bens.write("Two")
    await expect(bens.page.get_by_text("This room is in slow mode")).to_be_visible()


async def test_who_asks_is_let_in_and_who_is_banned_stays_out(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await room_of(ann)
    await ann.did("PATCH", f"/api/chat/rooms/{room_id}", json={"joinRule": "request"})
    anns, bens = await tab(ann), await tab(ben)
    await anns.open(f"/chat/{room_id}")
    await open_panel(anns)
    await bens.open(f"/chat/{room_id}")

    await bens.page.get_by_role("button", name="Join, or ask to").click()
    await expect(bens.page.get_by_text("You have asked to join")).to_be_visible()
    asking = panel(anns).get_by_role("region", name="Asking to join")
    await expect(asking).to_contain_text("Ben")
    await bens.page.get_by_role("button", name="Take it back").click()
    await expect(asking).to_have_count(0)
    await bens.page.get_by_role("button", name="Join, or ask to").click()
    await expect(asking).to_contain_text("Ben")
    await asking.get_by_role("button", name="Accept").click()
    await expect(asking).to_have_count(0)
    await expect(bens.composer).to_be_visible()

    await manage(anns, "Ben", "Ban")
    await confirm(anns, "Ban")
    await expect(bens.composer).to_have_count(0)
    await expect(bens.page.get_by_text("you are not in it")).to_be_visible()
    banned = panel(anns).get_by_role("region", name="Banned")
    await expect(banned).to_contain_text("Ben")
    await bens.page.get_by_role("button", name="Join, or ask to").click()
    await expect(bens.page.get_by_text("There is no such room")).to_be_visible()
    await banned.get_by_role("button", name="Lift ban").click()
    await expect(banned).to_have_count(0)
