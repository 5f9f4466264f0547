"""One's own account on the page: what others see of it, and what one signs in with."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Locator, expect

from tests.journeys.persons import PASSWORD, Person
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_failures import Faults
from tests.ui.test_looks import SIDEWAYS

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
NEW_PASSWORD = "another horse battery"


def part(tab: Tab, name: str) -> Locator:
    return tab.page.locator(f"kabar-account-{name}")


async def type_into(where: Locator, **fields: str) -> None:
    for name, text in fields.items():
        await where.locator(f"[name={name}]").fill(text)


async def signs_in(tab: Tab, login: str, password: str) -> bool:
    async with (
        aiohttp.ClientSession() as http,
        http.post(
            f"{tab.url}/api/auth/login", json={"login": login, "password": password}
        ) as answer,
    ):
        return answer.ok


async def has_token(ann: Person) -> bool:
    status, _ = await ann.call("GET", "/api/me")
    return status == 200


@pytest.mark.parametrize("look", LOOKS)
async def test_what_others_see_is_changed_and_looked_at(
    person: MakePerson, tab: OpenTab, look: str
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers, his = await tab(ann, **LOOKS[look]), await tab(ben)
    await hers.open("/people")
    await hers.page.get_by_role("link", name="Account").click()
    profile = part(hers, "profile")
    await expect(profile.get_by_label("Name", exact=True)).to_have_value("Ann")
    assert await hers.page.evaluate(SIDEWAYS) == []
    assert await violations(hers.page) == []

    picture = "https://example.org/ann.png"
    await type_into(profile, name=" Ann  B. ", username=f"{ann.username}2", bio="Hi.")
    await type_into(profile, avatar=picture)
    await profile.get_by_role("button", name="Save").click()
    await expect(profile.get_by_role("status")).to_have_text("Saved.")
    await expect(profile.get_by_label("Name", exact=True)).to_have_value("Ann B.")
    await hers.page.get_by_role("link", name="See your profile").click()
    await expect(hers.page.get_by_role("heading", name="Ann B.")).to_be_visible()
    await hers.page.get_by_role("link", name="Edit profile").click()
    await expect(profile.get_by_label("About you")).to_have_value("Hi.")
    await profile.get_by_label("About you").press("x")
    await expect(profile.get_by_role("status")).to_have_text("")

    await his.open(f"/people/{ann.username}")
    await expect(his.page.locator("kabar-profile h1")).to_have_text("Ann B.")
    await expect(his.page.locator("kabar-profile").get_by_text("Hi.")).to_be_visible()
    seen = await ben.did("GET", f"/api/users/{ann.id}")
    assert (seen["username"], seen["avatar"]) == (f"{ann.username}2", picture)


async def test_what_is_wrong_is_said_at_each_field_and_the_first_gets_the_focus(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers = await tab(ann)
    await hers.open("/account")
    profile = part(hers, "profile")
    await type_into(profile, name="", username="a b", avatar="javascript:alert(1)")
    await profile.get_by_role("button", name="Save").click()

    for label, message in (
        ("Picture", "Must be an address that begins with https://."),
        ("Name", "May not be empty."),
        ("Username", re.compile("Must be 3 to 30 letters")),
    ):
        field = profile.get_by_label(label, exact=True)
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(field).to_have_accessible_description(message)
    await expect(profile.get_by_label("Picture")).to_be_focused()
    await expect(profile.get_by_role("alert")).to_have_count(0)

    await type_into(profile, name="Ann", username=ben.username, avatar="")
    await profile.get_by_role("button", name="Save").click()
    username = profile.get_by_label("Username")
    await expect(username).to_have_accessible_description("Somebody has this username already.")
    await expect(username).to_be_focused()


@pytest.mark.parametrize("keeps", [False, True], ids=["tokens end", "tokens stay"])
async def test_a_new_password_signs_out_everywhere_else(
    person: MakePerson, tab: OpenTab, keeps: bool
) -> None:
    ann = await person("Ann")
    hers = await tab(ann)
    await hers.open("/account")
    password = part(hers, "password")
    await expect(password.get_by_text("signed out everywhere but here")).to_be_visible()
    async with aiohttp.ClientSession() as elsewhere:
        login = {"login": ann.username, "password": PASSWORD}
        await elsewhere.post(f"{hers.url}/api/auth/login", json=login)
        await type_into(password, currentPassword="wrong one", password=NEW_PASSWORD)
        await password.get_by_role("button", name="Change password").click()
        await expect(password.get_by_label("Current password")).to_have_accessible_description(
            "This is not your password."
        )
        await type_into(password, currentPassword=PASSWORD)
        await password.get_by_label("Keep personal access tokens").set_checked(keeps)
        await password.get_by_role("button", name="Change password").click()
        await expect(password.get_by_role("status")).to_contain_text("Password changed.")
        await expect(password.get_by_label("New password")).to_have_value("")
        await expect(part(hers, "tokens").get_by_role("listitem")).to_have_count(int(keeps))

        async with elsewhere.get(f"{hers.url}/api/me") as answer:
            assert answer.status == 401
    assert await signs_in(hers, ann.username, NEW_PASSWORD)
    assert await has_token(ann) is keeps
    await hers.open("/people")
    await expect(hers.page.get_by_role("heading", name="People")).to_be_visible()


async def test_a_new_email_address_needs_the_password(person: MakePerson, tab: OpenTab) -> None:
    ann = await person("Ann")
    hers = await tab(ann)
    await hers.open("/account")
    email = part(hers, "email")
    await expect(email.get_by_label("Email")).to_have_value(f"{ann.username}@example.org")
    change = email.get_by_role("button", name="Change email")
    address = f"new-{ann.username}@example.org"
    await type_into(email, email=address, currentPassword="")
    await change.click()
    await expect(email.get_by_label("Current password")).to_be_focused()
    await type_into(email, currentPassword=PASSWORD)
    await change.click()
    await expect(email.get_by_role("status")).to_have_text("Email changed.")
    await expect(email.get_by_label("Email")).to_have_value(address)
    assert await signs_in(hers, address, PASSWORD)


async def test_a_token_is_made_shown_once_and_revoked(person: MakePerson, tab: OpenTab) -> None:
    ann = await person("Ann")
    hers = await tab(ann)
    await hers.open("/account")
    tokens = part(hers, "tokens")
    await expect(tokens.get_by_role("listitem")).to_have_count(1)
    make = tokens.get_by_role("button", name="Make token")
    await make.click()
    await expect(tokens.get_by_label("Name of a new token")).to_be_focused()
    await type_into(tokens, name="my bot")
    await make.click()
    await expect(tokens.get_by_label("Your new token")).to_be_focused()
    token = await tokens.get_by_label("Your new token").input_value()
    await expect(tokens.get_by_role("listitem").first).to_contain_text("my bot")
    assert await violations(hers.page) == []
    bearer = {"headers": {"Authorization": f"Bearer {token}"}}
    assert (await ann.call("GET", "/api/me", **bearer))[0] == 200

    await tokens.get_by_role("button", name="Revoke").first.click()
    await hers.page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(tokens.get_by_role("listitem")).to_have_count(1)
    assert (await ann.call("GET", "/api/me", **bearer))[0] == 401
    await hers.page.reload()
    await expect(tokens.get_by_role("listitem")).to_have_count(1)
    await expect(tokens.get_by_label("Your new token")).to_have_count(0)


async def test_what_could_not_be_saved_stays_in_the_form_and_is_sent_again(
    person: MakePerson, tab: OpenTab
) -> None:
    ann = await person("Ann")
    hers = await tab(ann)
    faults = await Faults().of(hers.page, r"/api/me$", "PATCH")
    await hers.open("/account")
    profile = part(hers, "profile")
    await type_into(profile, name="Ann B.")
    save = profile.get_by_role("button", name="Save")
    await save.click()
    await expect(profile.get_by_role("alert")).to_have_text("Something went wrong on the server.")
    await expect(profile.get_by_label("Name", exact=True)).to_have_value("Ann B.")

    faults.mended = True
    await save.click()
    await expect(profile.get_by_role("status")).to_have_text("Saved.")
    await expect(profile.get_by_role("alert")).to_have_count(0)
