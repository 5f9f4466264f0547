"""Two people, each at a browser: they find each other, follow, talk, and everything is live."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys.browser import Visitor, bell, chats, chromium, counts, visitor
from tests.journeys.process import KabarProcess

pytestmark = pytest.mark.journey


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def ann(browser: Browser, server: KabarProcess) -> AsyncIterator[Visitor]:
    async with visitor(browser, server.url, "Ann") as somebody:
        yield somebody


@pytest.fixture
async def budi(browser: Browser, server: KabarProcess) -> AsyncIterator[Visitor]:
    async with visitor(browser, server.url, "Budi") as somebody:
        yield somebody


async def test_two_people_find_each_other_follow_and_talk(ann: Visitor, budi: Visitor) -> None:
    anns, budis = await ann.register(), await budi.register()
    second_tab = await budi.open("/people")

    await find(anns, budi)
    await follow(anns, budi)
    await counts(bell(budis), 1)
    await counts(bell(second_tab), 1)

    await bell(budis).click()
    notice = budis.get_by_role("dialog").get_by_role("link").filter(has_text=ann.name)
    await expect(notice).to_be_visible()
    await counts(bell(budis), 0)
    await counts(bell(second_tab), 0)
    await notice.click()
    await expect(budis.get_by_role("heading", name=ann.name)).to_be_visible()
    await follow(budis, ann)
    await counts(bell(anns), 1)

    await anns.get_by_role("button", name="Message", exact=True).click()
    await say(anns, "Selamat pagi, Budi!")
    await expect(ticks(anns, "Sent")).to_have_count(1)
    await counts(chats(budis), 1)
    await counts(chats(second_tab), 1)

    await chats(budis).click()
    await conversation(budis, ann).click()
    await expect(said(budis, "Selamat pagi, Budi!")).to_be_visible()
    await expect(ticks(anns, "Read")).to_have_count(1)
    await counts(chats(budis), 0)
    await counts(chats(second_tab), 0)

    await budis.get_by_label("Write a message").press_sequentially("Pagi")
    await expect(anns.get_by_text(f"{budi.name} is typing…")).to_be_visible()
    await say(budis, "Pagi, Ann! 👋")
    await expect(said(anns, "Pagi, Ann! 👋")).to_be_visible()
    await expect(anns.get_by_text("is typing…")).to_be_hidden()
    await expect(ticks(budis, "Read")).to_have_count(1)
    await counts(chats(anns), 0)

    await anns.reload()
    for text in ("Selamat pagi, Budi!", "Pagi, Ann! 👋"):
        await expect(said(anns, text)).to_have_count(1)


async def test_what_came_while_one_was_away_is_there_on_return_once(
    ann: Visitor, budi: Visitor
) -> None:
    """The network goes and comes back; nothing is missing and nothing is there twice."""
    anns, budis = await ann.register(), await budi.register()
    await find(anns, budi)
    await anns.get_by_role("button", name="Message", exact=True).click()
    await say(anns, "One")
    await chats(budis).click()
    await conversation(budis, ann).click()
    await expect(said(budis, "One")).to_be_visible()

    await budis.context.set_offline(True)
    await expect(budis.get_by_role("status").get_by_text("You are offline.")).to_be_visible()
    await say(anns, "Two")
    await say(budis, "Three, from offline")
    await expect(budis.get_by_text("Not sent.")).to_be_visible()
    await budis.context.set_offline(False)
    await expect(budis.get_by_text("You are offline.")).to_be_hidden()
    await expect(said(budis, "Two")).to_have_count(1)

    await expect(said(anns, "Three, from offline")).to_have_count(1)
    await expect(budis.get_by_text("Not sent.")).to_be_hidden()
    for page in (anns, budis):
        for text in ("One", "Two", "Three, from offline"):
            await expect(said(page, text)).to_have_count(1)
    budi.forgive("ERR_INTERNET_DISCONNECTED")


async def find(page: Page, other: Visitor) -> None:
    """Search for somebody and open their profile."""
    await page.get_by_role("link", name="People").click()
    await page.get_by_role("searchbox", name="Search people").fill(other.username)
    await page.get_by_role("button", name=other.name).filter(has_text=other.username).click()
    await expect(page.get_by_role("heading", name=other.name)).to_be_visible()


async def follow(page: Page, other: Visitor) -> None:
    profile = page.locator("kabar-profile")
    await profile.get_by_role("button", name="Follow", exact=True).click()
    await expect(profile.get_by_role("button", name="Following", exact=True)).to_be_visible()


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Write a message").fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()


def said(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)


def ticks(page: Page, name: str) -> Locator:
    return page.get_by_role("log").get_by_role("img", name=name, exact=True)


def conversation(page: Page, other: Visitor) -> Locator:
    return page.locator("kabar-room-list").get_by_role("link").filter(has_text=other.name)
