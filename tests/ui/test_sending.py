"""Is what one writes shown at once, sent once and in order, and never lost?"""

from __future__ import annotations

import asyncio
import json

import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Sends, Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def two(person: MakePerson, tab: OpenTab) -> tuple[Tab, Tab]:
    """Two people with the same room open."""
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    hers, his = await tab(ann), await tab(ben)
    await hers.open_room(room_id)
    await his.open_room(room_id)
    return hers, his


async def test_a_message_is_shown_greyed_until_the_server_has_it(two: tuple[Tab, Tab]) -> None:
    hers, his = two
    may_go = asyncio.Event()

    async def hold_up(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await hers.page.route("**/api/chat/send", hold_up)
    await hers.write("first")
    await hers.write("second")
    await expect(hers.pending).to_have_count(2)
    await expect(hers.composer).to_have_value("")

    may_go.set()
    await expect(hers.pending).to_have_count(0)
    await expect(hers.bubbles).to_have_text(["first", "second"])
    await expect(his.bubbles).to_have_text(["first", "second"])


async def test_a_refused_message_can_be_sent_again_as_the_same_one(two: tuple[Tab, Tab]) -> None:
    hers, his = two
    sends = Sends()
    await sends.watch(hers.page)

    sends.refuses = True
    await hers.write("refused")
    await expect(hers.page.get_by_text("Not sent.")).to_be_visible()
    await hers.write("waits behind it")
    await expect(hers.bubbles).to_have_count(2)
    assert len(sends.client_ids) == 1

    sends.refuses = False
    await hers.page.get_by_role("button", name="Retry").click()
    await expect(his.bubbles).to_have_text(["refused", "waits behind it"])
    assert sends.client_ids[0] == sends.client_ids[1] != sends.client_ids[2]
    await expect(hers.bubbles).to_have_count(2)


async def test_a_refused_message_outlives_a_reload_and_can_be_given_up(
    two: tuple[Tab, Tab],
) -> None:
    hers, _ = two
    sends = Sends()
    await sends.watch(hers.page)
    sends.refuses = True
    await hers.write("refused")
    await expect(hers.page.get_by_role("button", name="Retry")).to_be_visible()

    await hers.page.reload()
    await hers.page.get_by_role("alert").get_by_role("button", name="Delete").click()
    await expect(hers.bubbles).to_have_count(0)
    assert len(sends.client_ids) == 1


async def test_a_double_click_or_a_held_key_sends_once(two: tuple[Tab, Tab]) -> None:
    hers, his = two
    await hers.composer.fill("clicked twice")
    await hers.page.get_by_role("button", name="Send", exact=True).dblclick()
    await his.shows("clicked twice")
    await hers.composer.fill("key held down")
    await hers.composer.focus()
    for _ in range(5):
        await hers.page.keyboard.down("Enter")
    await hers.page.keyboard.up("Enter")
    await hers.write("the last one")
    await expect(his.bubbles).to_have_text(["clicked twice", "key held down", "the last one"])


async def test_the_last_message_is_edited_with_the_arrow_key(two: tuple[Tab, Tab]) -> None:
    hers, his = two
    await hers.write("a tpyo")
    await his.shows("a tpyo")
    await expect(hers.pending).to_have_count(0)
    await hers.composer.press("ArrowUp")
    await expect(hers.composer).to_have_value("a tpyo")
    await hers.composer.press("Escape")
    await expect(hers.composer).to_have_value("")

    await hers.composer.press("ArrowUp")
    await hers.write("a typo")
    await his.shows("a typo")
    await expect(his.page.get_by_text("edited")).to_be_visible()
    for tab in two:
        await expect(tab.page.locator("kabar-room-list .under")).to_have_text("a typo")


async def test_a_message_is_deleted_for_everyone_after_a_question(two: tuple[Tab, Tab]) -> None:
    hers, his = two
    await hers.write("regretted")
    await his.shows("regretted")
    await hers.bubbles.first.hover()
    await hers.log.get_by_role("button", name="Delete").click()
    await hers.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await hers.shows("regretted")

    await hers.bubbles.first.hover()
    await hers.log.get_by_role("button", name="Delete").click()
    await hers.page.get_by_role("dialog").get_by_role("button", name="Delete for everyone").click()
    for tab in two:
        await expect(tab.bubbles).to_have_text(["Message deleted"])


async def test_a_draft_outlives_a_reload(two: tuple[Tab, Tab]) -> None:
    hers, _ = two
    await hers.composer.fill("half a thou")
    await hers.page.reload()
    await expect(hers.composer).to_have_value("half a thou")


async def test_what_is_written_after_the_session_ended_is_sent_after_signing_in(
    two: tuple[Tab, Tab],
) -> None:
    hers, his = two
    username = (await his.page.locator("kabar-room .who a").inner_text()).removeprefix("@")
    await hers.page.context.clear_cookies()
    await hers.write("precious")
    await expect(hers.page.get_by_text("Not sent. Sign in again.")).to_be_visible()
    await expect(hers.page.get_by_role("status").filter(has_text="session")).to_be_visible()

    await hers.page.get_by_role("link", name="Sign in").click()
    await hers.page.get_by_label("Username or email").fill(username)
    await hers.page.get_by_label("Password").fill("correct horse battery")
    await hers.page.get_by_role("button", name="Sign in").click()
    # Back in the room where it was written.
    await hers.page.get_by_role("button", name="Retry").click()
    await his.shows("precious")
    await his.write("still live?")
    await hers.shows("still live?")


async def test_what_somebody_writes_is_text_and_nothing_else(two: tuple[Tab, Tab]) -> None:
    hers, his = two
    await hers.write(
        "<img src=x onerror=window.x=1><script>window.x=1</script> javascript:alert(1)"
    )
    await hers.write("see https://site.example/a_(b)).")
    await expect(his.bubbles).to_have_count(2)
    assert await his.page.evaluate("window.x") is None
    links = his.log.get_by_role("link")
    await expect(links).to_have_count(1)
    await expect(links).to_have_attribute("href", "https://site.example/a_(b)")
    await expect(links).to_have_attribute("rel", "noopener noreferrer nofollow ugc")


async def test_a_message_keeps_the_indentation_of_its_first_line(two: tuple[Tab, Tab]) -> None:
    hers, _ = two
    await hers.composer.fill("\n    if it is:\n        so\n\n")
    async with hers.page.expect_request("**/api/chat/send") as sent:
        await hers.composer.press("Enter")
    draft = json.loads((await sent.value).post_data or "")
    assert draft["content"] == "    if it is:\n        so"
    await expect(hers.bubbles.locator(".text").first).to_have_css("white-space", "pre-wrap")


async def test_a_message_that_is_too_long_is_told_before_it_is_sent(two: tuple[Tab, Tab]) -> None:
    hers, _ = two
    await hers.composer.fill("x" * 10_001)
    await expect(hers.page.get_by_text("10,000 characters at most")).to_be_visible()
    await expect(hers.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
