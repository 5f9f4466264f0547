"""ServiceApi: the calls to a Pusher service, through its official library, without blocking."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, ClassVar, Protocol

import aiohttp
import msgspec
from yarl import URL

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hosted.service import Service

#: the most events that one call may carry
BATCH = 10
_TIMEOUT = aiohttp.ClientTimeout(total=5)
_LONGEST_ANSWER = 1 << 16


class HostedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event for one channel. It may be dropped: too late, it is of no use."""

    may_be_dropped: ClassVar = True

    channel: str
    name: str
    data: str
    socket_id: str | None


class Termination(msgspec.Struct, frozen=True):
    """A user's connections are to be closed. Never dropped: it is what keeps the user out."""

    may_be_dropped: ClassVar = False

    user_id: str


class Refused(Exception):
    """The service will never take this call: repeating it would not help."""


class NoService(Exception):
    """The service cannot be reached, or does not serve us now: the call may be repeated."""


class ServiceApi(Protocol):
    """The calls that we make to a service. Each raises `Refused` or `NoService`."""

    async def trigger(self, events: Sequence[HostedEvent]) -> None:
        """Send up to `BATCH` events, in order: all or none."""

    async def terminate(self, user_id: str) -> None:
        """Close the connections that are signed in as this user."""

    async def ask(self) -> None:
        """Make a small call, to see whether the service answers and knows our account."""


class HttpServiceApi:
    """`ServiceApi` over HTTP, on connections that stay open.

    The library makes the requests, this class sends them. Of the library's own two backends one
    blocks, the other opens a connection for every call; both hide the status of an answer.
    """

    def __init__(self, app: App, service: Service) -> None:
        try:
            from pusher.pusher_client import PusherClient
        except ImportError:
            raise CannotStart(
                "a Pusher service elsewhere needs the official library: pip install 'kabar[pusher]'"
            ) from None
        self._library: Any = PusherClient(
            app_id=app.id,
            key=app.key,
            secret=app.secret,
            host=service.api_host,
            port=service.port,
            ssl=service.secure,
            backend=lambda _client: self,
        )
        self._app_id = app.id
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def trigger(self, events: Sequence[HostedEvent]) -> None:
        batch = [
            {
                name: value
                for name, value in msgspec.structs.asdict(event).items()
                if value is not None
            }
            for event in events
        ]
        # "Already encoded" skips the library's check of the size: it measures Python's memory for
        # a text, and not the bytes on the wire.
        await self._library.trigger_batch(batch, already_encoded=True)

    async def terminate(self, user_id: str) -> None:
        from pusher.http import POST, Request

        # The library's own method leaves the app out of the path, against the documentation.
        path = f"/apps/{self._app_id}/users/{user_id}/terminate_connections"
        await self.send_request(Request(self._library, POST, path, {}))

    async def ask(self) -> None:
        await self._library.channels_info("kabar-asks")

    def send_request(self, request: Any) -> Coroutine[Any, Any, None]:
        """Send a request that the library has made: this makes us a backend for it."""
        return self._exchange(request)

    async def _exchange(self, request: Any) -> None:
        assert self._session is not None, "not started"
        try:
            async with self._session.request(
                request.method,
                URL(request.url, encoded=True),
                data=request.body or None,
                headers=request.headers,
                allow_redirects=False,
            ) as answer:
                said = (await answer.content.read(_LONGEST_ANSWER)).decode("utf-8", "replace")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failure:
            raise NoService(f"{type(failure).__name__}: {failure}"[:300]) from failure
        if answer.status in {200, 202}:
            return
        because = f"status {answer.status}: {said.strip()}"[:300]
        if _is_about_us(answer.status, said):
            raise NoService(because)
        raise Refused(because)


def _is_about_us(status: int, said: str) -> bool:
    """Say whether an error is about the service or our account, so that the call may be repeated.

    The status alone does not tell: an unknown key is a 400, and so is an invalid event.
    """
    is_about_the_call = 400 <= status < 500 and status not in {401, 403, 408, 429}
    return not is_about_the_call or "Unknown auth_key" in said
