"""Post: sends a delivery once, as a signed POST, and says whether the endpoint took it."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Protocol, Self

import aiohttp

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.protocol import signing
from kabar.engines.realtime.webhooks.delivery import Delivery
from kabar.infra.outbound.bounded_answers import BoundedConnector

#: bytes of an answer that are read, head and all: only its status counts
_LONGEST_ANSWER = 16 * 1024


class Post(Protocol):
    """Sends a delivery once. Returns what went wrong, or None when the endpoint took it."""

    async def __call__(self, app: App, delivery: Delivery, /) -> str | None: ...


class HttpPost:
    """Sends over HTTP. Only the status of the answer counts; redirects are not followed."""

    def __init__(self, timeout: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._opened = AsyncExitStack()
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        self._session = await self._opened.enter_async_context(
            aiohttp.ClientSession(
                # No limit over all: the slow endpoints of one app must not stop the others'.
                connector=BoundedConnector(max_bytes=_LONGEST_ANSWER, limit=0),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
            )
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._opened.aclose()

    async def __call__(self, app: App, delivery: Delivery) -> str | None:
        # The oldest good key: a receiver may not have the newest one yet.
        signer = app.keys[0]
        headers = {
            # Exactly this: an SDK refuses it with a charset.
            "Content-Type": "application/json",
            "X-Pusher-Key": signer.key,
            "X-Pusher-Signature": signing.sign(signer.secret, delivery.body),
            # The same at every attempt, so that a receiver can tell what it has had.
            "X-Kabar-Delivery": delivery.id,
            "User-Agent": "Kabar",
        }
        try:
            async with self._session.post(
                delivery.url, data=delivery.body.encode(), headers=headers, allow_redirects=False
            ) as response:
                return None if 200 <= response.status < 300 else f"status {response.status}"
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            return f"{type(failure).__name__}: {failure}"


class ObservedPost:
    """Sends, and tells the observer what became of it."""

    def __init__(self, post: Post, observer: Observer) -> None:
        self._post = post
        self._observer = observer

    async def __call__(self, app: App, delivery: Delivery) -> str | None:
        started = time.monotonic()
        failure = await self._post(app, delivery)
        seconds = time.monotonic() - started
        self._observer.attempted(
            app,
            delivery_id=delivery.id,
            url=delivery.url,
            lane=delivery.lane,
            body=delivery.body,
            failure=failure,
            seconds=seconds,
        )
        return failure
