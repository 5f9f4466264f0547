"""Lists of followers on a profile: searched, filtered, and whom of them one knows."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_blocking import PHONE, profile

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def listed(tab: Tab) -> Locator:
    return profile(tab).get_by_role("listitem")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_my_followers_are_searched_and_followed_back(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    for follower in (ben, cleo):
        await follower.did("PUT", f"/api/users/{ann.id}/follow")
    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    hers = await tab(ann, **look)
    await hers.open(f"/people/{ann.username}")
    await expect(listed(hers)).to_have_count(2)
    search = profile(hers).get_by_label("Search this list")

    await search.fill("cle")
    await expect(listed(hers)).to_have_count(1)
    await expect(listed(hers)).to_contain_text("Cleo")
    await search.fill("nobody")
    await expect(profile(hers).get_by_text("Nobody in this list is called so.")).to_be_visible()
    await search.fill("")
    await expect(listed(hers)).to_have_count(2)
    assert await violations(hers.page) == []

    await profile(hers).get_by_role("button", name="You do not follow back").click()
    await expect(listed(hers)).to_have_count(1)
    await listed(hers).get_by_role("button", name="Follow").click()
    # Who is followed back stays in view until one looks anew.
    await expect(listed(hers).get_by_role("button", name="Following")).to_be_visible()
    assert await violations(hers.page) == []

    await profile(hers).get_by_role("tab", name="Following").click()
    await expect(listed(hers)).to_have_count(2)
    await profile(hers).get_by_role("button", name="Do not follow you back").click()
    await expect(profile(hers).get_by_text("Everybody follows you back.")).to_be_visible()


async def test_a_profile_says_whom_of_its_followers_one_knows(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, cleo, dan = [await person(name) for name in ("Ann", "Ben", "Cleo", "Dan")]
    for friend in (ben, cleo):
        await ann.did("PUT", f"/api/users/{friend.id}/follow")
        await friend.did("PUT", f"/api/users/{dan.id}/follow")
    hers, his = await tab(ann), await tab(dan)

    await hers.open(f"/people/{dan.username}")

    known = profile(hers).locator("kabar-known")
    await expect(known).to_contain_text("Followed by \u2068Cleo\u2069 and \u2068Ben\u2069")
    await profile(hers).get_by_role("tab", name="Followers you know").click()
    await expect(listed(hers)).to_have_count(2)
    assert await violations(hers.page) == []

    await his.open("/account")
    await his.page.get_by_role("checkbox", name="Hide my lists").check()
    await his.page.get_by_role("button", name="Save").click()
    await expect(his.page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    await hers.page.reload()
    await expect(profile(hers).get_by_text("Only they see these lists.")).to_be_visible()
    await expect(known).to_have_count(0)
