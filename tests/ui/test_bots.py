"""A bot is seen to be one."""

from __future__ import annotations

import json

import aiohttp
import pytest
from playwright.async_api import expect

from tests.journeys.process import KabarProcess, run_kabar
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def test_a_bot_is_marked_where_people_are_found_and_on_its_own_page(
    server: KabarProcess, person: MakePerson, tab: OpenTab
) -> None:
    ended = await run_kabar(
        *("keys", "create", "--name", "x", "--may", "users", "--json", "--data", str(server.data)),
        environment=server.environment,
    )
    key = json.loads(ended.out)["key"]
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as http,
        http.put(
            f"{server.url}/api/users/robin-7", json={"name": "Robin of Seven", "isBot": True}
        ) as answer,
    ):
        assert answer.status == 201
    ann = await tab(await person("Ann"))
    await ann.open("/people")

    await ann.page.get_by_role("searchbox").fill("robin of")

    found = ann.page.get_by_role("button", name="Robin of Seven").first
    await expect(found).to_have_accessible_name("Robin of Seven @robin_7 Bot")
    await found.click()
    card = ann.page.locator("kabar-profile")
    await expect(card.get_by_text("Bot", exact=True)).to_be_visible()
    assert await violations(ann.page) == []
