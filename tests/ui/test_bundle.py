"""Does the bundle do what the sources do, in a few requests of which the next visit needs none?"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, expect

from tests.house.tree import ROOT, SOURCE
from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess, TypedKabarProcess
from tests.ui.tabs import Tab, context_of

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


class Installed(NamedTuple):
    """A Kabar as it is installed from a wheel, and two people in it."""

    server: KabarProcess
    kabar: Path
    ann: Person
    ben: Person


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def installed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installed]:
    folder = tmp_path_factory.mktemp("bundle")
    kabar = folder / "site" / "kabar"
    shutil.copytree(SOURCE, kabar, ignore=shutil.ignore_patterns("__pycache__", "built"))
    build = await asyncio.create_subprocess_exec(
        "node", str(ROOT / "scripts" / "build_ui.mjs"), str(kabar)
    )
    assert await build.wait() == 0
    server = await TypedKabarProcess(
        folder / "data",
        KABAR_PASSWORD_HASH_MEMORY_KIB="19456",
        KABAR_CONSOLE_PASSWORD="the operator's own password",
        PYTHONPATH=str(kabar.parent),
    ).start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Installed(
            server, kabar, await register(server, http, "Ann"), await register(server, http, "Ben")
        )
    await server.stop()


async def visit(context: BrowserContext, installed: Installed) -> list[str]:
    """Open the page, and return the files that came over the network."""
    page = await context.new_page()
    tab = Tab(page, installed.server.url)
    await tab.open("/chat")
    await expect(page.get_by_role("heading", name="Chats")).to_be_visible()
    fetched: list[str] = await page.evaluate(
        """performance.getEntriesByType("resource")
          .filter((each) => each.name.includes("/ui/") && each.transferSize > 0)
          .map((each) => new URL(each.name).pathname)"""
    )
    assert tab.errors == []
    await page.close()
    return fetched


async def test_two_people_talk_over_the_bundled_page(
    installed: Installed, browser: Browser
) -> None:
    room_id = await installed.ann.room_with(installed.ben)
    async with (
        context_of(browser, installed.server, installed.ann) as anns,
        context_of(browser, installed.server, installed.ben) as bens,
    ):
        hers, his = [Tab(await each.new_page(), installed.server.url) for each in (anns, bens)]
        await hers.open_room(room_id)
        await his.open_room(room_id)
        await hers.write("bundled")
        await his.shows("bundled")
        assert hers.errors == his.errors == []


async def test_a_second_visit_fetches_no_script(installed: Installed, browser: Browser) -> None:
    async with context_of(browser, installed.server, installed.ann) as context:
        first = await visit(context, installed)
        built = [path for path in first if path.startswith("/ui/built/")]
        assert 0 < len(built) <= 6
        assert len(first) <= len(built) + 3  # the icon, the configuration
        second = await visit(context, installed)
        assert [path for path in second if path.startswith("/ui/built/")] == []


async def test_the_document_names_all_scripts_that_it_needs(
    installed: Installed, browser: Browser
) -> None:
    """So they are asked for in one step, and kept for ever."""
    async with (
        context_of(browser, installed.server, installed.ann) as context,
        aiohttp.ClientSession(installed.server.url) as http,
    ):
        scripts = [path for path in await visit(context, installed) if path.endswith(".js")]
        async with http.get("/") as answer:
            document = await answer.text()
        assert scripts
        for path in scripts:
            assert f'"{path}"' in document
            async with http.get(path) as answer:
                assert "immutable" in answer.headers["cache-control"]


async def test_other_sites_load_the_elements_by_the_same_name_as_ever(
    installed: Installed, browser: Browser
) -> None:
    async with context_of(browser, installed.server, installed.ann) as context:
        page = await context.new_page()
        await page.goto(f"{installed.server.url}/up")
        kind = await page.evaluate("import('/ui/kabar.js').then((it) => typeof it.onNotification)")
        assert kind == "function"
        assert await page.evaluate("Boolean(customElements.get('kabar-chat'))")


async def test_the_console_is_bundled_too(installed: Installed, browser: Browser) -> None:
    async with context_of(browser, installed.server, None) as context:
        page = await context.new_page()
        await page.goto(f"{installed.server.url}/console")
        await expect(page.get_by_label("Password")).to_be_visible()


async def test_a_bundle_of_other_sources_is_not_served(installed: Installed) -> None:
    """In development one sees what one has just written, whatever was bundled before."""
    await installed.server.stop()
    with (installed.kabar / "ui" / "pages" / "app.js").open("a") as script:
        script.write("// changed\n")
    await installed.server.start()
    async with aiohttp.ClientSession() as http, http.get(installed.server.url) as answer:
        assert "/ui/pages/app.js" in await answer.text()
