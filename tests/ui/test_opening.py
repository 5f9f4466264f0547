"""Does one begin where one left off, whatever order the answers of the server come in?"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import AT_DIVIDER, answer_late

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

LIST = r"/api/messages$"
ROOM = r"/api/chat/rooms/[^/]+$"
MESSAGES = r"/api/chat/messages\?"


@pytest.mark.parametrize(
    "late",
    [
        pytest.param(LIST, id="the list"),
        pytest.param(ROOM, id="the room"),
        pytest.param(f"({LIST})|({ROOM})", id="the list and the room"),
        pytest.param(MESSAGES, id="the messages"),
    ],
)
async def test_what_nobody_saw_is_not_read_whichever_answer_comes_last(
    person: MakePerson, tab: OpenTab, late: str
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "old")
    read_so_far = {"roomId": room_id}
    await ben.did("POST", "/api/chat/read", json=read_so_far)
    for number in range(40):
        await ann.say(room_id, f"new {number}")

    his = await tab(ben)
    await answer_late(his.page, late)
    async with his.page.expect_response("**/api/chat/read") as answered:
        await his.open(f"/chat/{room_id}")
    left = (await (await answered.value).json())["unreadCount"]

    assert await his.page.evaluate(AT_DIVIDER) == ["new 0", True]
    assert 10 < left < 40
    await expect(his.page).to_have_title(f"({left}) Kabar")
    await expect(his.divider).to_be_visible()


async def test_what_came_while_the_page_was_hidden_begins_at_a_divider_in_view(
    person: MakePerson, tab: OpenTab
) -> None:
    """The end of the room is followed for somebody who may be looking, and for nobody else."""
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "old")
    his = await tab(ben)
    await his.open_room(room_id)
    await his.shows("old")
    await his.hide()
    for number in range(40):
        await ann.say(room_id, f"new {number}")
    await his.shows("new 39")
    await expect(his.page).to_have_title("(40) Kabar")

    async with his.page.expect_response("**/api/chat/read") as answered:
        await his.hide(False)
    left = (await (await answered.value).json())["unreadCount"]
    assert await his.page.evaluate(AT_DIVIDER) == ["new 0", True]
    assert 10 < left < 40
