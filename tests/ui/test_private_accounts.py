"""A private account: somebody asks, the owner hears of it at once, and so does who is let in."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


async def set_private(tab: Tab, *, is_private: bool) -> None:
    await tab.page.get_by_role("link", name="Account").click()
    await tab.page.get_by_role("checkbox", name="Private account").set_checked(is_private)
    await tab.page.get_by_role("button", name="Save").click()
    await expect(tab.page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    await tab.page.get_by_role("link", name="People").click()


def requests_of(tab: Tab) -> Locator:
    return tab.page.get_by_role("region", name="Follow requests")


def follow_button(tab: Tab, says: str = "Follow") -> Locator:
    return tab.page.locator("kabar-profile").get_by_role("button", name=says, exact=True)


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_who_asks_is_accepted_and_both_see_it_at_once(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await hers.open("/people")
    await set_private(hers, is_private=True)
    await his.open(f"/people/{ann.username}")
    await expect(his.page.get_by_text("This account is private")).to_be_visible()

    await follow_button(his).click()
    await expect(follow_button(his, "Requested")).to_be_visible()
    people = hers.page.get_by_role("link", name="People")
    await expect(people).to_have_accessible_description("1 follow request")
    await expect(requests_of(hers)).to_contain_text("Ben")
    assert await violations(hers.page) == []

    await requests_of(hers).get_by_role("button", name="Accept").click()
    await expect(requests_of(hers)).to_have_count(0)
    await expect(people).to_have_accessible_description("")
    await expect(follow_button(his, "Following")).to_be_visible()
    await expect(his.page.get_by_text("This account is private")).to_have_count(0)
    await expect(his.page.get_by_text("1 follower")).to_be_visible()
    await expect(his.page.get_by_role("link", name="Ben")).to_be_visible()


async def test_a_request_is_taken_back_or_rejected(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers, his = await tab(ann), await tab(ben)
    await hers.open("/people")
    await set_private(hers, is_private=True)
    await his.open(f"/people/{ann.username}")
    follow = follow_button(his)

    await follow.click()
    await expect(requests_of(hers)).to_contain_text("Ben")
    await follow_button(his, "Requested").click()
    await expect(requests_of(hers)).to_have_count(0)

    await follow.click()
    await requests_of(hers).get_by_role("button", name="Reject").click()
    await expect(requests_of(hers)).to_have_count(0)
    # He is not told, and sees what he saw.
    await expect(follow_button(his, "Requested")).to_be_visible()


async def test_a_profile_made_public_accepts_what_waits(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers, his = await tab(ann), await tab(ben)
    await hers.open("/people")
    await set_private(hers, is_private=True)
    await his.open(f"/people/{ann.username}")
    await follow_button(his).click()
    await expect(requests_of(hers)).to_contain_text("Ben")

    await set_private(hers, is_private=False)

    await expect(follow_button(his, "Following")).to_be_visible()
    await expect(requests_of(hers)).to_have_count(0)
