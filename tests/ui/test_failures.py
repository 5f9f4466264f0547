"""What fails looks like nothing else, and shows one way out."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.journeys.persons import Person
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Sends, Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

FAILED = "Something went wrong on the server."


class Faults:
    """The server fails these calls (a regular expression), until it is mended."""

    def __init__(self, retry_after: str = "60") -> None:
        self.mended = False
        #: so long the page does not try again by itself
        self._headers = {"Retry-After": retry_after, "Content-Type": "application/problem+json"}

    async def of(self, page: Page, path: str, method: str | None = None) -> Faults:
        async def fail(route: Route) -> None:
            if self.mended or method not in {None, route.request.method}:
                await route.continue_()
            else:
                await route.fulfill(status=500, body="{}", headers=self._headers)

        await page.route(re.compile(path), fail)
        return self


async def a_room(person: MakePerson) -> tuple[Person, Person, str]:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "hello")
    return ann, ben, room_id


async def is_told(tab: Tab) -> None:
    await expect(tab.page.get_by_role("alert").filter(has_text=FAILED).first).to_be_visible()


@pytest.mark.parametrize(
    ("fails", "address", "hidden", "comes"),
    [
        pytest.param(r"/api/messages$", "/chat", "No conversations", "Ann", id="conversations"),
        pytest.param(
            r"/api/notifications$", "/notifications", "all caught up", "Ann", id="notifications"
        ),
        pytest.param(r"/api/users\?", "/people", "Nobody", "Ann", id="people"),
        pytest.param(r"/api/users/@", "/people/{ann}", "nobody by that", "Ann", id="a profile"),
        pytest.param(r"/followers", "/people/{ann}", "No followers", "Ben", id="followers"),
        pytest.param(r"/api/me$", "/account", "Picture", "Email", id="my account"),
        pytest.param(r"/chat/messages\?", "/chat/{room}", "Say hello", "hello", id="messages"),
        pytest.param(
            r"/api/(chat/rooms/|messages$)", "/chat/{room}", "Say hello", "hello", id="a room"
        ),
        pytest.param(r"/auth/session", "/chat", "Sign in", "Ann", id="who one is"),
    ],
)
async def test_what_cannot_be_loaded_says_so_and_is_tried_again(
    person: MakePerson, tab: OpenTab, fails: str, address: str, hidden: str, comes: str
) -> None:
    ann, ben, room_id = await a_room(person)
    await ben.did("PUT", f"/api/users/{ann.id}/follow")
    his = await tab(ben)
    faults = await Faults().of(his.page, fails)
    # Once it is live, the page asks anew by itself.
    await his.page.route("**/ui/config.json", lambda route: route.abort())
    await his.open(address.format(ann=ann.username, room=room_id))
    again = his.page.get_by_role("button", name="Try again").first
    await expect(again).to_be_visible()
    await expect(his.page.get_by_text(hidden)).to_have_count(0)

    faults.mended = True
    await again.click()
    main = his.page.get_by_role("main")
    await expect(main.get_by_text(comes, exact=True).first).to_be_visible()
    await expect(again).to_have_count(0)


async def test_an_act_that_fails_says_so_where_it_was_done(
    person: MakePerson, tab: OpenTab
) -> None:
    _, ben, room_id = await a_room(person)
    his = await tab(ben)
    faults = await Faults().of(his.page, r"/rooms/[^/]+/me$")
    await his.open_room(room_id)
    await his.page.get_by_role("button", name="Conversation settings").click()
    await his.page.get_by_role("menuitem", name="Pin to top").click()
    await is_told(his)
    pinned = his.page.locator("kabar-room-list").get_by_label("Pinned")
    await expect(pinned).to_have_count(0)

    faults.mended = True
    await his.page.get_by_role("button", name="Try again").click()
    await expect(pinned).to_be_visible()
    await expect(his.page.get_by_text(FAILED)).to_have_count(0)


async def test_a_badge_that_was_to_fall_rises_again(person: MakePerson, tab: OpenTab) -> None:
    ann, ben, _ = await a_room(person)
    his = await tab(ben)
    await Faults().of(his.page, r"/notifications/read-all$")
    await his.open("/notifications")
    unread = his.page.locator("kabar-notification-center .unread")
    await expect(unread).to_have_count(1)
    await his.page.get_by_role("button", name="Mark all as read").click()
    await is_told(his)
    await expect(unread).to_have_count(1)
    await expect(his.page.get_by_text(ann.name, exact=True).first).to_be_visible()


async def test_messages_that_could_not_be_marked_as_read_are_unread_until_they_are(
    person: MakePerson, tab: OpenTab
) -> None:
    _, ben, room_id = await a_room(person)
    his = await tab(ben)
    faults = await Faults(retry_after="1").of(his.page, r"/chat/read$")
    async with his.page.expect_response("**/api/chat/read"):
        await his.open_room(room_id)
    await expect(his.page).to_have_title("(1) Kabar")
    faults.mended = True
    await expect(his.page).to_have_title("Kabar")


async def test_an_edit_that_is_refused_keeps_the_text(person: MakePerson, tab: OpenTab) -> None:
    ann, _, room_id = await a_room(person)
    hers = await tab(ann)
    faults = await Faults().of(hers.page, r"/chat/messages$", "PATCH")
    await hers.open_room(room_id)
    await hers.composer.press("ArrowUp")
    await hers.write("hello again")
    await is_told(hers)
    await expect(hers.bubbles).to_have_text(["hello"])
    await expect(hers.composer).to_have_value("hello again")

    faults.mended = True
    await hers.composer.press("Enter")
    await expect(hers.bubbles).to_have_text(["hello again"])
    await expect(hers.composer).to_have_value("")
    await expect(hers.page.get_by_text(FAILED)).to_have_count(0)


async def test_a_deletion_that_is_refused_says_so(person: MakePerson, tab: OpenTab) -> None:
    ann, _, room_id = await a_room(person)
    hers = await tab(ann)
    faults = await Faults().of(hers.page, r"/chat/messages\?", "DELETE")
    await hers.open_room(room_id)
    await hers.bubbles.first.hover()
    await hers.log.get_by_role("button", name="Delete").click()
    await hers.page.get_by_role("dialog").get_by_role("button", name="Delete for everyone").click()
    await is_told(hers)
    await expect(hers.bubbles).to_have_text(["hello"])
    faults.mended = True
    await hers.page.get_by_role("button", name="Try again").click()
    await expect(hers.bubbles).to_have_text(["Message deleted"])


async def test_what_was_written_offline_goes_by_itself_on_return_in_order_and_once(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, room_id = await a_room(person)
    hers, his = await tab(ann), await tab(ben)
    await hers.open_room(room_id)
    await his.open_room(room_id)
    sends = Sends()
    await sends.watch(hers.page)

    await hers.page.context.set_offline(True)
    await hers.write("one")
    await expect(hers.page.get_by_text("goes by itself")).to_be_visible()
    await hers.write("two")
    await hers.page.context.set_offline(False)

    for tab_ in (hers, his):
        await expect(tab_.bubbles).to_have_text(["hello", "one", "two"])
    await expect(hers.page.get_by_role("button", name="Retry")).to_have_count(0)
    assert len(set(sends.client_ids)) == 2
