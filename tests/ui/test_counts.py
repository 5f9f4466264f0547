"""Are the counts right also where an event leaves them out, or comes late?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.persons import Person
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

#: of counts; the server has told something far less often
NEWER, LATE = 2**40 + 1, 2**40

TELL = """async ([store, event, data]) => {
  const module = await import(`/ui/store/${store}.js`);
  module[store].handlers()[event](data);
}"""


async def told(tab: Tab, store: str, event: str, data: dict[str, Any]) -> None:
    """Let a store of the page hear this."""
    await tab.page.evaluate(TELL, [store, event, data])


async def reading(person: MakePerson, tab: OpenTab) -> tuple[Person, Tab, dict[str, Any]]:
    """Ben's page with two unread messages of Ann, and what a bell says of the last."""
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "one")
    his = await tab(ben)
    async with his.page.expect_response("**/api/chat/sync"):
        await his.open("/chat")
    await expect(his.page.locator("kabar-room-list .badge")).to_have_text("1")
    # Once he has heard of it live, nothing is asked for any more because he has just connected.
    last = await ann.say(room_id, "two")
    await expect(his.page.locator("kabar-room-list .badge")).to_have_text("2")
    bell = {
        "roomId": room_id,
        "messageId": "unknown",
        "seq": last["seq"] + 1,
        "senderId": ann.id,
        "senderName": "Ann",
        "content": "three",
    }
    return ann, his, bell


async def test_a_message_that_is_told_without_a_count_counts_one_more(
    person: MakePerson, tab: OpenTab
) -> None:
    _, his, bell = await reading(person, tab)
    await told(his, "rooms", "new-message", bell)
    await expect(his.page).to_have_title("(3) Kabar")


async def test_what_cannot_be_counted_here_is_asked_for_once(
    person: MakePerson, tab: OpenTab
) -> None:
    """After a hole, the server knows: however many are told, it is asked once, or once more."""
    ann, his, bell = await reading(person, tab)
    asked: list[str] = []
    his.page.on(
        "request", lambda each: asked.append(each.url) if "/chat/rooms/" in each.url else None
    )
    async with his.page.expect_response("**/api/chat/rooms/*"):
        await his.page.evaluate(
            """async (bell) => {
              const { rooms } = await import("/ui/store/rooms.js");
              const hear = rooms.handlers()["new-message"];
              for (let at = 5; at < 15; at++) hear({ ...bell, seq: bell.seq + at });
            }""",
            bell,
        )
    await ann.say(bell["roomId"], "three")
    assert len(asked) <= 2


async def test_counts_that_come_late_do_not_replace_newer_ones(
    person: MakePerson, tab: OpenTab
) -> None:
    _, his, bell = await reading(person, tab)
    newer = {**bell, "unreadCount": 7, "version": NEWER}
    late = {**bell, "seq": bell["seq"] + 1, "unreadCount": 4, "version": LATE}
    # In one turn: when a page has just connected, it takes the first answer as it is.
    await his.page.evaluate(
        """async (bells) => {
          const { rooms } = await import("/ui/store/rooms.js");
          for (const bell of bells) rooms.handlers()["new-message"](bell);
        }""",
        [newer, late],
    )
    await expect(his.page).to_have_title("(7) Kabar")

    shown = await his.page.evaluate(
        """async ([newer, late]) => {
          const { notifications } = await import("/ui/store/notifications.js");
          const hear = notifications.handlers()["notifications-updated"];
          hear({ unreadCount: 5, unseenCount: 5, version: newer });
          hear({ unreadCount: 4, unseenCount: 4, version: late });
          return [notifications.unread, notifications.unseen];
        }""",
        [NEWER, LATE],
    )
    assert shown == [5, 5]


async def test_a_message_that_was_read_does_not_count_when_it_is_told_late(
    person: MakePerson, tab: OpenTab
) -> None:
    _, his, bell = await reading(person, tab)
    seq = bell["seq"] - 1
    me = await his.page.evaluate('import("/ui/store/rooms.js").then(({ rooms }) => rooms.userId)')
    mark = {"roomId": bell["roomId"], "userId": me, "lastReadSeq": seq, "unreadCount": 0}
    await told(his, "rooms", "message-read", mark)
    await told(his, "rooms", "new-message", {**bell, "seq": seq, "unreadCount": 1})
    await expect(his.page).to_have_title("Kabar")
