"""An application's own server: it knows its users, and signs for them with an SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from tests.engines.realtime.sdks.server_sdks import Sdk
from tests.house.tree import ROOT

#: who watch each other
STAFF = ("alice", "bob")

_LIBRARIES = ROOT / "node_modules" / "pusher-js" / "dist" / "web"
_CLIENT = ROOT / "tests" / "journeys" / "node"
_PAGE = Path(__file__).parent / "js" / "page.html"


class Application:
    """Its tokens are its users' names; what has `forbidden` in its name is for none of them."""

    def __init__(self, sdk: Sdk) -> None:
        self.url = ""
        self._sdk = sdk

    @property
    def signer(self) -> str:
        """Where clients are sent to have something signed."""
        return f"{self.url}/pusher"

    async def authorize(self, request: web.Request) -> web.Response:
        user, form = _user(request), await request.post()
        channel = str(form["channel_name"])
        if user is None or "forbidden" in channel:
            return web.json_response({"message": "This is not for you"}, status=403)
        member = None
        if channel.startswith("presence-"):
            member = {"user_id": user, "user_info": {"name": user.title()}}
        return web.json_response(await self._sdk.authorize(str(form["socket_id"]), channel, member))

    async def authenticate(self, request: web.Request) -> web.Response:
        user, form = _user(request), await request.post()
        if user is None:
            return web.json_response({"message": "Who are you?"}, status=403)
        shown = {"id": user, "user_info": {"name": user.title()}}
        others = [each for each in STAFF if each != user]
        signed = await self._sdk.authenticate(
            str(form["socket_id"]), {**shown, "watchlist": others}
        )
        return web.json_response(signed)


def _user(request: web.Request) -> str | None:
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or None


@asynccontextmanager
async def application(sdk: Sdk) -> AsyncIterator[Application]:
    """Serve it on a free port; it has a page with the stock pusher-js, too."""
    found = Application(sdk)
    served = web.Application()
    served.router.add_post("/pusher/auth", found.authorize)
    served.router.add_post("/pusher/user-auth", found.authenticate)
    served.router.add_get("/", _page)
    served.router.add_static("/pusher-js/", _LIBRARIES)
    served.router.add_static("/client/", _CLIENT)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield found
    finally:
        await runner.cleanup()


async def _page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(_PAGE)
