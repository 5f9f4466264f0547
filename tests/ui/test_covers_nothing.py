"""Is every text seen whole: does nothing cut it early, and nothing lie over it?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import SCROLLER, Tab
from tests.ui.test_failures import Faults, a_room, is_told

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}},
}
#: how far a text that is cut stays from what stands beside it, or from the end of its line
UNUSED = """texts => texts.filter(each => each.scrollWidth > each.clientWidth).map(each => {
  const beside = each.nextElementSibling?.getBoundingClientRect().left;
  return (beside ?? each.parentElement.getBoundingClientRect().right)
    - each.getBoundingClientRect().right;
})"""
#: the texts of messages over which an element lies
COVERED = f"""(over) => {{
  const {{ left, right, top, bottom }} = over.getBoundingClientRect();
  return [...{SCROLLER}.querySelectorAll(".text")].filter((each) => {{
    const text = each.getBoundingClientRect();
    return left < text.right && text.left < right && top < text.bottom && text.top < bottom;
  }}).map((each) => each.textContent.trim());
}}"""


async def unused(texts: Locator) -> list[float]:
    pixels: list[float] = await texts.evaluate_all(UNUSED)
    return pixels


async def scroll(tab: Tab, pixels: int) -> None:
    await tab.log.hover()
    await tab.page.mouse.wheel(0, pixels)


@pytest.mark.parametrize("look", LOOKS)
async def test_lists_cut_a_text_only_where_its_line_ends(
    person: MakePerson, tab: OpenTab, look: str
) -> None:
    ann, ben = await person("Tomas"), await person("Ben")
    for _ in range(2):
        await ann.say(await ann.room_with(ben), "They came out better than the drawing " * 3)
    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    await ann.did("PATCH", "/api/me", json={"name": "Ann of a name that is long " * 3})
    his = await tab(ben, **LOOKS[look])
    await his.open("/chat")
    rooms = his.page.locator("kabar-room-list")
    await expect(rooms.locator(".count")).to_be_visible()
    for text in (".title", ".under"):
        (beside,) = await unused(rooms.locator(text))
        assert 0 <= beside <= 8, "a gap"

    await his.open("/people")
    await his.page.get_by_label("Search people").fill(ann.username)
    people = his.page.locator("kabar-people-search")
    await expect(people.locator("li")).to_have_count(1)
    await expect(people.get_by_text("Follows you")).to_be_visible()
    username = people.locator(".under")
    assert await username.evaluate("each => each.scrollWidth <= each.clientWidth")
    button = await people.locator("kabar-follow-button").bounding_box()
    title = await people.locator(".title").bounding_box()
    assert button
    assert title
    assert 0 <= button["x"] - title["x"] - title["width"] <= 16


async def test_the_notification_panel_leads_to_all_notifications(
    person: MakePerson, tab: OpenTab
) -> None:
    _, ben, _ = await a_room(person)
    his = await tab(ben)
    await his.open("/people")
    bell = his.page.get_by_role("button", name="Notifications")
    await bell.click()
    await his.page.get_by_role("dialog").get_by_role("link", name="See all").click()
    await expect(his.page.get_by_role("heading", level=1, name="Notifications")).to_be_visible()
    await expect(his.page.get_by_role("dialog")).to_have_count(0)
    await expect(bell).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize("fails", [r"/chat/messages\?", r"/api/(chat/rooms/|messages$)"])
async def test_what_was_not_sent_is_seen_though_its_room_is_not(
    person: MakePerson, tab: OpenTab, fails: str
) -> None:
    ann, _, room_id = await a_room(person)
    hers = await tab(ann)
    await Faults().of(hers.page, fails)
    await hers.page.route("**/ui/config.json", lambda route: route.abort())
    refused = await Faults().of(hers.page, r"/chat/send$")
    await hers.open(f"/chat/{room_id}")
    await is_told(hers)
    await hers.write("one")
    await hers.write("two")
    await expect(hers.bubbles).to_have_text(["one", "two"])
    await expect(hers.page.get_by_text("Not sent.").first).to_be_visible()

    await hers.page.reload()
    await expect(hers.bubbles).to_have_text(["one", "two"])
    await hers.page.get_by_role("button", name="Delete").click()
    await expect(hers.bubbles).to_have_text(["two"])
    refused.mended = True
    await hers.page.get_by_role("button", name="Retry").click()
    await expect(hers.bubbles).to_have_count(0)
    assert (await ann.did("GET", f"/api/chat/rooms/{room_id}"))["lastMessage"] == "two"


async def test_the_composer_says_that_a_text_is_too_long_in_red_and_aloud(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, _, room_id = await a_room(person)
    hers = await tab(ann)
    await hers.open_room(room_id)
    await hers.composer.fill("x" * 10_001)
    said = hers.page.get_by_role("alert").filter(has_text="10,000 characters")
    await expect(said).to_be_visible()
    await expect(hers.composer).to_have_accessible_description(
        "A message can have 10,000 characters at most."
    )
    await expect(hers.composer).to_have_attribute("aria-invalid", "true")
    colour = "each => getComputedStyle(each).color"
    link = hers.page.locator("kabar-composer .above.error")
    assert await said.evaluate(colour) == await link.evaluate(colour)
    quiet = hers.page.locator("kabar-room-list .quiet").first
    assert await said.evaluate(colour) != await quiet.evaluate(colour)
    await hers.composer.fill("short")
    await expect(said).to_have_count(0)
    await expect(hers.composer).to_have_attribute("aria-invalid", "false")


async def test_nothing_lies_over_the_messages_that_one_reads(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, room_id = await a_room(person)
    for number in range(40):
        await (ann if number % 3 else ben).say(room_id, f"{number} " + "long enough " * 20)
    his = await tab(ben, **LOOKS["desktop"])
    await his.open_room(room_id)
    await scroll(his, -600)
    label = his.page.locator("kabar-message-list .date.floats span").last
    await expect(label).to_have_css("opacity", "1")
    await expect(label).to_have_css("opacity", "0")
    pill = his.page.get_by_role("button", name="Jump to latest")
    assert await pill.evaluate(f"each => !{SCROLLER}.contains(each)")
    below = await pill.bounding_box()
    view = await his.log.bounding_box()
    assert below
    assert view
    assert below["y"] >= view["y"] + view["height"]

    for bubble in await his.bubbles.all():
        if await bubble.is_visible() and (box := await bubble.bounding_box()) and box["y"] > 100:
            await bubble.hover()
            actions = his.page.locator("kabar-message-list .row:hover .actions")
            await expect(actions).to_be_visible()
            assert await actions.evaluate(COVERED) == []
            break
    else:
        pytest.fail("no message is in view")


async def test_on_a_phone_what_can_be_done_with_a_message_does_not_lie_over_it(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, room_id = await a_room(person)
    await ann.say(room_id, "one more")
    his = await tab(ben, **LOOKS["phone"], has_touch=True)
    await his.open_room(room_id)
    await his.bubbles.last.tap()
    actions = his.page.locator("kabar-message-list .row:focus-within .actions")
    await expect(actions).to_be_visible()
    assert "one more" not in await actions.evaluate(COVERED)


@pytest.mark.parametrize("look", LOOKS)
async def test_the_words_of_the_navigation_stand_alike_below_their_icons(
    person: MakePerson, tab: OpenTab, look: str
) -> None:
    ben = await person("Ben")
    his = await tab(ben, **LOOKS[look])
    await his.open("/people")
    await expect(his.page.get_by_role("link", name="Account")).to_be_visible()
    offsets = await his.page.locator("nav .bell").evaluate_all(
        """bells => bells.map(bell => {
          const label = bell.querySelector(".label").getBoundingClientRect();
          return [label.top, label.bottom].map(each => each - bell.getBoundingClientRect().top);
        })"""
    )
    assert len(offsets) == 4
    assert all(offset == offsets[0] for offset in offsets)
