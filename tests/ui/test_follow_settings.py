"""Who may follow me, and who sees my lists and numbers: set on one page, seen on another."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_blocking import PHONE, profile

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def set_on_account(tab: Tab, **choices: bool) -> None:
    await tab.open("/account")
    for name, is_so in choices.items():
        label = name.replace("_", " ")
        await tab.page.get_by_role("checkbox", name=label).set_checked(is_so)
    await tab.page.get_by_role("button", name="Save").click()
    await expect(tab.page.get_by_role("status").get_by_text("Saved.")).to_be_visible()


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_what_one_hides_others_do_not_see(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    await ben.did("PUT", f"/api/users/{ann.id}/follow")
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await his.open(f"/people/{ann.username}")
    await expect(profile(his).get_by_text("1 follower", exact=False).first).to_be_visible()

    await set_on_account(hers, Hide_my_lists=True, Hide_my_numbers=True)
    assert await violations(hers.page) == []

    await his.page.reload()
    await expect(profile(his).get_by_text("Only they see these lists.")).to_be_visible()
    await expect(profile(his).get_by_text("1 follower")).to_have_count(0)
    assert await violations(his.page) == []
    # She sees them herself.
    await hers.open(f"/people/{ann.username}")
    await expect(profile(hers).get_by_text("1 follower")).to_be_visible()
    await expect(profile(hers).get_by_role("link", name="Ben")).to_be_visible()


async def test_who_takes_no_followers_has_no_button_for_it(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    await ben.did("PUT", f"/api/users/{ann.id}/follow")
    hers = await tab(ann)
    await set_on_account(hers, New_followers=False)

    follows, does_not = await tab(ben), await tab(cleo)
    for each in (follows, does_not):
        await each.open(f"/people/{ann.username}")
    await expect(profile(does_not).get_by_text("Takes no new followers")).to_be_visible()
    await expect(profile(does_not).get_by_role("button", name="Follow")).to_have_count(0)
    assert await violations(does_not.page) == []

    # Who follows her can still go, and cannot come back.
    await profile(follows).get_by_role("button", name="Following").click()
    await expect(profile(follows).get_by_text("Takes no new followers")).to_be_visible()
