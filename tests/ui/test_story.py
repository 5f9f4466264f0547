"""Can two people who never saw Kabar meet and talk in it?"""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.async_api import expect

from tests.ui.conftest import OpenTab
from tests.ui.tabs import Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def test_two_people_register_follow_and_talk(tab: OpenTab) -> None:
    mark = secrets.token_hex(3)
    ada, bob = await tab(), await tab()
    await _register(ada, f"ada_{mark}", "Ada Lovelace")
    await _register(bob, f"bob_{mark}", "Bob Noyce")

    # Ada finds Bob and follows him; his bell rings, and falls silent when he looks.
    await ada.page.get_by_role("link", name="People").click()
    await ada.page.get_by_label("Search people").fill(f"bob_{mark}")
    await ada.page.get_by_role("button", name=f"@bob_{mark}").click()
    profile = ada.page.locator("kabar-profile")
    await profile.get_by_role("button", name="Follow", exact=True).click()
    await expect(profile.get_by_role("button", name="Following", exact=True)).to_be_enabled()
    await expect(profile.get_by_text("1 follower")).to_be_visible()
    await expect(bob.notification_badge).to_have_text("1")
    await bob.page.get_by_role("button", name="Notifications").click()
    notice = bob.page.get_by_role("dialog").get_by_role("link", name="Ada Lovelace")
    await expect(notice).to_be_visible()
    await expect(bob.notification_badge).to_have_count(0)
    await bob.page.keyboard.press("Escape")

    # She writes to him; he sees it counted, opens it, and she sees that he read it.
    await profile.get_by_role("button", name="Message").click()
    await ada.write("Hello Bob")
    await ada.write("How are you?")
    await expect(bob.chat_badge).to_have_text("2")
    await expect(bob.page).to_have_title("(2) Kabar")
    await bob.page.get_by_role("link", name="Ada Lovelace").click()
    await bob.shows("How are you?")
    await expect(bob.divider).to_have_text("New messages")
    await expect(bob.page).to_have_title("Kabar")
    await expect(ada.page.get_by_role("img", name="Read")).to_have_count(2)

    # He types, which she sees, until the message says it better.
    await bob.composer.press_sequentially("Fine, thanks")
    await expect(ada.page.get_by_text("Bob Noyce is typing…")).to_be_visible()
    await expect(bob.page.get_by_text("is typing…")).to_have_count(0)
    await bob.composer.press("Enter")
    await ada.shows("Fine, thanks")
    await expect(ada.page.get_by_text("is typing…")).to_have_count(0)
    assert await ada.bubbles.all_inner_texts() == await bob.bubbles.all_inner_texts()

    # He has signed out: his drafts are gone from this browser, and his page shows nothing.
    await bob.composer.fill("a secret")
    await bob.page.get_by_role("link", name="Account").click()
    await bob.page.get_by_role("button", name="Sign out").click()
    await expect(bob.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await bob.page.evaluate("Object.values(localStorage).includes('a secret')") is False


async def test_a_form_tells_every_wrong_field_at_once(tab: OpenTab) -> None:
    somebody = await tab()
    await somebody.open("/register")
    for label, text in (("Username", "a b"), ("Email", "nobody"), ("Password", "short")):
        await somebody.page.get_by_label(label, exact=True).fill(text)
    await somebody.page.get_by_role("button", name="Create account").click()
    fields = somebody.page.locator("kabar-sign-in input")
    for number in range(4):
        await expect(fields.nth(number)).to_have_attribute("aria-invalid", "true")
        await expect(fields.nth(number)).to_have_accessible_description(re.compile("M(us|a)"))
    await expect(fields.first).to_be_focused()


async def test_a_form_says_what_is_wrong_with_which_field(tab: OpenTab) -> None:
    somebody = await tab()
    await somebody.open("/register")
    await somebody.page.get_by_label("Username", exact=True).fill("x")
    await somebody.page.get_by_label("Name", exact=True).fill("X")
    await somebody.page.get_by_label("Email").fill("x@example.com")
    await somebody.page.get_by_label("Password").fill("correct horse battery")
    await somebody.page.get_by_role("button", name="Create account").click()
    field = somebody.page.get_by_label("Username", exact=True)
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()


async def test_a_wrong_password_is_told_and_nothing_else(tab: OpenTab) -> None:
    somebody = await tab()
    await somebody.open("/sign-in")
    await somebody.page.get_by_label("Username or email").fill("nobody")
    await somebody.page.get_by_label("Password").fill("wrong password")
    await somebody.page.get_by_role("button", name="Sign in").click()
    await expect(somebody.page.get_by_role("alert").filter(has_text="password")).to_be_visible()


async def _register(tab: Tab, username: str, name: str) -> None:
    await tab.open("/")
    await tab.page.get_by_role("link", name="Create an account").click()
    await tab.page.get_by_label("Username", exact=True).fill(username)
    await tab.page.get_by_label("Name", exact=True).fill(name)
    await tab.page.get_by_label("Email").fill(f"{username}@example.com")
    await tab.page.get_by_label("Password").fill("correct horse battery")
    await tab.page.get_by_role("button", name="Create account").click()
    await tab.page.get_by_role("heading", name="Chats").wait_for()
