"""Does the page fit a phone, obey the keyboard, and work on somebody else's page?"""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import pytest
from playwright.async_api import expect

from tests.house.tree import ROOT
from tests.ui.conftest import MakePerson, OpenTab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

FOCUSED = """(() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element.className;
})()"""
#: the elements that stand out of the window at the right
SIDEWAYS = """(() => {
  const out = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      const shown = getComputedStyle(each).visibility !== "hidden";
      if (shown && each.getBoundingClientRect().right > innerWidth + 1) out.push(each.outerHTML);
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(document);
  return out;
})()"""


async def test_on_a_phone_one_pane_is_shown_and_back_leads_to_the_list(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Wolfeschlegelsteinhau"), await person("Ben")
    room_id = await ann.room_with(ben)
    await ann.say(room_id, "hello " + "long" * 200)
    his = await tab(ben, viewport={"width": 320, "height": 640})
    for path in ("/chat", "/people", f"/people/{ann.username}", "/notifications", "/account"):
        await his.open(path)
        await expect(his.page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        assert await his.page.evaluate(SIDEWAYS) == []

    await his.open_room(room_id)
    assert await his.page.evaluate(SIDEWAYS) == []
    await expect(his.page.get_by_role("heading", name="Chats")).to_be_hidden()
    await expect(his.page.get_by_role("navigation")).to_be_hidden()
    await his.page.get_by_role("button", name="Back").click()
    await expect(his.page.get_by_role("heading", name="Chats")).to_be_visible()
    await expect(his.composer).to_have_count(0)


async def test_the_keyboard_reaches_messages_and_what_can_be_done_with_them(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    hers = await tab(ann)
    await hers.open_room(room_id)
    await hers.write("one")
    await hers.write("two")
    await expect(hers.pending).to_have_count(0)
    keyboard = hers.page.keyboard

    await hers.composer.focus()
    await keyboard.press("Shift+Tab")
    await keyboard.press("ArrowUp")
    await keyboard.press("ArrowUp")
    await expect(hers.bubbles.first).to_be_focused()
    await keyboard.press("Enter")
    assert await hers.page.evaluate(FOCUSED) == "action"
    await keyboard.press("Escape")
    await expect(hers.bubbles.first).to_be_focused()
    await keyboard.press("Escape")
    await expect(hers.composer).to_be_focused()


@pytest.mark.parametrize(
    ("path", "role", "name"),
    [
        ("/chat", "button", "New chat"),
        ("/people", "searchbox", "Search people"),
        ("/notifications", "button", "Mark all as read"),
        ("/account", "button", "Sign out"),
    ],
)
async def test_the_tab_key_comes_into_every_page(
    person: MakePerson, tab: OpenTab, path: str, role: Any, name: str
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    await ann.say(await ann.room_with(ben), "hello")
    his = await tab(ben)
    await his.open(path)
    wanted = his.page.get_by_role("main").get_by_role(role, name=name)
    await expect(wanted).to_be_visible()
    for _ in range(40):
        await his.page.keyboard.press("Tab")
        if await wanted.evaluate("each => each === each.getRootNode().activeElement"):
            return
    pytest.fail(f"{name} is out of the way of the Tab key")


async def test_the_first_tab_stop_skips_to_the_content(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    hers = await tab(ann)
    await hers.open_room(await ann.room_with(ben))
    await expect(hers.composer).to_be_focused()
    await hers.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    await hers.page.keyboard.press("Tab")
    await expect(hers.page.get_by_role("link", name="Skip to content")).to_be_focused()
    await hers.page.keyboard.press("Enter")
    await expect(hers.composer).to_be_focused()


async def test_the_elements_work_on_any_page(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    his = await tab(ben)
    await his.open("/up")
    await his.page.evaluate(
        """async ([ann, ben]) => {
          document.body.innerHTML = `
            <kabar-chat-bell href="/inbox"></kabar-chat-bell>
            <kabar-notification-bell></kabar-notification-bell>
            <kabar-follow-button user-id="${ann}"></kabar-follow-button>
            <kabar-chat></kabar-chat>`;
          const { onNotification } = await import("/ui/kabar.js");
          window.heard = [];
          onNotification(ben, ({ title }) => window.heard.push(title));
        }""",
        [ann.id, ben.id],
    )
    await his.page.get_by_role("button", name="Follow").click()
    await expect(his.page.get_by_role("button", name="Following")).to_be_visible()
    await expect(his.page.get_by_role("link", name="Chats")).to_have_attribute("href", "/inbox")

    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    await expect(his.notification_badge).to_have_text("1")
    assert await his.page.evaluate("window.heard") == ["Ann started following you"]
    await ann.say(await ann.room_with(ben), "over here")
    await expect(his.chat_badge).to_have_text("1")
    await his.page.get_by_role("link", name="Ann").click()
    await his.shows("over here")


async def test_the_scripts_that_need_no_browser_keep_their_promises() -> None:
    node = shutil.which("node")
    assert node, "Node is not installed: apt-get install nodejs"
    process = await asyncio.create_subprocess_exec(
        node,
        "--test",
        *map(str, sorted((ROOT / "tests" / "ui").glob("*.test.mjs"))),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
