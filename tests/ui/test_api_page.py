"""Can the page that describes the API be read on a phone, and in the dark?"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_looks import SIDEWAYS

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
#: rows of the explorer's tables that lie over the next one, or whose cells stand out of them
OVERLAPPING = """tables => tables.flatMap(table => {
  const rows = [...table.querySelectorAll("tr")];
  return rows.filter((row, index) => {
    const { bottom, left } = row.getBoundingClientRect();
    const next = rows[index + 1]?.getBoundingClientRect().top ?? Infinity;
    return [...row.querySelectorAll("*")].some(each => {
      const box = each.getBoundingClientRect();
      return box.width && (box.bottom > Math.min(bottom, next) + 1 || box.left < left - 1);
    });
  }).map(row => row.textContent);
})"""
#: how light the colours of an element are, from 0 to 1
LIGHTNESS = """element => ["backgroundColor", "color"].map(name => {
  const parts = getComputedStyle(element)[name].match(/[\\d.]+/g).slice(0, 3).map(Number);
  return parts.reduce((sum, each) => sum + each) / 3 / 255;
})"""


async def opened(tab: Tab) -> Tab:
    await tab.open("/docs")
    await expect(tab.page.get_by_text("Make an account and sign in").first).to_be_visible()
    return tab


async def test_on_a_phone_every_row_is_whole_and_nothing_stands_out(tab: OpenTab) -> None:
    somebody = await opened(await tab(viewport={"width": 390, "height": 844}))
    tables = somebody.page.locator("openapi-explorer table")
    assert await tables.evaluate_all(OVERLAPPING) == []
    assert await somebody.page.evaluate(SIDEWAYS) == []

    await somebody.page.get_by_text("Make an account and sign in").first.click()
    said = somebody.page.get_by_text("3 to 30 letters (a to z)").first
    await expect(said).to_be_visible()
    assert await tables.evaluate_all(OVERLAPPING) == []
    assert await somebody.page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_has_the_scheme_that_one_has_chosen(tab: OpenTab, scheme: str) -> None:
    somebody = await opened(await tab(color_scheme=scheme))
    explorer = somebody.page.locator("openapi-explorer")
    field = somebody.page.get_by_placeholder("Filter")
    for element in (explorer, field):
        ground, text = await element.evaluate(LIGHTNESS)
        assert abs(ground - text) > 0.4
        assert (ground < text) is (scheme == "dark")
