"""What does one see, and lose, when the connection or the server goes away?"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Route, WebSocketRoute, expect

from tests.journeys.breaking_proxy import breaking_proxy
from tests.journeys.persons import register
from tests.journeys.process import KabarProcess
from tests.patience import patiently
from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.tabs import Tab, context_of

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def test_what_was_missed_offline_is_there_once_and_in_order(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    his = await tab(ben)
    await his.open_room(room_id)
    await his.composer.fill("kept")

    await his.page.context.set_offline(True)
    await expect(his.page.get_by_role("status").filter(has_text="offline")).to_be_visible()
    for number in range(3):
        await ann.say(room_id, f"missed {number}")
    await his.page.context.set_offline(False)

    await expect(his.bubbles).to_have_text([f"missed {number}" for number in range(3)])
    await expect(his.page.get_by_role("status").filter(has_text="offline")).to_have_count(0)
    await expect(his.composer).to_have_value("kept")


async def test_the_page_comes_back_by_itself_when_the_server_does(
    browser: Browser, tmp_path: Path
) -> None:
    """Also when what it missed cannot be fetched at once: an answer breaks off, another fails."""
    failures: list[dict[str, Any]] = [
        {"status": 200, "body": '{"events":[', "content_type": "application/json"},
        {"status": 503, "body": "starting", "content_type": "text/plain"},
    ]

    async def fail_at_first(route: Route) -> None:
        if failures:
            await route.fulfill(**failures.pop(0))
        else:
            await route.continue_()

    server = await KabarProcess(tmp_path, KABAR_PASSWORD_HASH_MEMORY_KIB="19456").start()
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        ann, ben = await register(server, http, "Ann"), await register(server, http, "Ben")
        room_id = await ann.room_with(ben)
        async with context_of(browser, server, ben) as context:
            his = Tab(await context.new_page(), server.url)
            await his.open_room(room_id)
            await server.kill()
            banner = his.page.get_by_role("status").filter(has_text="Connection lost")
            await expect(banner).to_be_visible()
            await his.write("into the void")
            await expect(his.page.get_by_text("Not sent.")).to_be_visible()

            await his.page.route("**/api/chat/sync?*", fail_at_first)
            async with his.page.expect_response(
                lambda answer: "/api/chat/sync" in answer.url and not failures
            ):
                await server.start()
                await ann.say(room_id, "back again")
            await expect(banner).to_have_count(0)
            await his.shows("back again")
            assert failures == []
            # By itself, before or after what Ann says.
            await his.shows("into the void")
            await expect(his.pending).to_have_count(0)
            await expect(his.bubbles).to_have_count(2)
            assert his.errors == []
    await server.stop()


async def test_behind_a_proxy_that_breaks_websocket_the_page_is_live_until_it_gets_through(
    browser: Browser, server: KabarProcess, person: MakePerson
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    async with (
        breaking_proxy(server.port) as proxy,
        context_of(browser, server, ben) as context,
    ):
        his = Tab(await context.new_page(), f"http://127.0.0.1:{proxy.port}")
        async with his.page.expect_request("**/xhr_streaming?*"):
            await his.open_room(room_id)
        await ann.say(room_id, "through the wall")
        await his.shows("through the wall")
        await his.write("and back")
        await expect(his.bubbles).to_have_text(["through the wall", "and back"])
        cut_off = his.page.get_by_role("status").filter(has_text="Connection lost")
        await expect(cut_off).to_have_count(0)
        assert proxy.broken > 0

        async with his.page.expect_websocket(lambda socket: "client=js" in socket.url):
            proxy.breaks = False
        await ann.say(room_id, "no wall")
        await expect(his.bubbles).to_have_text(["through the wall", "and back", "no wall"])
        assert his.errors == []


#: when it set out to connect, on its clock, and how often it was closed
NOTE_CONNECTING = """
  window.began = [];
  window.gone = 0;
  const { fetch } = window;
  window.fetch = (url, ...rest) => {
    if (String(url).includes("ui/config.json")) began.push(Date.now());
    return fetch(url, ...rest);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("close", () => gone++);
    }
  };
"""


async def test_a_service_that_cuts_everybody_off_at_once_is_not_stormed(
    person: MakePerson, tab: OpenTab
) -> None:
    """Elsewhere one who is cut off comes back in a second; who is cut off each time, later."""
    established = {"socket_id": "1.2", "activity_timeout": 120}
    refusal = {"code": 4009, "message": "Connection not authorized"}

    async def is_elsewhere(route: Route) -> None:
        config = await (await route.fetch()).json()
        await route.fulfill(json={**config, "signIn": True})

    async def cut_off(socket: WebSocketRoute) -> None:
        socket.send(_frame("pusher:connection_established", json.dumps(established)))
        socket.send(_frame("pusher:error", refusal))
        await socket.close(code=4009)

    his = await tab(await person("Ben"))
    clock = his.page.clock

    async def comes_and_is_cut_off(times: int) -> list[float]:
        """Turn the clock of the page while it waits to come back; return when it came."""
        began: list[float] = []
        gone = 0
        while gone < times:
            if 0 < gone == len(began):
                await clock.run_for(250)
            began, gone = await his.page.evaluate("[began, gone]")
        return began

    await clock.install(time=0)
    await clock.pause_at(1)
    await his.page.route("**/ui/config.json", is_elsewhere)
    await his.page.route_web_socket("**/app/*", cut_off)
    await his.page.add_init_script(NOTE_CONNECTING)
    await his.open("/")
    async with patiently():
        began = await comes_and_is_cut_off(4)
    assert [later - earlier for earlier, later in pairwise(began)] == [1000, 2000, 4000]


def _frame(event: str, data: object) -> str:
    return json.dumps({"event": event, "data": data})


async def test_without_realtime_the_page_asks_now_and_then(
    person: MakePerson, tab: OpenTab
) -> None:
    async def without_realtime(route: Route) -> None:
        await route.fulfill(json={"key": None})

    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    his = await tab(ben)
    await his.page.clock.install()
    await his.page.route("**/ui/config.json", without_realtime)
    await his.open_room(room_id, is_live=False)
    await ann.say(room_id, "told late")
    await his.page.clock.run_for(60_000)
    await expect(his.bubbles).to_have_text(["told late"])


async def test_who_is_removed_from_a_room_is_told_so(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    draft = {"name": "Plans", "participantIds": [ben.id]}
    room = await ann.did("POST", "/api/chat/rooms", json=draft)
    his = await tab(ben)
    await his.open_room(room["id"])
    await ann.say(room["id"], "hello both")
    await his.shows("hello both")
    await expect(his.page.locator("kabar-message-list .sender")).to_have_text("Ann")

    await ann.did("DELETE", f"/api/chat/rooms/{room['id']}/participants/{ben.id}")
    await expect(his.page.get_by_text("you are not in it")).to_be_visible()
    await expect(his.page.get_by_text("No conversations yet.")).to_be_visible()
