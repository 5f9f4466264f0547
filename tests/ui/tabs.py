"""A person's browser: their own Chromium context, and the page of Kabar in it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess
from tests.patience import MILLISECONDS

DESKTOP = {"width": 1280, "height": 800}
#: the element that scrolls, whose numbers a test compares
SCROLLER = """(() => {
  let place = document;
  for (const name of ["kabar-app", "kabar-chat", "kabar-room", "kabar-message-list"])
    place = place.querySelector(name).shadowRoot;
  return place.querySelector(".scroll");
})()"""
#: the text of the row after the divider, and whether the divider is in view
AT_DIVIDER = f"""(() => {{
  const divider = {SCROLLER}.querySelector(".divider");
  const {{ top }} = divider.getBoundingClientRect();
  const row = divider.nextElementSibling.querySelector(".text").textContent;
  return [row, top > 0 && top < innerHeight];
}})()"""


class Tab:
    """The page, by what a person finds on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        #: what went wrong in its scripts, and what its content security policy refused
        self.errors: list[str] = []
        page.set_default_timeout(MILLISECONDS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)

    @property
    def composer(self) -> Locator:
        return self.page.get_by_label("Write a message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def bubbles(self) -> Locator:
        return self.page.locator("kabar-message-list .bubble")

    @property
    def pending(self) -> Locator:
        return self.page.locator("kabar-message-list .pending")

    @property
    def divider(self) -> Locator:
        return self.page.locator("kabar-message-list .divider")

    @property
    def notification_badge(self) -> Locator:
        return self.page.locator("kabar-notification-bell .bell .badge")

    @property
    def chat_badge(self) -> Locator:
        return self.page.locator("kabar-chat-bell .bell .badge")

    async def open(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def open_room(self, room_id: str, *, is_live: bool = True) -> None:
        """Open a room, and wait until its messages are there and it is live: once it is heard, they
        are read once more, as nobody knows what happened before."""
        answers = iter([True, False] if is_live else [False])
        async with self.page.expect_response(
            lambda answer: "/api/chat/messages?" in answer.url and not next(answers, False)
        ):
            await self.open(f"/chat/{room_id}")
        loaded = self.page.locator("kabar-message-list .content > :not(.skeletons)")
        await expect(loaded.first).to_be_visible()

    async def write(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def shows(self, text: str) -> None:
        await expect(self.log.get_by_text(text, exact=True)).to_have_count(1)

    async def from_bottom(self) -> float:
        pixels: float = await self.page.evaluate(
            f"{SCROLLER}.scrollHeight - {SCROLLER}.scrollTop - {SCROLLER}.clientHeight"
        )
        return pixels

    async def hide(self, hidden: bool = True) -> None:
        """Go to another window, or come back from there."""
        state = "hidden" if hidden else "visible"
        await self.page.evaluate(
            """state => {
              const value = { value: state, configurable: true };
              Object.defineProperty(document, "visibilityState", value);
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            state,
        )

    def _note(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)


async def answer_late(page: Page, path: str, seconds: float = 1.5) -> None:
    """Let the answers to these calls (a regular expression) come late."""

    async def hold_up(route: Route) -> None:
        answer = await route.fetch()
        await asyncio.sleep(seconds)
        await route.fulfill(response=answer)

    await page.route(re.compile(path), hold_up)


@asynccontextmanager
async def context_of(
    browser: Browser, server: KabarProcess, person: Person | None, **options: Any
) -> AsyncIterator[BrowserContext]:
    """Open a context that is signed in as this person."""
    context = await browser.new_context(viewport=options.pop("viewport", DESKTOP), **options)
    if person is not None:
        name, value = person.cookie.split("=", 1)
        await context.add_cookies([{"name": name, "value": value, "url": server.url}])
    try:
        yield context
    finally:
        await context.close()


class Sends:
    """Stands between a page and `POST /api/chat/send`: counts, holds up, refuses."""

    def __init__(self) -> None:
        self.client_ids: list[str] = []
        self.refuses = False

    async def watch(self, page: Page) -> None:
        await page.route("**/api/chat/send", self._pass)

    async def _pass(self, route: Route) -> None:
        draft = json.loads(route.request.post_data or "{}")
        self.client_ids.append(draft["clientId"])
        if self.refuses:
            await route.fulfill(status=500, body="{}", content_type="application/problem+json")
        else:
            await route.continue_()
