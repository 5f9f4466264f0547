"""Who was cut off sees everything as it has become, after one question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.async_api import Browser, Page, Request, WebSocketRoute, expect

from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab, context_of

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

#: what a page asks of a room: after an absence nothing of that
OF_ROOMS = ("/api/chat/rooms", "/api/chat/messages")


@contextmanager
def noted(tab: Tab) -> Iterator[Counter[str]]:
    """Count what the page asks for, by path."""
    asked: Counter[str] = Counter()

    def note(request: Request) -> None:
        if request.method == "GET":
            asked[urlsplit(request.url).path] += 1

    tab.page.on("request", note)
    yield asked
    tab.page.remove_listener("request", note)


class Line:
    """Between a page and the server. Chromium, told to be offline, leaves open sockets alone."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sockets: list[WebSocketRoute] = []

    async def lay(self) -> None:
        await self._page.route_web_socket("**/app/*", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        self._sockets.append(socket)

    async def cut(self) -> None:
        await self._page.context.set_offline(True)
        await expect(self._page.get_by_role("status").filter(has_text="offline")).to_be_visible()
        for socket in self._sockets:
            await socket.close(code=1001)
        self._sockets.clear()

    async def mend(self) -> None:
        await self._page.context.set_offline(False)


class Scene:
    """Three groups of Ann and Ben, in each of which Ben has read two messages of Ann."""

    def __init__(self, ann: Person, ben: Person, cleo: Person, tab: Tab) -> None:
        self.ann, self.ben, self.cleo, self.tab = ann, ben, cleo, tab
        self.line = Line(tab.page)
        self.rooms: dict[str, str] = {}
        self.said: dict[str, list[dict[str, Any]]] = {}

    async def prepare(self) -> None:
        await self.line.lay()
        for name in ("Garden", "Kitchen", "Office"):
            draft = {"name": name, "participantIds": [self.ben.id]}
            room = await self.ann.did("POST", "/api/chat/rooms", json=draft)
            self.rooms[name] = room["id"]
            self.said[name] = [
                await self.ann.say(room["id"], f"{name} {number}") for number in ("one", "two")
            ]

    async def look_at_all(self) -> None:
        """Ben has looked at all three, and looks at the last."""
        await self.tab.open("/chat")
        for name in self.rooms:
            await self.tab.page.get_by_role("link", name=name).click()
            await self.tab.shows(f"{name} two")
        # Once he hears of it live, nothing is asked for any more because he has just connected.
        await self.ann.say(self.rooms["Office"], "are you there?")
        await self.tab.shows("are you there?")
        await expect(self.tab.page.locator("kabar-room-list .badge")).to_have_count(0)

    async def happens(self) -> None:
        """Meanwhile, in all three rooms."""
        for name, room_id in self.rooms.items():
            first, second = self.said[name]
            edit = {"messageId": first["id"], "content": f"{name} otherwise"}
            await self.ann.did("PATCH", "/api/chat/messages", json=edit)
            await self.ann.did("DELETE", f"/api/chat/messages?messageId={second['id']}&scope=all")
            await self.ann.did("PUT", f"/api/chat/messages/{first['id']}/reactions/👍")
            await self.ann.say(room_id, f"{name} three")
            path = f"/api/chat/rooms/{room_id}"
            await self.ann.did("PATCH", path, json={"name": f"New {name}"})
            await self.ann.did("POST", f"{path}/participants", json={"userIds": [self.cleo.id]})
        await self.cleo.say(self.rooms["Kitchen"], "hello from Cleo")
        await self.ann.did(
            "DELETE", f"/api/chat/rooms/{self.rooms['Garden']}/participants/{self.ben.id}"
        )

    async def is_right(self) -> None:
        page = self.tab.page
        rows = page.locator("kabar-room-list .item")
        await expect(rows).to_have_count(2)
        await expect(rows.filter(has_text="New Kitchen")).to_contain_text("hello from Cleo")
        await expect(rows.filter(has_text="New Kitchen").locator(".badge")).to_have_text("2")
        await expect(page.locator("kabar-room header")).to_contain_text("New Office")
        for name in ("Office", "Kitchen"):
            await self.tab.shows(f"{name} otherwise")
            await expect(self.tab.log.get_by_text(f"{name} two")).to_have_count(0)
            await self.tab.shows(f"{name} three")
            await expect(self.tab.log.get_by_role("button", name="👍")).to_have_count(1)
            if name == "Office":
                await page.get_by_role("link", name="New Kitchen").click()
        await self.tab.shows("hello from Cleo")


async def test_what_happened_in_three_rooms_is_asked_for_once(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    scene = Scene(ann, ben, cleo, await tab(ben))
    await scene.prepare()
    await scene.look_at_all()

    await scene.line.cut()
    await scene.happens()
    with noted(scene.tab) as asked:
        await scene.line.mend()
        await scene.is_right()

    assert asked["/api/chat/sync"] == 1
    # What the list shows no more may have been archived: that is asked too, once.
    assert asked["/api/messages"] == 2
    assert [path for path in asked if path.startswith(OF_ROOMS)] == []


async def test_what_happened_around_a_restart_of_the_server_is_asked_for_once(
    browser: Browser, tmp_path: Path
) -> None:
    """Those who were quicker to come back go on meanwhile."""
    server = await KabarProcess(tmp_path, KABAR_PASSWORD_HASH_MEMORY_KIB="19456").start()
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        ann, ben, cleo = [await register(server, http, each) for each in ("Ann", "Ben", "Cleo")]
        async with context_of(browser, server, ben) as context:
            scene = Scene(ann, ben, cleo, Tab(await context.new_page(), server.url))
            await scene.prepare()
            await scene.look_at_all()
            await scene.line.cut()
            await server.kill()
            await server.start()
            await scene.happens()
            with noted(scene.tab) as asked:
                await scene.line.mend()
                await scene.is_right()
            assert asked["/api/chat/sync"] == 1
            assert [path for path in asked if path.startswith(OF_ROOMS)] == []
            assert scene.tab.errors == []
    await server.stop()


async def test_a_room_in_which_too_much_happened_is_read_anew_when_somebody_looks(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    scene = Scene(ann, ben, cleo, await tab(ben))
    await scene.prepare()
    await scene.look_at_all()
    page = scene.tab.page

    await scene.line.cut()
    edit = {"messageId": scene.said["Kitchen"][0]["id"], "content": "Kitchen otherwise"}
    await ann.did("PATCH", "/api/chat/messages", json=edit)
    for number in range(110):
        await ann.say(scene.rooms["Kitchen"], f"line {number}")
    with noted(scene.tab) as asked:
        await scene.line.mend()
        row = page.get_by_role("link", name="Kitchen")
        await expect(row.locator(".badge")).to_be_visible()
        assert asked["/api/chat/messages"] == 0
        await row.click()
        await page.get_by_role("button", name="Jump to latest").click()
        await scene.tab.shows("line 109")


async def test_a_room_that_was_looked_at_is_as_it_is_without_a_question(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben, cleo = await person("Ann"), await person("Ben"), await person("Cleo")
    scene = Scene(ann, ben, cleo, await tab(ben))
    await scene.prepare()
    await scene.look_at_all()
    with noted(scene.tab) as asked:
        edit = {"messageId": scene.said["Garden"][0]["id"], "content": "Garden otherwise"}
        await ann.did("PATCH", "/api/chat/messages", json=edit)
        await ann.say(scene.rooms["Garden"], "Garden three")
        await scene.tab.page.get_by_role("link", name="Garden").click()
        await scene.tab.shows("Garden otherwise")
        await scene.tab.shows("Garden three")
        assert [path for path in asked if path.startswith(OF_ROOMS)] == []
