"""Debian's Chromium, driven by Playwright: a browser each for several people."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from tests import quick
from tests.journeys.persons import PASSWORD
from tests.patience import MILLISECONDS

_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, where there is none.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser of the distribution; nothing is downloaded.

    Its shell without windows does the same for half of the CPU.
    """
    quick.starts("Chromium")
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        pytest.fail("Chromium is not installed: make tools", pytrace=False)
    expect.set_options(timeout=MILLISECONDS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """Somebody at a browser of their own, with cookies of their own and any number of tabs."""

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.name = f"{name} {secrets.token_hex(3)}"
        self.username = self.name.lower().replace(" ", "_")
        #: what went wrong in any of the tabs
        self.complaints: list[str] = []
        self._context = context
        context.set_default_timeout(MILLISECONDS)

    async def open(self, path: str = "/") -> Page:
        page = await self._context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        await page.goto(path)
        return page

    async def register(self) -> Page:
        """Fill in the form that a newcomer sees, and return the page behind it."""
        page = await self.open()
        await page.get_by_role("link", name="Create an account").click()
        await page.get_by_label("Username").fill(self.username)
        await page.get_by_label("Name", exact=True).fill(self.name)
        await page.get_by_label("Email").fill(f"{self.username}@example.org")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Create account").click()
        await expect(chats(page)).to_be_visible()
        return page

    def forgive(self, reason: str) -> None:
        """Strike the complaints that the test itself gave reason for."""
        self.complaints = [said for said in self.complaints if reason not in said]

    async def close(self) -> None:
        await self._context.close()


@asynccontextmanager
async def visitor(browser: Browser, address: str, name: str) -> AsyncIterator[Visitor]:
    """Give somebody a browser; nothing may have gone wrong in it when they leave."""
    somebody = Visitor(await browser.new_context(base_url=address, locale="en-GB"), name)
    try:
        yield somebody
        assert somebody.complaints == []
    finally:
        await somebody.close()


def chats(page: Page) -> Locator:
    return page.get_by_role("link", name="Chats")


def bell(page: Page) -> Locator:
    return page.get_by_role("button", name="Notifications")


async def counts(where: Locator, number: int) -> None:
    """Wait until a bell shows this number, and says it to those who listen."""
    await expect(where).to_have_accessible_description(f"{number} unread" if number else "")
    shown = where.locator(".badge")
    await (expect(shown).to_have_text(str(number)) if number else expect(shown).to_have_count(0))
