"""Suggestions beside the search for people: followed or put away with one press."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_blocking import PHONE, profile

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def advice(tab: Tab) -> Locator:
    return tab.page.get_by_role("region", name="Suggested")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_friends_of_friends_are_followed_or_put_away(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben, cleo, dan = [await person(name) for name in ("Ann", "Ben", "Cleo", "Dan")]
    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    for other in (cleo, dan):
        await ben.did("PUT", f"/api/users/{other.id}/follow")
    hers = await tab(ann, **look)
    await hers.open("/people")
    people = advice(hers).get_by_role("listitem")
    await expect(people).to_have_count(2)
    await expect(people.first).to_contain_text("Followed by \u2068Ben\u2069")
    assert await violations(hers.page) == []

    hers_of_cleo = people.filter(has_text="Cleo")
    await hers_of_cleo.get_by_role("button", name="Follow", exact=True).click()
    await expect(hers_of_cleo.get_by_role("button", name="Following")).to_be_visible()
    await advice(hers).get_by_role("button", name="Do not suggest \u2068Dan\u2069").click()
    await expect(people).to_have_count(1)
    assert await violations(hers.page) == []

    await hers.page.reload()
    found = hers.page.locator("kabar-people-search").get_by_role("listitem")
    await expect(found.first).to_be_visible()
    await expect(advice(hers)).to_have_count(0)


async def test_advice_leads_to_a_profile_and_works_by_the_keyboard(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, cleo, dan = [await person(name) for name in ("Ann", "Ben", "Cleo", "Dan")]
    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    for other in (cleo, dan):
        await ben.did("PUT", f"/api/users/{other.id}/follow")
    hers = await tab(ann)
    await hers.open("/people")

    await advice(hers).get_by_role("button", name="Do not suggest \u2068Dan\u2069").focus()
    await hers.page.keyboard.press("Enter")

    remaining = advice(hers).get_by_role("button", name="Cleo Followed by")
    await expect(remaining).to_be_focused()
    await hers.page.keyboard.press("Enter")
    await expect(profile(hers).get_by_role("heading", name="Cleo")).to_be_visible()


async def test_advice_that_cannot_be_put_away_says_so(person: MakePerson, tab: OpenTab) -> None:
    ann, ben, cleo = [await person(name) for name in ("Ann", "Ben", "Cleo")]
    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    await ben.did("PUT", f"/api/users/{cleo.id}/follow")
    hers = await tab(ann)
    await hers.page.route("**/api/users/suggestions/*", lambda route: route.abort())
    await hers.open("/people")

    await advice(hers).get_by_role("button", name="Do not suggest \u2068Cleo\u2069").click()

    await expect(advice(hers).get_by_role("alert")).to_contain_text("cannot be reached")
    await hers.page.unroute("**/api/users/suggestions/*")
    await advice(hers).get_by_role("button", name="Try again").click()
    await expect(advice(hers).get_by_role("alert")).to_have_count(0)
