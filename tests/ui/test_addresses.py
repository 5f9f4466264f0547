"""Does an address lead where it says, also through the sign-in and past midnight?"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.persons import PASSWORD
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import SCROLLER, Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def sign_in(tab: Tab, username: str) -> None:
    await tab.page.get_by_label("Username or email").fill(username)
    await tab.page.get_by_label("Password").fill(PASSWORD)
    await tab.page.get_by_role("button", name="Sign in").click()


async def test_who_signs_in_comes_to_where_they_were_going(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    message = await ann.say(room_id, "over here")
    address = f"/chat/{room_id}?message={message['id']}"
    his = await tab()
    await his.open(address)
    # Also by the way of creating an account, and over a reload.
    await his.page.get_by_role("link", name="Create an account").click()
    await his.page.reload()
    await his.page.get_by_role("link", name="Sign in").click()
    await sign_in(his, ben.username)
    await his.shows("over here")
    assert his.page.url.endswith(address)


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/chat", "//example.org/chat", "/up", "/sign-in", "%"]
)
async def test_signing_in_leads_nowhere_else(
    person: MakePerson, tab: OpenTab, elsewhere: str
) -> None:
    ann = await person("Ann")
    hers = await tab()
    await hers.page.goto(f"{hers.url}/sign-in?next={elsewhere}")
    await sign_in(hers, ann.username)
    await expect(hers.page.get_by_role("heading", name="Chats")).to_be_visible()
    assert hers.page.url == f"{hers.url}/chat"


async def test_a_link_to_a_message_shows_it_many_pages_back(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    said = [await ann.say(room_id, f"line {number}") for number in range(400)]
    his = await tab(ben)
    pages: list[str] = []
    his.page.on("request", lambda each: pages.append(each.url) if "limit=" in each.url else None)
    await his.open(f"/chat/{room_id}?message={said[40]['id']}")
    linked = his.bubbles.filter(has_text="line 40")
    await expect(linked).to_be_focused()
    await expect(linked).to_be_in_viewport()
    # One call leads there, and nobody walks through the pages between. What is held is read again
    # when the room is heard, and after the first moment of sync.
    around = [url for url in pages if "around" in url]
    assert [said[40]["id"] in url for url in around].count(True) == 1
    assert said[40]["id"] in around[0]
    assert len(around) <= 3
    assert not [url for url in pages if "beforeId" in url]

    # Another one in the same room, and then on from there to the end.
    await his.page.evaluate(
        """path => {
          history.pushState(null, "", path);
          dispatchEvent(new PopStateEvent("popstate"));
        }""",
        f"/chat/{room_id}?message={said[200]['id']}",
    )
    await expect(his.bubbles.filter(has_text="line 200")).to_be_in_viewport()
    await his.page.get_by_role("button", name="Jump to latest").click()
    await his.shows("line 399")
    assert await his.from_bottom() < 2


async def test_a_link_to_a_message_that_is_not_there_opens_the_room(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "hello")
    his = await tab(ben)
    await his.open(f"/chat/{room_id}?message=gone")
    await his.shows("hello")
    await his.write("still works")
    await his.shows("still works")


async def test_today_is_yesterday_after_midnight(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "good night")
    his = await tab(ben)
    await his.page.clock.install()
    await his.open_room(room_id)
    day = his.log.locator(".date")
    await expect(day).to_have_text("Today")
    await his.page.clock.fast_forward("24:00:00")
    await expect(day).to_have_text("Yesterday")
    await expect(his.page.locator("kabar-room-list time")).to_have_text("Yesterday")


async def test_the_pill_counts_down_while_one_reads_on(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "old")
    await ben.did("POST", "/api/chat/read", json={"roomId": room_id})
    for number in range(40):
        await ann.say(room_id, f"new {number}")
    his = await tab(ben)
    await his.open_room(room_id)
    pill = his.page.locator(".pill.latest button")

    async def left() -> int:
        return int((await pill.inner_text()).split()[0])

    await expect(his.divider).to_be_visible()
    before = await left()
    await his.page.evaluate(f"{SCROLLER}.scrollTop += 300")
    await expect(pill).not_to_contain_text(f"{before} new")
    assert 0 < await left() < before


async def test_the_page_works_where_site_data_is_blocked(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, name, {
            get() { throw new DOMException("Access is denied.", "SecurityError"); },
          });"""
    )
    await hers.open_room(room_id)
    await hers.write("without keeping anything")
    await hers.shows("without keeping anything")
