"""Marks in messages, as two people see them; nothing that somebody writes becomes HTML."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
WRITTEN = """**Plan** for _Friday_, ~~not~~ Saturday: `make dinner`
> who brings the salad?
- Ann: salad
- Ben: *cake*
```
if hungry:
    eat(**everything)
```
See https://site.example/a_b_c"""
HOSTILE = """<img src=x onerror="window.broken = 1"> **<script>window.broken = 1</script>**
[click](javascript:alert(1)) `<b>` javascript:alert(1)
> <iframe src="https://site.example"></iframe>
- <svg onload="window.broken = 1">"""


async def test_a_few_marks_mean_something_to_both(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann), await tab(ben)
    for each in (hers, his):
        await each.open_room(room)

    await hers.composer.fill(WRITTEN)
    await hers.composer.press("Enter")

    for each in (hers, his):
        bubble = each.bubbles.last
        await expect(bubble.locator("strong")).to_have_text("Plan")
        await expect(bubble.locator("em")).to_have_text(["Friday", "cake"])
        await expect(bubble.locator("s")).to_have_text("not")
        await expect(bubble.locator("code").first).to_have_text("make dinner")
        await expect(bubble.locator("pre")).to_have_text("if hungry:\n    eat(**everything)")
        await expect(bubble.get_by_role("blockquote")).to_have_text("who brings the salad?")
        await expect(bubble.get_by_role("listitem")).to_have_text(["Ann: salad", "Ben: cake"])
        await expect(bubble.get_by_role("link")).to_have_attribute(
            "href", "https://site.example/a_b_c"
        )
        assert await violations(each.page) == []


async def test_nothing_that_somebody_writes_becomes_html(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, HOSTILE)
    his = await tab(ben)
    await his.open_room(room)

    bubble = his.bubbles.last
    await expect(bubble).to_contain_text('<img src=x onerror="window.broken = 1">')
    await expect(bubble.locator("strong")).to_have_text("<script>window.broken = 1</script>")
    await expect(bubble.locator("img, script, iframe, svg")).to_have_count(0)
    await expect(bubble.get_by_role("link")).to_have_text(["https://site.example"])
    assert await his.page.evaluate("window.broken") is None
