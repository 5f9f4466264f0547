"""What the tests of the page may ask for: a running Kabar, Chromium, and people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.house.tree import SOURCE
from tests.journeys.browser import chromium
from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess
from tests.ui.tabs import Tab, context_of

OpenTab = Callable[..., Awaitable[Tab]]
MakePerson = Callable[[str], Awaitable[Person]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KabarProcess]:
    """A server that the tests of the page share."""
    # They look into the modules, which a bundle has none of.
    built = SOURCE / "ui" / "built"
    assert not built.exists(), f"the tests of the page are about its sources: remove {built}"
    cheap = {"KABAR_PASSWORD_HASH_MEMORY_KIB": "19456", "KABAR_OUTBOUND_ALLOW": "127.0.0.2"}
    running = await KabarProcess(tmp_path_factory.mktemp("ui"), **cheap).start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def person(server: KabarProcess) -> AsyncIterator[MakePerson]:
    """Registers people: `ann = await person("Ann")`."""
    jar = aiohttp.DummyCookieJar()
    # A connection that is kept may be closed at the very moment at which it is used again.
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=connector) as http:
        yield lambda name: register(server, http, name)


@pytest_asyncio.fixture(loop_scope="session")
async def tab(server: KabarProcess, browser: Browser) -> AsyncIterator[OpenTab]:
    """Opens the page in somebody's own browser: `await tab(ann)`; no script of it may fail."""
    tabs: list[Tab] = []
    async with AsyncExitStack() as contexts:

        async def open_tab(who: Person | None = None, **options: Any) -> Tab:
            context = await contexts.enter_async_context(
                context_of(browser, server, who, **options)
            )
            tabs.append(Tab(await context.new_page(), server.url))
            return tabs[-1]

        yield open_tab
        assert [error for tab in tabs for error in tab.errors] == []
