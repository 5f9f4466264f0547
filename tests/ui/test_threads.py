"""Threads on the page: replies under a message, beside the room, as two people see them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab
from tests.ui.test_accessible import violations
from tests.ui.test_answers import PHONE, act

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def thread(tab: Tab) -> Locator:
    return tab.page.locator("kabar-thread")


def replies(tab: Tab) -> Locator:
    """What is said in the thread, without the message that it hangs on."""
    return thread(tab).locator(".bubble .text")


def line(tab: Tab) -> Locator:
    """What stands in the room below the message."""
    return tab.page.locator("kabar-room button.thread")


async def reply(tab: Tab, text: str) -> None:
    field = thread(tab).get_by_label("Write a reply")
    await field.fill(text)
    await thread(tab).get_by_role("button", name="Send", exact=True).click()
    await expect(replies(tab).last).to_have_text(text)


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
async def test_two_people_talk_in_a_thread_beside_their_room(
    person: MakePerson, tab: OpenTab, look: dict[str, object]
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    root = await ann.say(room, "Lunch?")
    await ann.say(room, "And now something else")
    hers, his = await tab(ann, **look), await tab(ben, **look)
    await hers.open_room(room)
    await his.open_room(room)

    await act(his, "Lunch?", "Reply in thread")
    await expect(his.page).to_have_url(re.compile(rf"/chat/{room}\?thread={root['id']}$"))
    await expect(replies(his)).to_have_text(["Lunch?"])
    await reply(his, "Noodles")

    # In her room it stands below the message, and is no news of the room.
    await expect(line(hers)).to_contain_text("1 reply")
    await expect(line(hers).locator(".badge")).to_have_text("1")
    await expect(hers.page.locator("kabar-room .bubble .text")).to_have_text(
        ["Lunch?", "And now something else"]
    )
    assert await violations(hers.page) == []
    await line(hers).click()
    await expect(replies(hers)).to_have_text(["Lunch?", "Noodles"])
    await reply(hers, "or rice")
    await expect(replies(his)).to_have_text(["Lunch?", "Noodles", "or rice"])
    assert await violations(hers.page) == []

    # What she has read there is unread no more, also after a reload.
    await hers.page.reload()
    await expect(replies(hers)).to_have_text(["Lunch?", "Noodles", "or rice"])
    if look:
        await thread(hers).get_by_role("button", name="Back").click()
    else:
        await thread(hers).get_by_label("Write a reply").press("Escape")
    await expect(thread(hers)).to_have_count(0)
    await expect(hers.page).to_have_url(re.compile(rf"/chat/{room}$"))
    await expect(line(hers)).to_contain_text("2 replies")
    await expect(line(hers).locator(".badge")).to_have_count(0)


async def test_a_reply_that_is_changed_or_deleted_is_so_for_the_other_at_once(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    root = await ann.say(room, "Lunch?")
    said = await ben.say(room, "Noodles", threadId=root["id"])
    await ben.say(room, "or rice", threadId=root["id"])
    hers = await tab(ann)
    await hers.open(f"/chat/{room}?thread={root['id']}")
    await expect(replies(hers)).to_have_text(["Lunch?", "Noodles", "or rice"])

    await ben.did("PATCH", "/api/chat/messages", json={"messageId": said["id"], "content": "Soup"})
    await expect(replies(hers)).to_have_text(["Lunch?", "Soup", "or rice"])
    await ben.did("DELETE", f"/api/chat/messages?messageId={said['id']}")
    await expect(replies(hers)).to_have_text(["Lunch?", "Message deleted", "or rice"])
    await expect(line(hers)).to_contain_text("1 reply")


async def test_what_is_found_in_a_thread_opens_it_there(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    root = await ann.say(room, "Lunch?")
    await ben.say(room, "The door code is 4711", threadId=root["id"])
    for number in range(40):
        await ann.say(room, f"number {number}", threadId=root["id"])
    his = await tab(ben)
    await his.open("/chat")
    field = his.page.get_by_role("searchbox")
    found = his.page.locator("kabar-message-search").get_by_text("The door code is 4711")
    await field.fill("door code")
    await expect(found.first).to_be_visible()
    await found.first.click()

    shown = thread(his).locator(".found .bubble")
    await expect(shown).to_have_text("The door code is 4711")
    await expect(shown).to_be_in_viewport()


async def test_the_bell_leads_into_the_thread_and_an_unread_one_begins_at_what_is_new(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    root = await ann.say(room, "Lunch?")
    for number in range(3):
        await ben.say(room, f"number {number}", threadId=root["id"])
    hers = await tab(ann)
    await hers.open("/notifications")
    entry = hers.page.locator("kabar-notification-center .item")
    await expect(entry).to_contain_text("Ben replied in a thread")
    await expect(entry).to_contain_text("number 2")
    await entry.click()

    await expect(replies(hers)).to_have_count(4)
    await expect(thread(hers).locator(".divider + .row .text")).to_have_text("number 0")
    await hers.open("/notifications")
    await expect(entry).not_to_have_class(re.compile("unread"))
