"""Is a long conversation as quick, and as calm, as a short one?"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.persons import Person
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import AT_DIVIDER, SCROLLER

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

ROWS = f"{SCROLLER}.querySelectorAll('.row').length"
#: loads all that was said before
LOAD_ALL = """async roomId => {
  const { rooms } = await import("/ui/store/rooms.js");
  const log = rooms.log(roomId);
  while (log.hasMoreBefore) await log.loadOlder();
  return log.messages.length;
}"""
#: scrolls to the end of what can be scrolled to, up or down, and notes how many rows there were,
#: and how far what was in view before each step has jumped
SCROLL_ALL = f"""async direction => {{
  const scroller = {SCROLLER};
  const frame = () => new Promise(requestAnimationFrame);
  let most = 0, jumped = 0, quiet = 0;
  while (quiet < 10) {{
    const before = scroller.scrollTop;
    scroller.scrollTop += direction * 500;
    const moved = scroller.scrollTop - before;
    const middle = scroller.getBoundingClientRect().top + scroller.clientHeight / 2;
    const row = [...scroller.querySelectorAll(".row")]
      .find((each) => each.getBoundingClientRect().bottom > middle);
    const {{ top }} = row.getBoundingClientRect();
    await frame();
    await frame();
    if (row.isConnected) jumped = Math.max(jumped, Math.abs(row.getBoundingClientRect().top - top));
    most = Math.max(most, scroller.querySelectorAll(".row").length);
    quiet = moved === 0 ? quiet + 1 : 0;
  }}
  return [most, jumped];
}}"""


async def say_many(who: Person, room_id: str, name: str, count: int) -> None:
    for number in range(count):
        await who.say(room_id, f"{name} {number}")


async def test_never_more_of_a_long_room_is_on_the_page_than_one_can_read(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await say_many(ann, room_id, "line", 900)
    await ben.did("POST", "/api/chat/read", json={"roomId": room_id})
    his = await tab(ben)
    await his.open_room(room_id)
    assert await his.page.evaluate(LOAD_ALL, room_id) == 900

    for direction, end in ((-1, "line 0"), (1, "line 899")):
        most, jumped = await his.page.evaluate(SCROLL_ALL, direction)
        assert most <= 320
        assert jumped < 2
        await expect(his.log.get_by_text(end, exact=True)).to_be_in_viewport()
    assert await his.from_bottom() < 2

    # Followed at the end as ever, and still not growing.
    await say_many(ann, room_id, "more", 100)
    await expect(his.log.get_by_text("more 99", exact=True)).to_be_in_viewport()
    assert await his.page.evaluate(ROWS) <= 320


async def test_the_first_of_two_thousand_unread_is_one_request_away(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await say_many(ann, room_id, "old", 60)
    await ben.did("POST", "/api/chat/read", json={"roomId": room_id})
    await say_many(ann, room_id, "new", 2000)
    his = await tab(ben)
    await his.open_room(room_id)
    pages: list[str] = []
    his.page.on(
        "request", lambda each: pages.append(each.url) if "/chat/messages?" in each.url else None
    )

    await his.page.get_by_role("button", name="Jump to first unread").click()
    await expect(his.divider).to_be_visible()
    assert await his.page.evaluate(AT_DIVIDER) == ["new 0", True]
    assert len(pages) <= 3  # and what is just above and below

    # What is said meanwhile is counted, not drawn, and the end is a click away.
    await ann.say(room_id, "the last")
    await his.page.get_by_role("button", name="Jump to latest").click()
    await his.shows("the last")
    assert await his.from_bottom() < 2


async def test_the_arrow_keys_lead_through_all_of_a_long_room(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await say_many(ann, room_id, "line", 130)
    await ben.did("POST", "/api/chat/read", json={"roomId": room_id})
    his = await tab(ben)
    await his.open_room(room_id)
    await his.log.focus()
    for number in range(129, -1, -1):
        await his.page.keyboard.press("ArrowUp")
        await expect(his.log.get_by_text(f"line {number}", exact=True)).to_be_in_viewport()
    await expect(his.bubbles.first).to_be_focused()
