"""Leaving on the page: an account is deleted with its password, and the other one sees it."""

from __future__ import annotations

import zipfile
from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.persons import PASSWORD
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_accessible import violations
from tests.ui.test_looks import SIDEWAYS

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
async def test_an_account_is_deleted_with_its_password_and_the_keyboard(
    person: MakePerson, tab: OpenTab, look: str
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Remember me")
    hers, his = await tab(ann, **LOOKS[look]), await tab(ben)
    await hers.open("/account")
    await his.open_room(room)
    button = hers.page.get_by_role("button", name="Delete account")

    await button.focus()
    await hers.page.keyboard.press("Enter")
    dialog = hers.page.get_by_role("dialog", name="Delete your account?")
    await expect(dialog).to_contain_text("What you wrote stays with the people you wrote to")
    assert await hers.page.evaluate(SIDEWAYS) == []
    assert await violations(hers.page) == []
    await hers.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()

    await button.click()
    await dialog.get_by_label("Password").fill("not my password")
    await hers.page.keyboard.press("Enter")
    await expect(dialog.get_by_label("Password")).to_be_focused()
    await expect(dialog).to_contain_text("This is not your password.")
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Delete account").click()

    await expect(hers.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert (await ann.call("GET", "/api/me"))[0] == 401
    await his.page.reload()
    await expect(his.page.get_by_role("heading", name="Deleted user")).to_be_visible()
    await expect(his.bubbles.filter(has_text="Remember me")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
async def test_ones_data_is_prepared_and_downloaded(
    person: MakePerson, tab: OpenTab, look: str
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    await ann.say(await ann.room_with(ben), "Take me along")
    hers = await tab(ann, **LOOKS[look])
    await hers.open("/account")
    part = hers.page.locator("kabar-account-data")

    await part.get_by_role("button", name="Prepare a download").click()
    await expect(part.get_by_role("status")).to_contain_text("Preparing your data")
    await expect(part.get_by_role("progressbar")).to_be_visible()
    await hers.page.reload()
    link = part.get_by_role("link", name="Download my data")
    await expect(link).to_be_visible()
    await expect(part.get_by_role("status")).to_contain_text("Your data is ready.")
    assert await hers.page.evaluate(SIDEWAYS) == []
    assert await violations(hers.page) == []

    async with hers.page.expect_download() as downloading:
        await link.click()
    path = await (await downloading.value).path()
    with zipfile.ZipFile(path) as archive:
        assert b"Take me along" in archive.read("messages.jsonl")


async def test_data_that_cannot_be_prepared_is_said_to_be_so(
    person: MakePerson, tab: OpenTab
) -> None:
    hers = await tab(await person("Ann"))
    failed = {"id": "x", "state": "failed", "progress": 3, "createdAt": "2026-11-29T10:00:00.000Z"}
    await hers.page.route("**/api/me/export", lambda route: route.fulfill(json={"export": failed}))
    await hers.open("/account")
    part = hers.page.locator("kabar-account-data")

    await expect(part.get_by_role("status")).to_contain_text("could not be prepared")
    await expect(part.get_by_role("button", name="Prepare a download")).to_be_enabled()
