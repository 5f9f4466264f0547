"""The stock pusher-js of npm in a page of Chromium, and what it has heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pusher
from playwright.async_api import Browser, Page, Request

from tests.house.tree import ROOT
from tests.journeys.process import KabarProcess
from tests.patience import MILLISECONDS

_LIBRARY = ROOT / "node_modules" / "pusher-js" / "dist" / "web" / "pusher.js"

_START = """([key, port, options]) => {
  window.told = [];
  window.pusher = new Pusher(key, {
    cluster: "",
    wsHost: "127.0.0.1", wsPort: port,
    httpHost: "127.0.0.1", httpPort: port,
    forceTLS: false,
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, done) =>
        sign(socketId, channelName).then((answer) => done(null, answer), done),
    },
    ...options,
  });
  window.pusher.connection.bind("state_change", ({ current }) => told.push(["state", current]));
}"""
_SUBSCRIBE = """(name) => new Promise((done) => {
  const channel = pusher.subscribe(name);
  channel.bind("pusher:subscription_succeeded", done);
  channel.bind_global((event, data) => told.push([name, event, data]));
})"""


class WebClient:
    """One page, of a user who is called like the client."""

    def __init__(self, page: Page, sdk: pusher.Pusher, name: str) -> None:
        self.page = page
        self.name = name
        #: the last parts of the paths that were asked for, without preflights
        self.requests: list[str] = []
        self._sdk = sdk
        page.set_default_timeout(MILLISECONDS)
        page.on("request", self._note)

    async def start(self, origin: str, key: str, port: int, options: dict[str, Any]) -> None:
        await self.page.goto(f"{origin}/up")
        await self.page.expose_function("sign", self._sign)
        await self.page.add_script_tag(path=_LIBRARY)
        await self.page.evaluate(_START, [key, port, options])
        await self.page.wait_for_function("pusher.connection.state === 'connected'")

    async def subscribe(self, *channels: str) -> None:
        for channel in channels:
            await self.page.evaluate(_SUBSCRIBE, channel)

    async def trigger(self, channel: str, event: str, data: Any) -> None:
        await self.page.evaluate("(args) => pusher.send_event(...args)", [event, data, channel])

    async def wait_for(self, channel: str, event: str, *, times: int = 1) -> list[Any]:
        """Return the data of these events when there are so many."""
        await self.page.wait_for_function(
            "([channel, event, times]) =>"
            "told.filter((t) => t[0] === channel && t[1] === event).length >= times",
            arg=[channel, event, times],
        )
        told = await self.page.evaluate("told")
        return [each[2] for each in told if each[:2] == [channel, event]]

    async def states(self) -> list[str]:
        return [each[1] for each in await self.page.evaluate("told") if each[0] == "state"]

    async def _sign(self, socket_id: str, channel: str) -> Any:
        member = {"user_id": self.name} if channel.startswith("presence-") else None
        return await asyncio.to_thread(self._sdk.authenticate, channel, socket_id, member)

    def _note(self, request: Request) -> None:
        self.requests.append(urlsplit(request.url).path.rsplit("/", 1)[-1])


@asynccontextmanager
async def web_client(
    browser: Browser,
    server: KabarProcess,
    sdk: pusher.Pusher,
    *,
    port: int | None = None,
    name: str = "ann",
    host: str = "127.0.0.1",
    **options: Any,
) -> AsyncIterator[WebClient]:
    """Connect from a page of this host to the server, or to the proxy on this port."""
    context = await browser.new_context()
    try:
        client = WebClient(await context.new_page(), sdk, name)
        port = port or server.port
        await client.start(f"http://{host}:{port}", server.app_key, port, options)
        yield client
    finally:
        await context.close()
