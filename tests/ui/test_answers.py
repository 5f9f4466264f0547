"""Answering, changing and deleting what was said, as two people see it on the page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def act(tab: Tab, text: str, name: str) -> None:
    """Do something to the message with this text."""
    await tab.bubbles.filter(has_text=text).last.click()
    await tab.log.get_by_role("button", name=name, exact=True).locator("visible=true").click()


async def choose(tab: Tab, name: str) -> None:
    await tab.page.get_by_role("dialog").get_by_role("button", name=name).click()


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_an_answer_shows_what_it_answers_and_leads_there(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    asked = await ann.say(room, "Dinner on Friday?")
    for number in range(60):
        await ann.say(room, f"number {number}")
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await hers.open_room(room)
    await his.open(f"/chat/{room}?message={asked['id']}")

    await act(his, "Dinner on Friday?", "Reply")
    await expect(his.page.get_by_text("Replying to Ann")).to_be_visible()
    await his.composer.fill("Yes, gladly")
    await his.page.get_by_role("button", name="Send", exact=True).click()

    quote = hers.bubbles.last.get_by_role("button")
    await expect(quote).to_contain_text("Ann")
    await expect(quote).to_contain_text("Dinner on Friday?")
    await expect(his.page.get_by_text("Replying to")).to_have_count(0)
    assert await violations(hers.page) == []
    await quote.click()
    found = hers.page.locator("kabar-message-list .found .bubble")
    await expect(found).to_be_focused()
    await expect(found).to_have_text("Dinner on Friday?")
    await expect(found).to_be_in_viewport()

    # What is deleted later is no longer quoted.
    await ann.did("DELETE", f"/api/chat/messages?messageId={asked['id']}")
    await expect(his.bubbles.last.get_by_role("button")).to_contain_text("Message deleted")
    await expect(his.bubbles.last).not_to_contain_text("Dinner")


async def test_escape_gives_an_answer_up_and_the_keyboard_begins_one(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Dinner on Friday?")
    his = await tab(ben)
    await his.open_room(room)

    await his.log.focus()
    for key in ("ArrowUp", "Enter", "ArrowRight", "Enter"):
        await his.page.keyboard.press(key)
    await expect(his.page.get_by_text("Replying to Ann")).to_be_visible()
    await expect(his.composer).to_be_focused()
    await his.page.keyboard.press("Escape")
    await expect(his.page.get_by_text("Replying to Ann")).to_have_count(0)
    await his.write("Something else")

    await his.shows("Something else")
    await expect(his.bubbles.last.get_by_role("button")).to_have_count(0)


async def test_everybody_sees_what_a_message_said_before(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    message = await ann.say(room, "Dinner on Friday?")
    his = await tab(ben)
    await his.open_room(room)
    for words in ("Dinner on Saturday?", "Dinner on Sunday?"):
        edit = {"messageId": message["id"], "content": words}
        await ann.did("PATCH", "/api/chat/messages", json=edit)
    await his.shows("Dinner on Sunday?")

    await his.log.get_by_role("button", name="Edited").click()

    former = his.page.get_by_role("dialog", name="What it said before").get_by_role("listitem")
    await expect(former).to_contain_text(["Dinner on Friday?", "Dinner on Saturday?"])
    assert await violations(his.page) == []


async def test_deleted_for_me_it_is_gone_from_my_other_tab_and_stays_for_others(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "one")
    await ann.say(room, "two")
    his, other, hers = await tab(ben), await tab(ben), await tab(ann)
    for each in (his, other, hers):
        await each.open_room(room)

    await act(his, "two", "Delete")
    await expect(
        his.page.get_by_role("dialog").get_by_role("button", name="Delete for everyone")
    ).to_have_count(0)
    await choose(his, "Delete for me")

    for each in (his, other):
        await expect(each.bubbles).to_have_text(["one"])
        await expect(each.page.locator("kabar-room-list")).not_to_contain_text("two")
    await expect(hers.bubbles).to_have_text(["one", "two"])
    await hers.write("three")
    await expect(other.bubbles).to_have_text(["one", "three"])


async def test_deleted_for_everyone_everybody_sees_that_something_was_there(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "one")
    hers, his = await tab(ann), await tab(ben)
    for each in (hers, his):
        await each.open_room(room)

    await act(hers, "one", "Delete")
    await choose(hers, "Delete for everyone")

    for each in (hers, his):
        await expect(each.bubbles).to_have_text(["Message deleted"])
