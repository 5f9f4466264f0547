"""Previews of links on the page: a card under the message, which its author can take off."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Route, expect

from tests.features.uploads.files import picture
from tests.sites import Site, page, said, site
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_answers import PHONE

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def web() -> AsyncIterator[Site]:
    """A site that the server of these tests may call."""
    async with site("127.0.0.2") as one:
        one.pages["/"] = page(
            "The garden &lt;script&gt;window.x=1&lt;/script&gt;",
            ("og:description", "Where the beans grow, and when to water them. " * 5),
            ("og:image", "/cover.png"),
        )
        one.pages["/plain"] = page("Just a title")
        one.pages["/cover.png"] = said(picture(size=(800, 400)), kind="image/png")
        yield one


def cards(tab: Tab) -> Locator:
    return tab.page.locator("kabar-message-list .preview")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_a_link_shows_what_it_leads_to_and_its_author_takes_that_off(
    person: MakePerson, tab: OpenTab, web: Site, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann, **look), await tab(ben, **look)
    for each in (hers, his):
        await each.open_room(room)

    await ann.say(room, f"Look: {web.address()} and {web.address('/plain')}")

    for each in (hers, his):
        await expect(cards(each)).to_have_count(2)
        card = cards(each).first
        await expect(card.locator("b")).to_have_text("The garden <script>window.x=1</script>")
        await expect(card).to_contain_text("Where the beans grow")
        await expect(card.locator("img")).to_have_js_property("naturalWidth", 640)
        source = await card.locator("img").get_attribute("src") or ""
        assert source.startswith(f"{each.url}/api/uploads/"), "nobody else hears who reads it"
        await expect(card.get_by_role("link")).to_have_attribute("href", web.address())
        await expect(card.get_by_role("link")).to_have_attribute(
            "rel", "noopener noreferrer nofollow ugc"
        )
        assert await each.page.evaluate("window.x") is None
        assert await violations(each.page) == []
    await expect(cards(his).get_by_role("button")).to_have_count(0)

    remove = cards(hers).first.get_by_role("button", name="Remove preview")
    await remove.focus()
    await remove.press("Enter")

    for each in (hers, his):
        await expect(cards(each).locator("b")).to_have_text(["Just a title"])
    await expect(hers.bubbles.last).to_be_focused()


async def test_a_preview_that_cannot_be_taken_off_says_so_and_stays(
    person: MakePerson, tab: OpenTab, web: Site
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.open_room(room)
    await hers.write(web.address("/plain"))
    await expect(cards(hers)).to_have_count(1)

    async def fail(route: Route) -> None:
        await route.abort()

    await hers.page.route("**/link-previews?*", fail)
    await cards(hers).get_by_role("button", name="Remove preview").click()

    await expect(hers.page.get_by_role("alert")).to_contain_text("cannot be reached")
    await expect(cards(hers)).to_have_count(1)


async def test_a_picture_that_is_gone_leaves_the_card(
    person: MakePerson, tab: OpenTab, web: Site
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.page.route("**/api/uploads/**", lambda route: route.fulfill(status=404))
    await hers.open_room(room)

    await hers.write(web.address())

    await expect(cards(hers)).to_have_count(1)
    await expect(cards(hers).locator("img")).to_be_hidden()
    await expect(cards(hers).locator("b")).to_be_visible()
