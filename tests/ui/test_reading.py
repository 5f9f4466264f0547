"""Is what one has not read counted, found, and left in place while one reads?"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.journeys.persons import Person
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import AT_DIVIDER, SCROLLER, Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Reader:
    """Ben, who reads in his tab what Ann says in their room."""

    ann: Person
    ben: Person
    room_id: str
    tab: Tab

    async def hears(self, name: str, count: int) -> None:
        for number in range(count):
            await self.ann.say(self.room_id, f"{name} {number}")

    async def returns(self) -> None:
        """Come back to the room by the list."""
        await self.tab.page.get_by_role("link", name="Chats").click()
        await self.tab.page.get_by_role("link", name="Ann").click()


@pytest_asyncio.fixture(loop_scope="session")
async def reader(person: MakePerson, tab: OpenTab) -> Reader:
    ann, ben = await person("Ann"), await person("Ben")
    return Reader(ann, ben, await ann.room_with(ben), await tab(ben))


async def test_what_came_while_away_begins_at_a_divider(reader: Reader) -> None:
    await reader.hears("old", 3)
    await reader.tab.open_room(reader.room_id)
    await expect(reader.tab.page).to_have_title("Kabar")
    await reader.tab.page.get_by_role("link", name="People").click()
    await reader.hears("new", 3)
    await expect(reader.tab.page).to_have_title("(3) Kabar")

    await reader.returns()
    await expect(reader.tab.divider).to_be_visible()
    assert await reader.tab.page.evaluate(AT_DIVIDER) == ["new 0", True]
    await expect(reader.tab.page).to_have_title("Kabar")
    await expect(reader.tab.divider).to_be_visible()


async def test_the_first_unread_message_is_found_many_pages_back(reader: Reader) -> None:
    await reader.hears("old", 5)
    await reader.tab.open_room(reader.room_id)
    await reader.tab.open("/people")
    await reader.hears("new", 110)
    await expect(reader.tab.chat_badge).to_have_text("99+")

    await reader.tab.open_room(reader.room_id)
    await reader.tab.page.get_by_role("button", name="Jump to first unread").click()
    await expect(reader.tab.divider).to_be_visible()
    assert await reader.tab.page.evaluate(AT_DIVIDER) == ["new 0", True]
    await reader.tab.page.get_by_role("button", name="Jump to latest").click()
    await reader.tab.shows("new 109")
    assert await reader.tab.from_bottom() < 2


async def test_only_what_was_in_view_is_read(reader: Reader) -> None:
    await reader.tab.open_room(reader.room_id)
    await reader.hears("old", 1)
    await reader.tab.shows("old 0")
    await reader.tab.page.get_by_role("link", name="People").click()
    await reader.hears("new", 40)
    await expect(reader.tab.page).to_have_title("(40) Kabar")

    async with reader.tab.page.expect_response("**/api/chat/read") as answered:
        await reader.returns()
    left = (await (await answered.value).json())["unreadCount"]
    assert 10 < left < 40
    await expect(reader.tab.page).to_have_title(f"({left}) Kabar")
    await reader.tab.page.get_by_role("button", name="Jump to latest").click()
    await expect(reader.tab.page).to_have_title("Kabar")


async def test_reading_here_lowers_the_badge_there(reader: Reader, tab: OpenTab) -> None:
    elsewhere = await tab(reader.ben)
    await elsewhere.open("/people")
    await reader.hears("new", 2)
    await expect(elsewhere.chat_badge).to_have_text("2")
    await reader.tab.open_room(reader.room_id)
    await expect(elsewhere.chat_badge).to_have_count(0)


async def test_the_view_stays_where_it_is_while_messages_come(reader: Reader) -> None:
    await reader.hears("line", 120)
    await reader.tab.open_room(reader.room_id)
    await reader.tab.shows("line 119")

    # Older ones above: the row at the top edge does not move while a page is added.
    moved = await reader.tab.page.evaluate(
        f"""async () => {{
          const scroller = {SCROLLER};
          const rows = () => [...scroller.querySelectorAll(".row")];
          const before = rows().length;
          scroller.scrollTop = 300;
          const edge = scroller.getBoundingClientRect().top;
          const row = rows().find((each) => each.getBoundingClientRect().bottom > edge);
          const top = row.getBoundingClientRect().top;
          await new Promise((done, failed) => {{
            setTimeout(failed, 10_000, new Error(`still ${{rows().length}} rows`));
            new MutationObserver(() => rows().length > before && requestAnimationFrame(done))
              .observe(scroller, {{ childList: true, subtree: true }});
          }});
          return row.getBoundingClientRect().top - top;
        }}"""
    )
    assert abs(moved) < 2

    # New ones below: a pill counts them.
    await expect(reader.tab.bubbles).not_to_have_count(50)
    place = await reader.tab.page.evaluate(f"{SCROLLER}.scrollTop")
    await reader.hears("while you were up", 2)
    pill = reader.tab.page.get_by_role("button", name="Jump to latest")
    await expect(pill).to_have_text("2 new")
    assert await reader.tab.page.evaluate(f"{SCROLLER}.scrollTop") == pytest.approx(place, abs=2)

    await pill.click()
    await reader.hears("at the bottom", 1)
    await reader.tab.shows("at the bottom 0")
    assert await reader.tab.from_bottom() < 2


async def test_a_notification_leads_to_what_it_is_about(reader: Reader) -> None:
    await reader.tab.open("/people")
    await reader.hears("psst", 2)
    await expect(reader.tab.notification_badge).to_have_text("1")
    await reader.tab.page.get_by_role("button", name="Notifications").click()
    await expect(reader.tab.notification_badge).to_have_count(0)
    await reader.tab.page.get_by_role("dialog").get_by_role("link", name="psst 1").click()
    await reader.tab.shows("psst 1")
    assert reader.tab.page.url.endswith(f"/chat/{reader.room_id}")


async def test_a_list_without_entries_says_so(reader: Reader) -> None:
    await reader.tab.open("/notifications")
    await expect(reader.tab.page.get_by_text("You are all caught up.")).to_be_visible()
    await reader.tab.open("/chat/no-such-room")
    await expect(reader.tab.page.get_by_text("you are not in it")).to_be_visible()
