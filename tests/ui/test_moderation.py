"""Moderators: they suspend somebody from their profile, see who is out, and let them in again."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.persons import PASSWORD, Person
from tests.journeys.process import KabarProcess, run_kabar
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


async def give_role(server: KabarProcess, person: Person, role: str) -> None:
    ended = await run_kabar("users", "role", person.username, role, "--data", str(server.data))
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_somebody_is_suspended_and_let_in_again(
    server: KabarProcess, person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    boss, ben = await person("Boss"), await person("Ben")
    await give_role(server, boss, "admin")
    hers, his = await tab(boss, **look), await tab(ben, **look)
    await his.open("/people")
    await hers.open(f"/people/{ben.username}")

    await hers.page.get_by_role("button", name="More", exact=True).click()
    await hers.page.get_by_role("menuitem", name="Suspend").click()
    dialog = hers.page.get_by_role("dialog")
    await dialog.get_by_label("For how long").select_option("30 days")
    await dialog.get_by_label("Reason").fill("Spam")
    assert await violations(hers.page) == []
    await dialog.get_by_role("button", name="Suspend").click()
    await expect(dialog).to_have_count(0)

    # He is out at once, and is told why when he tries to come back.
    await expect(his.page.get_by_text("Your session has ended")).to_be_visible()
    await his.page.get_by_role("link", name="Sign in").click()
    await his.page.get_by_label("Username").fill(ben.username)
    await his.page.get_by_label("Password").fill(PASSWORD)
    await his.page.get_by_role("button", name="Sign in").last.click()
    await expect(his.page.get_by_role("alert")).to_contain_text("suspended until")
    await expect(his.page.get_by_role("alert")).to_contain_text("Spam")

    await hers.page.get_by_role("link", name="Moderation").click()
    suspended = hers.page.get_by_role("region", name="Suspended people")
    acts = hers.page.get_by_role("region", name="What moderators did")
    await expect(suspended).to_contain_text("Spam")
    await expect(acts).to_contain_text(re.compile("Boss.* suspended .*Ben"))
    assert await violations(hers.page) == []
    ours = suspended.get_by_role("listitem").filter(has_text=ben.name)
    await ours.get_by_role("button", name="Lift suspension").click()
    await expect(ours).to_have_count(0)
    await expect(acts).to_contain_text("lifted the suspension")

    await his.page.get_by_role("button", name="Sign in").last.click()
    await expect(his.page.get_by_role("link", name="Account")).to_be_visible()


async def test_others_see_nothing_of_it(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    his = await tab(ben)
    await his.open(f"/people/{ann.username}")
    await his.page.get_by_role("button", name="More", exact=True).click()
    await expect(his.page.get_by_role("menuitem", name="Block")).to_be_visible()
    await expect(his.page.get_by_role("menuitem", name="Suspend")).to_have_count(0)
    await expect(his.page.get_by_role("link", name="Moderation")).to_have_count(0)
    await his.open("/moderation")
    await expect(his.page.get_by_text("This page is for moderators.")).to_be_visible()


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_a_message_is_reported_judged_and_deleted(
    server: KabarProcess, person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    judge, ann, ben = [await person(name) for name in ("Judge", "Ann", "Ben")]
    await give_role(server, judge, "moderator")
    group = {"name": "Garden", "participantIds": [ben.id]}
    room_id = (await ann.did("POST", "/api/chat/rooms", json=group))["id"]
    await ann.say(room_id, "Shall we dig?")
    await ben.say(room_id, "Buy my pills!")
    hers, theirs = await tab(ann, **look), await tab(judge, **look)
    await theirs.open("/moderation")
    reports = theirs.page.get_by_role("region", name="Reports")
    await expect(reports.get_by_text("Settled")).to_be_visible()

    await hers.open_room(room_id)
    bubble = hers.bubbles.filter(has_text="Buy my pills!")
    await bubble.click()
    await hers.page.get_by_role("button", name="Report", exact=True).last.click()
    dialog = hers.page.get_by_role("dialog", name="Report this message?")
    await dialog.get_by_role("button", name="Report").click()
    reason = dialog.get_by_label("What is wrong?")
    await expect(reason).to_have_attribute("aria-invalid", "true")
    await reason.fill(f"An advert, says {ann.username}")
    assert await violations(hers.page) == []
    await dialog.get_by_role("button", name="Report").click()
    await expect(dialog).to_have_count(0)

    # The moderator sees it at once.
    ours = reports.get_by_role("listitem").filter(has_text=ann.username)
    await expect(ours).to_contain_text("Buy my pills!")
    nav = theirs.page.get_by_role("link", name="Moderation")
    await expect(nav).to_have_accessible_description(re.compile("wait"))
    await ours.get_by_role("button", name="Show what stands around it").click()
    await expect(ours).to_contain_text("Shall we dig?")
    assert await violations(theirs.page) == []
    await ours.get_by_role("button", name="Delete message").click()
    settle = theirs.page.get_by_role("dialog")
    await settle.get_by_label("Note").fill("Rule 3")
    await settle.get_by_role("button", name="Delete message").click()
    await expect(ours).to_have_count(0)

    await expect(hers.log.get_by_text("Buy my pills!")).to_have_count(0)
    await reports.get_by_role("button", name="Settled").click()
    await expect(ours).to_contain_text(re.compile("Settled by .*Judge.*: message deleted"))
    await expect(ours).to_contain_text("Rule 3")
