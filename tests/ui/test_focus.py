"""Does the focus stay with what one does, and does a key do what it was pressed for?"""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Sends, Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def open_hers(person: MakePerson, tab: OpenTab, *said: str, **options: object) -> Tab:
    """Open Ann's room with Ben, where she has said this."""
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    for text in said:
        await ann.say(room_id, text)
    hers = await tab(ann, **options)
    await hers.open("/chat")
    return hers


def bell_of(tab: Tab) -> Locator:
    return tab.page.get_by_role("button", name="Notifications")


async def test_opening_a_room_puts_one_into_the_composer(person: MakePerson, tab: OpenTab) -> None:
    hers = await open_hers(person, tab, "hello")
    await hers.page.get_by_role("link", name="Ben").click()
    await expect(hers.composer).to_be_focused()
    await hers.page.keyboard.type("at once")
    await expect(hers.composer).to_have_value("at once")

    await hers.page.reload()
    await expect(hers.composer).to_be_focused()


async def test_on_a_phone_opening_a_room_brings_up_no_keyboard_and_back_returns_to_its_place(
    person: MakePerson, tab: OpenTab
) -> None:
    hers = await open_hers(person, tab, "hello", **PHONE)
    await hers.page.get_by_role("link", name="Ben").tap()
    await expect(hers.log).to_be_focused()
    await hers.page.get_by_role("button", name="Back").tap()
    await expect(hers.page.get_by_role("link", name="Ben")).to_be_focused()


@pytest.mark.parametrize("way", ["the key", "the button"])
async def test_closing_the_bell_returns_the_focus_to_it(
    person: MakePerson, tab: OpenTab, way: str
) -> None:
    hers = await open_hers(person, tab)
    await bell_of(hers).focus()
    await hers.page.keyboard.press("Enter")
    panel = hers.page.get_by_role("dialog", name="Notifications")
    await expect(panel.locator("kabar-notification-center")).to_be_focused()
    if way == "the key":
        await hers.page.keyboard.press("Escape")
    else:
        await panel.get_by_role("button", name="Close").click()
    await expect(panel).to_be_hidden()
    await expect(bell_of(hers)).to_be_focused()


@pytest.mark.parametrize("answer", ["Cancel", "Delete for everyone"])
async def test_closing_the_question_returns_the_focus_to_the_message(
    person: MakePerson, tab: OpenTab, answer: str
) -> None:
    hers = await open_hers(person, tab, "one", "two")
    await hers.page.get_by_role("link", name="Ben").click()
    await expect(hers.bubbles).to_have_count(2)
    for key in ("Shift+Tab", "ArrowUp", "Enter", "End", "Enter"):
        await hers.page.keyboard.press(key)
    await hers.page.get_by_role("dialog").get_by_role("button", name=answer).press("Enter")
    await expect(hers.bubbles.last).to_be_focused()
    if answer == "Delete for everyone":
        await expect(hers.bubbles.last).to_have_text("Message deleted")
        await expect(hers.bubbles.last).to_be_focused()


async def test_a_button_that_goes_leaves_the_focus_near_it(
    person: MakePerson, tab: OpenTab
) -> None:
    hers = await open_hers(person, tab)
    await hers.page.get_by_role("link", name="Ben").click()
    sends = Sends()
    await sends.watch(hers.page)
    sends.refuses = True
    await hers.write("refused")
    await hers.log.get_by_role("button", name="Delete").press("Enter")
    await expect(hers.bubbles).to_have_count(0)
    await expect(hers.log).to_be_focused()


@pytest.mark.parametrize(
    "keydown", [{"isComposing": True}, {"keyCode": 229}], ids=["elsewhere", "in Safari"]
)
async def test_enter_that_ends_a_conversion_does_not_send(
    person: MakePerson, tab: OpenTab, keydown: dict[str, object]
) -> None:
    hers = await open_hers(person, tab)
    await hers.page.get_by_role("link", name="Ben").click()
    await hers.composer.fill("こんにちは")
    await hers.composer.dispatch_event("keydown", {"key": "Enter", "bubbles": True, **keydown})
    await expect(hers.composer).to_have_value("こんにちは")
    await hers.composer.press("Enter")
    await expect(hers.bubbles).to_have_text(["こんにちは"])
