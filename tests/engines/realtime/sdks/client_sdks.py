"""The client libraries that applications use, unmodified, as somebody's on a running engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.engines.realtime.sdks.application import Application
from tests.engines.realtime.support import APP, Running
from tests.journeys.pusher_js import SCRIPT as PUSHER_JS
from tests.journeys.pusher_js import PusherJs, client_of

ECHO = Path(__file__).parent / "js" / "echo.mjs"


#: starts the pusher-js of somebody
Start = Callable[[str], AbstractAsyncContextManager[PusherJs]]


@asynccontextmanager
async def pusher_js(
    server: Running, application: Application, user: str
) -> AsyncIterator[PusherJs]:
    """The pusher-js of npm on Node, authorised by an application."""
    async with client_of(PUSHER_JS, _settings(server, application, user)) as client:
        yield client


@asynccontextmanager
async def pusher_js_on_a_page(
    browser: Browser, server: Running, application: Application, user: str
) -> AsyncIterator[PusherJs]:
    """The pusher-js of npm in a browser, authorised by an application whose page it is on."""
    page = await browser.new_page()

    async def send(deed: dict[str, Any]) -> None:
        await page.evaluate("(deed) => deeds[deed.do](deed)", deed)

    client = PusherJs(send)
    await page.expose_function("tell", client.hear)
    try:
        await page.goto(application.url)
        await page.evaluate("(settings) => start(settings)", _settings(server, application, user))
        await client.wait_for("connected")
        yield client
    finally:
        await page.close()


def _settings(server: Running, application: Application, user: str) -> dict[str, Any]:
    return {"key": APP.key, "port": server.port, "token": user, "signer": application.signer}


class Echo:
    """Laravel Echo around the pusher-js of npm."""

    def __init__(self, client: PusherJs) -> None:
        self.client = client
        self.wait_for = client.wait_for
        self.data_of = client.data_of
        self._deeds = 0

    async def do(self, deed: str, **details: object) -> None:
        """Have it do something, and wait until it has: who listens late would miss events."""
        self._deeds += 1
        await self.client.do(deed, **details)
        await self.wait_for("did", times=self._deeds)

    async def listen(self, how: str, channel: str, event: str) -> None:
        await self.do("listen", how=how, channel=channel, event=event)

    async def open(self, how: str, channel: str) -> None:
        """Write `Echo.private(…)`, say, and wait until the subscription stands."""
        before = len(self.data_of("subscribed", channel))
        await self.do("open", how=how, channel=channel)
        await self.wait_for("subscribed", channel, times=before + 1)

    async def is_through(self) -> None:
        """Wait until everything that was sent to this client before now has been heard."""
        await self.open("channel", f"after-{len(self.client.told)}")


@asynccontextmanager
async def echo(
    server: Running, application: Application, user: str, **options: str
) -> AsyncIterator[Echo]:
    """As Laravel sets it up; `broadcaster` and what it asks for may be changed."""
    options = {"key": APP.key, **options}
    async with echo_of(server.port, application.signer, user, **options) as found:
        yield found


@asynccontextmanager
async def echo_of(port: int, signer: str, token: str, **options: str) -> AsyncIterator[Echo]:
    """Echo on any server, authorised at any address."""
    settings = {
        "options": {"broadcaster": "reverb", "wsPort": port, **options},
        "signer": signer,
        "token": token,
    }
    async with client_of(ECHO, settings) as client:
        yield Echo(client)
