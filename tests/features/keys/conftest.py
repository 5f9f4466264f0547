"""Applications for tests: API keys, and clients that show them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from kabar.features.keys.keys import create_key
from kabar.features.keys.models import May
from kabar.server.app import Kabar
from tests.people import browser_of


@dataclass(frozen=True)
class Application:
    """Somebody else's program, with an API key."""

    key_id: str
    key: str
    http: httpx.AsyncClient

    async def call(
        self, method: str, path: str, body: Any = None, *, user: str | None = None, **headers: str
    ) -> httpx.Response:
        """Call for itself, or for one of its users."""
        acting = {} if user is None else {"X-Kabar-User": user}
        return await self.http.request(method, path, json=body, headers={**acting, **headers})


MakeApplication = Callable[..., Awaitable[Application]]


@pytest.fixture
async def application(kabar: Kabar) -> AsyncIterator[MakeApplication]:
    """Makes applications: `shop = await application("users", "act")`."""
    async with AsyncExitStack() as clients:

        async def make(*may: str) -> Application:
            rights = [May(right) for right in may]
            made = await kabar.db.write(lambda tx: create_key(tx, name="shop", may=rights))
            client = await clients.enter_async_context(browser_of(kabar.asgi))
            client.headers = httpx.Headers({"authorization": f"Bearer {made.key}"})
            return Application(made.id, made.key, client)

        yield make
