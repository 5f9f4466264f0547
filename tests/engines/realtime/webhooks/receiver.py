"""An application's endpoint: it keeps what it is sent, and answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, get_args

from aiohttp import web

from kabar.engines.realtime.apps.app import App, Webhook, WebhookEvent
from tests.engines.realtime.support import Running, running
from tests.patience import patiently

EVERYTHING = get_args(WebhookEvent)


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.body)["events"]
        return found


class Receiver:
    def __init__(self) -> None:
        self.all: list[Received] = []
        self.status = 200
        self.port = 0
        #: while it is clear, what comes is taken and not answered yet
        self.answers = asyncio.Event()
        self.answers.set()
        self._came = asyncio.Condition()

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, request: web.Request) -> web.Response:
        async with self._came:
            self.all.append(Received(request.path, dict(request.headers), await request.read()))
            self._came.notify_all()
        await self.answers.wait()
        location = {"Location": self.url("/elsewhere")} if self.status == 302 else {}
        return web.Response(status=self.status, headers=location)

    async def has_had(self, count: int) -> list[Received]:
        """Wait until so much has come; return all of it."""
        async with patiently(), self._came:
            await self._came.wait_for(lambda: len(self.all) >= count)
        return self.all


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", receiver.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        receiver.port = runner.addresses[0][1]
        yield receiver
    finally:
        await runner.cleanup()


def app_telling(receiver: Receiver, **changes: Any) -> App:
    webhook = Webhook(**{"url": receiver.url(), "events": EVERYTHING, **changes})
    return App(id="1", key="app-key", secret="app-secret", webhooks=(webhook,))


@asynccontextmanager
async def working(app: App, *others: App, **changes: Any) -> AsyncIterator[Running]:
    """A server whose works run, as the application runs them."""
    async with running(app, *others, **changes) as server:
        works = [asyncio.create_task(work()) for _, work in server.realtime.works()]
        try:
            yield server
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
