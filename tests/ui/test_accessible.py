"""Can the page be used by who does not see it, or sees it in other colours?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.house.tree import ROOT
from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Sends

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
#: colours are judged while nothing fades
STILL = {"reduced_motion": "reduce"}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {**STILL, "color_scheme": "light"},
    "dark": {**STILL, "color_scheme": "dark"},
    "phone": {**STILL, "color_scheme": "light", "viewport": PHONE},
    "dark phone": {**STILL, "color_scheme": "dark", "viewport": PHONE},
}
CONSOLE_PASSWORD = "the operator's own password"
#: what WCAG 2.2 AA asks for, what axe holds for good practice, and what it still tries out
TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    *("best-practice", "experimental"),
]
OPTIONS = {"resultTypes": ["violations"], "runOnly": TAGS}


async def violations(page: Page) -> list[str]:
    """Return what axe finds: the rule, and where."""
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest_asyncio.fixture(loop_scope="session")
async def met(person: MakePerson) -> tuple[Person, Person, str, str]:
    """Two who follow each other and talk, also in a group, with something unread."""
    ann, ben = await person("Ann"), await person("Ben")
    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    await ben.did("PUT", f"/api/users/{ann.id}/follow")
    room_id = await ann.room_with(ben)
    draft = {"name": "Plans", "participantIds": [ben.id]}
    group = await ann.did("POST", "/api/chat/rooms", json=draft)
    await ben.say(room_id, "mine, with https://site.example/a-link")
    for text in ("hello", "🎉", "and again"):
        await ann.say(room_id, text)
        await ann.say(group["id"], text)
    return ann, ben, room_id, str(group["id"])


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_on_the_page(
    met: tuple[Person, Person, str, str], tab: OpenTab, look: str, subtests: pytest.Subtests
) -> None:
    ann, ben, room_id, group_id = met
    his = await tab(ben, **LOOKS[look])

    async def is_clean(view: str) -> None:
        with subtests.test(view):
            assert await violations(his.page) == []

    await his.open("/chat")
    await expect(his.page.get_by_role("link", name="Plans")).to_be_visible()
    await is_clean("conversations")
    await his.open_room(group_id)
    await is_clean("a group")
    await his.open_room(room_id)
    sends = Sends()
    await sends.watch(his.page)
    sends.refuses = True
    await his.write("refused")
    await expect(his.page.get_by_role("button", name="Retry")).to_be_visible()
    await is_clean("a room with a message that failed")
    await his.bubbles.nth(1).focus()
    await is_clean("what can be done with a message")
    await his.log.get_by_role("button", name="Delete").last.click()
    await his.open("/people")
    await expect(his.page.get_by_role("button", name="Ann").first).to_be_visible()
    await is_clean("people")
    await his.open(f"/people/{ann.username}")
    await expect(his.page.get_by_role("heading", name="Ann")).to_be_visible()
    await is_clean("a profile")
    await his.page.get_by_role("button", name="Notifications").click()
    await expect(his.page.get_by_role("dialog").get_by_role("link").first).to_be_visible()
    await is_clean("the bell")
    await his.page.keyboard.press("Escape")
    await his.page.get_by_role("link", name="Account").click()
    await expect(his.page.get_by_role("button", name="Sign out")).to_be_visible()
    await is_clean("the account")
    await his.open("/notifications")
    await expect(his.page.get_by_role("main").get_by_role("link").first).to_be_visible()
    await is_clean("notifications")


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_in_the_forms(
    tab: OpenTab, look: str, subtests: pytest.Subtests
) -> None:
    somebody = await tab(**LOOKS[look])
    for path, action in (("/sign-in", "Sign in"), ("/register", "Create account")):
        await somebody.open(path)
        async with somebody.page.expect_response("**/api/auth/*"):
            await somebody.page.get_by_role("button", name=action).click()
        await expect(somebody.page.locator(".error").filter(has_text=" ").first).to_be_visible()
        with subtests.test(path):
            assert await violations(somebody.page) == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def operated(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KabarProcess]:
    """A server with a console."""
    folder = tmp_path_factory.mktemp("operated")
    running = await KabarProcess(folder, KABAR_CONSOLE_PASSWORD=CONSOLE_PASSWORD).start()
    yield running
    await running.stop()


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_in_the_console(
    operated: KabarProcess, tab: OpenTab, look: str, subtests: pytest.Subtests
) -> None:
    page = (await tab(**LOOKS[look])).page
    await page.goto(f"{operated.url}/console")
    await expect(page.get_by_label("Password")).to_be_visible()
    with subtests.test("sign-in"):
        assert await violations(page) == []
    await page.get_by_label("Password").fill(CONSOLE_PASSWORD)
    await page.keyboard.press("Enter")
    panes = page.get_by_role("navigation").get_by_role("link")
    await expect(panes.first).to_be_visible()
    for pane in await panes.all():
        await pane.click()
        await expect(pane).to_have_attribute("aria-current", "page")
        with subtests.test(await pane.inner_text()):
            assert await violations(page) == []


async def test_what_is_chosen_is_seen_where_the_system_chooses_the_colours(
    met: tuple[Person, Person, str, str], tab: OpenTab
) -> None:
    _, ben, room_id, _ = met
    his = await tab(ben, forced_colors="active")
    await his.open_room(room_id)
    for chosen in (
        his.page.locator("kabar-room-list [aria-current=true]"),
        his.page.locator("kabar-chat-bell [aria-current=page]"),
    ):
        await expect(chosen).to_have_css("outline-style", "solid")
    other = his.page.locator("kabar-room-list .item:not([aria-current])")
    await expect(other).to_have_css("outline-style", "none")


async def test_a_notification_says_in_which_group(
    met: tuple[Person, Person, str, str], tab: OpenTab
) -> None:
    _, ben, _, _ = met
    his = await tab(ben)
    await his.open("/notifications")
    titles = his.page.locator("kabar-notification-center .title")
    await expect(titles.filter(has_text="Ann in Plans")).to_have_count(1)


async def test_a_name_turns_nothing_around_it(person: MakePerson, tab: OpenTab) -> None:
    """Each name within a sentence stands by itself, whichever way its letters run."""
    ann, ben = await person("Ann"), await person("Ben")
    await ann.did("PATCH", "/api/me", json={"name": "آن"})
    room_id = await ann.room_with(ben)
    await ann.did("PUT", f"/api/users/{ben.id}/follow")
    hers, his = await tab(ann), await tab(ben)
    await his.open_room(room_id)
    await hers.open_room(room_id)
    await hers.composer.press_sequentially("...")
    await expect(his.page.locator("kabar-room .typing bdi")).to_have_text("آن")
    await his.open("/notifications")
    name = his.page.locator("kabar-notification-center .title bdi")
    await expect(name.first).to_have_text("آن")


async def test_no_label_of_the_navigation_is_wider_than_its_place(
    met: tuple[Person, Person, str, str], tab: OpenTab
) -> None:
    _, ben, _, _ = met
    his = await tab(ben)
    for viewport in ({"width": 1280, "height": 800}, {"width": 320, "height": 640}):
        await his.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        await his.open("/chat")
        bells = his.page.get_by_role("navigation").locator(".bell")
        await expect(bells).to_have_count(4)
        wider = await bells.evaluate_all(
            """bells => bells.filter((bell) => {
              const [outer, inner] = [bell, bell.querySelector(".label")]
                .map((each) => each.getBoundingClientRect());
              return inner.left < outer.left + 2 || inner.right > outer.right - 2;
            }).map((bell) => bell.textContent)"""
        )
        assert wider == []
