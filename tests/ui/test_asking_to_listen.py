"""What does the page ask the server before it listens, and what if it is not answered?"""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Page, Request, Route, WebSocket

from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess
from tests.journeys.pusher_js import official_sdk
from tests.patience import patiently
from tests.ui.conftest import MakePerson, OpenTab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

AUTH = "**/api/pusher/auth"


class Traffic:
    """What a page's sockets are told, and what it asks the auth endpoint for."""

    def __init__(self, page: Page) -> None:
        self.calls: list[list[str]] = []
        self.events: list[tuple[str, str]] = []
        self.sockets: list[WebSocket] = []
        self._page = page
        self._more = asyncio.Event()
        page.on("request", self._ask)
        page.on("websocket", self._open)

    async def until(self, *events: tuple[str, str]) -> None:
        """Wait until the page has been told all of these."""
        async with patiently():
            while not set(events) <= set(self.events):
                self._more.clear()
                await self._more.wait()

    async def subscribed(self, *channels: str) -> None:
        await self.until(*(("pusher_internal:subscription_succeeded", each) for each in channels))

    async def answered(self) -> None:
        """Wait until what the page has said so far is answered."""
        await self._page.evaluate("fetch('/up').then(() => 0)")
        probe = f"probe-{len(self.events)}"
        await self._page.evaluate(
            "name => import('/ui/live/live.js').then(({live}) => void live.listen(name, {}))", probe
        )
        await self.subscribed(probe)

    def _ask(self, request: Request) -> None:
        if request.url.endswith("/api/pusher/auth"):
            self.calls.append(json.loads(request.post_data or "{}")["channel_name"])

    def _open(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        socket.on("framereceived", self._hear)
        socket.on("close", lambda _: self._note("closed", ""))

    def _hear(self, frame: str | bytes) -> None:
        found = json.loads(frame)
        self._note(found["event"], found.get("channel", ""))

    def _note(self, event: str, channel: str) -> None:
        self.events.append((event, channel))
        self._more.set()


async def send_back(person: Person) -> None:
    """A token of theirs ends: all their sockets have to come back and ask anew."""
    token = await person.did("POST", "/api/auth/tokens", json={"name": "old laptop"})
    await person.did("DELETE", f"/api/auth/tokens/{token['id']}")


async def test_who_comes_back_asks_for_all_channels_in_one_call(
    person: MakePerson, tab: OpenTab
) -> None:
    ann = await person("Ann")
    rooms = [await ann.room_with(await person(name)) for name in ("Ben", "Cleo", "Dora")]
    hers = await tab(ann)
    traffic = Traffic(hers.page)
    await hers.open_room(rooms[0])
    channels = {f"private-user-{ann.id}", *(f"private-room-{room}" for room in rooms)}
    await traffic.subscribed(*channels)

    traffic.calls.clear()
    traffic.events.clear()
    await send_back(ann)
    await traffic.subscribed(*channels)

    (asked,) = traffic.calls
    assert set(asked) >= channels
    assert len(asked) == len(set(asked))


async def test_a_call_that_fails_leaves_no_channel_deaf(person: MakePerson, tab: OpenTab) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    his = await tab(ben)
    traffic = Traffic(his.page)
    failures = 2

    async def fail_at_first(route: Route) -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            await (route.abort() if failures else route.fulfill(status=503, body="{}"))
        else:
            await route.continue_()

    await his.page.route(AUTH, fail_at_first)
    await his.open_room(room_id)
    await traffic.subscribed(f"private-room-{room_id}", f"private-user-{ben.id}")
    await ann.say(room_id, "you hear me")

    await his.shows("you hear me")
    assert len(traffic.calls) == 3


async def test_a_room_that_may_not_be_heard_does_not_silence_the_others(
    person: MakePerson, tab: OpenTab
) -> None:
    """The answer of one channel is its own."""
    ann, ben = await person("Ann"), await person("Ben")
    room_id = await ann.room_with(ben)
    his = await tab(ben)
    traffic = Traffic(his.page)

    async def refuse_own_channel(route: Route) -> None:
        answer = await route.fetch()
        found = await answer.json()
        for name in found:
            if name == f"private-user-{ben.id}":
                found[name] = {"status": 403, "code": "channel_forbidden"}
        await route.fulfill(response=answer, json=found)

    await his.page.route(AUTH, refuse_own_channel)
    await his.open_room(room_id)
    await traffic.subscribed(f"private-room-{room_id}")
    await ann.say(room_id, "still here")

    await his.shows("still here")


async def test_the_page_is_signed_in_and_can_be_terminated(
    server: KabarProcess, person: MakePerson, tab: OpenTab
) -> None:
    """The connection is known as Ann's: on its own channel, and to who ends users."""
    ann = await person("Ann")
    hers = await tab(ann)
    traffic = Traffic(hers.page)
    await hers.open("/")
    await traffic.until(("pusher:signin_success", ""))
    await traffic.subscribed(f"#server-to-user-{ann.id}")

    sdk = official_sdk(server, await server.own_app())
    await asyncio.to_thread(sdk.terminate_user_connections, ann.id)

    await traffic.until(("pusher:error", ""), ("closed", ""))


async def test_a_sign_in_that_fails_is_asked_for_again(person: MakePerson, tab: OpenTab) -> None:
    """Elsewhere, who is not signed in could not be cut off."""
    failures = 1

    async def fail_at_first(route: Route) -> None:
        nonlocal failures
        failures -= 1
        await (route.fulfill(status=503, body="{}") if failures >= 0 else route.continue_())

    ann = await person("Ann")
    hers = await tab(ann)
    traffic = Traffic(hers.page)
    await hers.page.route("**/api/pusher/user-auth", fail_at_first)
    await hers.open("/")

    await traffic.until(("pusher:signin_success", ""))


async def test_what_was_signed_for_a_former_socket_is_not_used_on_the_next(
    person: MakePerson, tab: OpenTab
) -> None:
    """It would be refused there, and a service elsewhere hangs up on it."""
    held: list[Route] = []
    is_held = asyncio.Event()

    async def hold_the_first(route: Route) -> None:
        held.append(route)
        is_held.set()
        if len(held) > 1:
            await route.continue_()

    ann = await person("Ann")
    hers = await tab(ann)
    traffic = Traffic(hers.page)
    await hers.page.route("**/api/pusher/user-auth", hold_the_first)
    await hers.open("/")
    async with patiently():
        await is_held.wait()
    await traffic.subscribed(f"private-user-{ann.id}")

    await send_back(ann)
    await traffic.until(("pusher:signin_success", ""))
    traffic.events.clear()
    async with hers.page.expect_response("**/api/pusher/user-auth"):
        await held[0].continue_()
    await traffic.answered()

    assert ("pusher:error", "") not in traffic.events


async def test_a_page_that_starts_anew_while_it_starts_has_one_connection(
    person: MakePerson, tab: OpenTab
) -> None:
    """As when somebody signs in while the page still asks where to connect."""
    ann = await person("Ann")
    hers = await tab(ann)
    held: list[Route] = []
    is_held = asyncio.Event()

    async def hold_the_first(route: Route) -> None:
        held.append(route)
        is_held.set()
        if len(held) > 1:
            await route.continue_()

    await hers.page.route("**/ui/config.json", hold_the_first)
    traffic = Traffic(hers.page)
    await hers.open("/")
    async with patiently():
        await is_held.wait()
    await hers.page.evaluate("import('/ui/live/live.js').then(({live}) => live.restart())")
    await traffic.subscribed(f"private-user-{ann.id}")
    async with hers.page.expect_response("**/ui/config.json"):
        await held[0].continue_()
    await traffic.answered()

    assert len([socket for socket in traffic.sockets if not socket.is_closed()]) == 1
