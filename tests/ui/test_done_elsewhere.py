"""What is done elsewhere, also while a page is cut off, is as it is there."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.conftest import MakePerson, OpenTab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def test_who_is_removed_while_cut_off_has_the_room_no_longer_in_the_list(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    group = await ann.did(
        "POST", "/api/chat/rooms", json={"name": "Garden", "participantIds": [ben.id]}
    )
    direct = await ann.room_with(ben)
    await ann.say(direct, "hello")
    his = await tab(ben)
    await his.open("/chat")
    rooms = his.page.locator("kabar-room-list .item")
    await expect(rooms).to_have_count(2)

    await his.page.context.set_offline(True)
    await expect(his.page.get_by_role("status").filter(has_text="offline")).to_be_visible()
    await ann.did("DELETE", f"/api/chat/rooms/{group['id']}/participants/{ben.id}")
    await his.page.context.set_offline(False)

    await expect(rooms).to_have_count(1)
    await expect(rooms).to_contain_text("Ann")


async def test_who_is_added_again_reads_and_writes_again(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    group = await ann.did(
        "POST", "/api/chat/rooms", json={"name": "Garden", "participantIds": [ben.id]}
    )
    path = f"/api/chat/rooms/{group['id']}/participants"
    his = await tab(ben)
    await his.open_room(group["id"])

    await ann.did("DELETE", f"{path}/{ben.id}")
    await expect(his.composer).to_have_count(0)
    await ann.did("POST", path, json={"userIds": [ben.id]})
    await expect(his.composer).to_be_visible()
    await ann.say(group["id"], "welcome back")

    await expect(his.bubbles.last).to_have_text("welcome back")
    await his.write("thank you")
    await expect(his.bubbles.last).to_have_text("thank you")


async def test_what_is_archived_elsewhere_leaves_the_list(person: MakePerson, tab: OpenTab) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    for each in (ann, cleo):
        await each.did("PUT", f"/api/users/{ben.id}/follow")
    his = await tab(ben)
    await his.open("/notifications")
    entries = his.page.get_by_role("main").get_by_role("listitem")
    await expect(entries).to_have_count(2)

    page = await ben.did("GET", "/api/notifications")
    await ben.did("POST", f"/api/notifications/{page['notifications'][0]['id']}/archive")

    await expect(entries).to_have_count(1)
    await expect(entries).to_contain_text("Ann")


async def test_who_signs_out_does_so_in_every_tab(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "for your eyes")
    his = await tab(ben)
    await his.open("/chat")
    other = await his.page.context.new_page()
    await other.goto(f"{his.url}/chat/{room_id}")
    await expect(other.get_by_text("for your eyes").last).to_be_visible()

    await his.page.get_by_role("link", name="Account").click()
    await his.page.get_by_role("button", name="Sign out").click()

    for page in (his.page, other):
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        await expect(page.get_by_text("for your eyes")).to_have_count(0)


async def test_a_direct_room_is_renamed_with_the_other_one(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    await ann.say(room, "Hello")
    his = await tab(ben)
    await his.open_room(room)
    await his.shows("Hello")
    # Once he has heard of it live, he listens.
    await ann.say(room, "Are you there?")
    await his.shows("Are you there?")

    await ann.did("PATCH", "/api/me", json={"name": "Annemarie"})
    await expect(his.page.get_by_role("heading", name="Annemarie")).to_be_visible()
    await expect(his.page.get_by_role("link", name="Annemarie")).to_be_visible()
