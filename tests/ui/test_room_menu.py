"""How one has a room for oneself: muted, told of, put away, on all of one's devices."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import Locator, expect

from kabar.core.times import rfc3339, utc_now
from tests.journeys.persons import Person
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_answers import PHONE

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
LOOKS = pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])


def rooms_of(tab: Tab) -> Locator:
    return tab.page.locator("kabar-room-list .item")


def head(tab: Tab) -> Locator:
    return tab.page.locator("kabar-room header")


def archive_of(tab: Tab) -> Locator:
    """The way to what is put away."""
    return tab.page.get_by_role("button", name=re.compile("^Archived"))


async def choose(tab: Tab, what: str) -> None:
    await head(tab).get_by_role("button", name="Conversation settings").click()
    await head(tab).get_by_role("menuitem", name=what).click()


async def chosen(ann: Person, room: str) -> dict[str, object]:
    me: dict[str, object] = (await ann.did("GET", f"/api/chat/rooms/{room}"))["me"]
    return me


@LOOKS
async def test_a_muted_room_says_so_and_until_when(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ben.say(room, "psst")
    hers, other = await tab(ann, **look), await tab(ann)
    await hers.open_room(room)
    await other.open("/chat")

    await choose(hers, "Mute for 8 hours")

    await expect(head(hers)).to_contain_text("Muted until")
    await expect(rooms_of(other).get_by_label("Muted until")).to_be_visible()
    for each in (hers, other):
        assert await violations(each.page) == []
    await ben.say(room, "psst again")
    await expect(rooms_of(other)).to_contain_text("psst again")
    await expect(other.chat_badge).to_have_count(0)

    await choose(hers, "Unmute")

    await expect(head(hers)).not_to_contain_text("Muted")
    await expect(rooms_of(other).get_by_label("Muted")).to_have_count(0)
    for mute in ("Mute for 1 hour", "Mute until tomorrow"):
        await choose(hers, mute)
        await expect(head(hers)).to_contain_text("Muted until")
        await choose(hers, "Unmute")
        await expect(head(hers)).not_to_contain_text("Muted")
    await choose(hers, "Mute until I turn it on")
    await expect(rooms_of(other).get_by_label("Muted", exact=True)).to_be_visible()


async def test_a_mute_that_ends_gives_the_count_back_without_anybody_doing_anything(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    until = rfc3339(utc_now() + timedelta(seconds=5))
    quiet = {"isArchived": True, "mutedUntil": until}
    await ann.did("PATCH", f"/api/chat/rooms/{room}/me", json=quiet)
    await ben.say(room, "psst")
    hers = await tab(ann)

    await hers.open("/chat")

    await expect(archive_of(hers)).to_be_visible()
    await expect(hers.chat_badge).to_have_text("1")
    await expect(hers.notification_badge).to_have_text("1")
    await expect(rooms_of(hers)).to_contain_text("psst")
    await expect(rooms_of(hers).get_by_label("Muted")).to_have_count(0)


async def test_of_what_one_is_told_is_chosen_by_the_keyboard(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, other = await tab(ann), await tab(ann)
    await hers.open_room(room)
    await other.open_room(room)

    await head(hers).get_by_role("button", name="Conversation settings").focus()
    await hers.page.keyboard.press("Enter")
    await expect(head(hers).get_by_role("menuitem").first).to_be_focused()
    for _ in range(5):
        await hers.page.keyboard.press("ArrowDown")
    await hers.page.keyboard.press("Enter")

    for each in (hers, other):
        await head(each).get_by_role("button", name="Conversation settings").click()
        item = head(each).get_by_role("menuitem", name="✓ Tell me of mentions only")
        await expect(item).to_be_visible()
    assert await violations(hers.page) == []
    assert (await chosen(ann, room))["notify"] == "mentions"


@LOOKS
async def test_what_is_put_away_is_found_again_and_a_message_brings_it_back(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    room, kept = await ann.room_with(ben), await ann.room_with(cleo)
    await ben.say(room, "From Ben")
    await cleo.say(kept, "From Cleo")
    hers, other = await tab(ann, **look), await tab(ann, **look)
    await hers.open_room(room)
    await other.open("/chat")
    await expect(rooms_of(other)).to_have_count(2)
    await expect(archive_of(other)).to_have_count(0)

    await choose(hers, "Archive")

    await expect(head(hers)).to_contain_text("Archived")
    await expect(rooms_of(other)).to_have_count(1)
    await expect(archive_of(other)).to_contain_text("1")
    assert await violations(other.page) == []
    await archive_of(other).click()
    await expect(rooms_of(other)).to_contain_text("From Ben")
    assert await violations(other.page) == []
    await rooms_of(other).click()
    await choose(other, "Bring back")
    await expect(head(other)).not_to_contain_text("Archived")
    await expect(head(hers)).not_to_contain_text("Archived")

    # Nobody has it open: only the bell of the room tells of the message.
    await other.open("/chat")
    await choose(hers, "Archive")
    await expect(archive_of(other)).to_be_visible()
    async with hers.page.expect_response("**/api/pusher/auth"):
        await hers.open("/chat")
    await expect(rooms_of(hers)).to_have_count(1)
    await ben.say(room, "Once more")

    for each in (hers, other):
        await expect(rooms_of(each)).to_have_count(2)
        await expect(rooms_of(each).first).to_contain_text("Once more")
        await expect(archive_of(each)).to_have_count(0)


@pytest.mark.parametrize("what", ["Mute for 1 hour", "Tell me of nothing", "Archive"])
async def test_what_could_not_be_done_is_said_and_done_again(
    person: MakePerson, tab: OpenTab, what: str
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    before = await chosen(ann, room)
    hers = await tab(ann)
    await hers.open_room(room)
    await hers.page.route("**/api/chat/rooms/*/me", lambda route: route.abort())

    await choose(hers, what)

    notice = hers.page.locator("kabar-room").get_by_role("alert")
    await expect(notice).to_contain_text("cannot be reached")
    await expect(head(hers)).not_to_contain_text(re.compile("Muted|Archived"))
    assert await chosen(ann, room) == before
    await hers.page.unroute("**/api/chat/rooms/*/me")
    async with hers.page.expect_response("**/api/chat/rooms/*/me"):
        await notice.get_by_role("button", name="Try again").click()
    await expect(notice).to_have_count(0)
    assert await chosen(ann, room) != before
