"""Saying something later: chosen in the composer, seen on all of one's devices, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.features.uploads.files import PDF, picture
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_files import choose, chosen, is_drawn, pictures

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


async def choose_later(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="More ways to send").click()
    await tab.page.get_by_role("menuitem", name="Send later").click()


async def send_later(tab: Tab, text: str, choice: str) -> None:
    await tab.composer.fill(text)
    await choose_later(tab)
    await expect(tab.page.get_by_role("dialog", name="Send later")).to_contain_text(text)
    await tab.page.get_by_role("button", name=choice).click()
    await tab.page.get_by_role("button", name="Schedule").click()
    await expect(tab.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_what_is_to_be_said_later_waits_on_all_of_ones_devices_and_is_taken_back(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    desk, phone = await tab(ann, **look), await tab(ann)
    for each in (desk, phone):
        await each.open(f"/chat/{room}")

    await send_later(desk, "Good morning", "Tomorrow at 9:00")

    await expect(desk.composer).to_have_value("")
    await expect(desk.composer).to_be_focused()
    await expect(desk.bubbles).to_have_count(0)
    for each in (desk, phone):
        waiting = each.page.get_by_role("button", name="1 scheduled message")
        await expect(waiting).to_be_visible()
    await phone.page.get_by_role("button", name="1 scheduled message").click()
    shown = phone.page.get_by_role("dialog", name="Scheduled messages")
    await expect(shown).to_contain_text("Good morning")
    await expect(shown.get_by_role("time")).to_contain_text("9:00")
    assert await violations(phone.page) == []
    await shown.get_by_role("button", name="Do not send").click()
    await expect(shown).to_contain_text("Nothing waits")
    await shown.get_by_role("button", name="Close").click()
    for each in (desk, phone):
        await expect(each.page.get_by_role("button", name="scheduled message")).to_have_count(0)


async def test_a_time_that_has_gone_is_refused_and_what_was_written_stays(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    desk = await tab(ann)
    await desk.open(f"/chat/{await ann.room_with(ben)}")
    await desk.composer.fill("Yesterday")
    await choose_later(desk)
    when = desk.page.get_by_label("When")
    await when.evaluate("field => field.removeAttribute('min')")
    await when.fill("2020-01-01T10:00")
    await desk.page.get_by_role("button", name="Schedule").click()

    await expect(desk.page.get_by_role("alert")).to_contain_text("in the future")
    await desk.page.get_by_role("button", name="Cancel").click()
    await expect(desk.composer).to_have_value("Yesterday")


async def test_it_comes_by_itself_when_its_time_has_come(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann), await tab(ben)
    for each in (hers, his):
        await each.open(f"/chat/{room}")
    await hers.composer.fill("Here I am")
    await choose_later(hers)
    # Seconds, which the field shows only if it is told so: a minute is long for a test.
    await hers.page.get_by_label("When").evaluate(
        """field => {
          const soon = new Date(Date.now() + 2_000 - new Date().getTimezoneOffset() * 60_000);
          field.step = 0.001;
          field.removeAttribute("min");
          field.value = soon.toISOString().slice(0, 23);
        }"""
    )
    await hers.page.get_by_role("button", name="Schedule").click()
    await expect(hers.page.get_by_role("button", name="1 scheduled message")).to_be_visible()

    for each in (hers, his):
        await expect(each.bubbles).to_have_text(["Here I am"])
    await expect(hers.page.get_by_role("button", name="scheduled message")).to_have_count(0)


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_files_wait_with_their_message_and_come_with_it(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann, **look), await tab(ben, **look)
    for each in (hers, his):
        await each.open_room(room)
    await choose(hers, ("plan.pdf", "application/pdf", PDF), ("tree.png", "image/png", picture()))

    await choose_later(hers)
    asking = hers.page.get_by_role("dialog", name="Send later")
    await expect(asking).to_contain_text("plan.pdf")
    await asking.get_by_role("button", name="Cancel").click()
    await expect(chosen(hers)).to_have_count(2)
    await choose_later(hers)
    await hers.page.get_by_role("button", name="Tomorrow at 9:00").click()
    await hers.page.get_by_role("button", name="Schedule").click()

    await expect(chosen(hers)).to_have_count(0)
    await expect(his.bubbles).to_have_count(0)
    await hers.page.get_by_role("button", name="1 scheduled message").click()
    shown = hers.page.get_by_role("dialog", name="Scheduled messages")
    await expect(shown).to_contain_text("plan.pdf")
    await expect(shown).to_contain_text("tree.png")
    assert await violations(hers.page) == []
    waiting = (await ann.did("GET", "/api/chat/scheduled"))["scheduled"][0]
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    await ann.did("PATCH", f"/api/chat/scheduled/{waiting['id']}", json={"sendAt": soon})

    await expect(his.bubbles).to_have_count(1)
    await expect(his.log.get_by_role("link", name="plan.pdf")).to_be_visible()
    await is_drawn(pictures(his).locator("img"))
    await expect(shown).to_contain_text("Nothing waits")
