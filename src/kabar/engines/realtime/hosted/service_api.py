"""The HTTP API of a Pusher service, called through its official library, without blocking."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, ClassVar, Protocol

import aiohttp
import msgspec
from yarl import URL

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hosted.service import Service

#: as many as one call may carry
BATCH = 10
_TIMEOUT = aiohttp.ClientTimeout(total=5)
_LONGEST_ANSWER = 1 << 16


class HostedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event for one channel. It is worth nothing when it comes too late."""

    may_be_dropped: ClassVar = True

    channel: str
    name: str
    data: str
    socket_id: str | None


class Termination(msgspec.Struct, frozen=True):
    """A user's connections must be closed. Nothing else keeps them from hearing on."""

    may_be_dropped: ClassVar = False

    user_id: str


class Refused(Exception):
    """The service will never take this: making the call again would not help."""


class NoService(Exception):
    """The service cannot be reached, or does nothing for us now."""


class ServiceApi(Protocol):
    """What a service is asked to do. Raises `Refused` or `NoService`."""

    async def trigger(self, events: Sequence[HostedEvent]) -> None:
        """Send up to `BATCH` events, in order: all or none."""

    async def terminate(self, user_id: str) -> None:
        """Close the connections that are signed in as this user."""

    async def ask(self) -> None:
        """Ask something small, to see whether it answers and knows the account."""


class HttpServiceApi:
    """ServiceApi over HTTP, on connections that are kept.

    The library's own ways of sending do not serve: one blocks, the other opens a connection for
    every call; both hide the status of an answer in a text.
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
        # "Already encoded" spares our texts the library's check, which measures Python's memory
        # for a text and not the bytes on the wire.
        await self._library.trigger_batch(batch, already_encoded=True)

    async def terminate(self, user_id: str) -> None:
        from pusher.http import POST, Request

        # Its own method leaves the app out of the path, which the documentation does not.
        path = f"/apps/{self._app_id}/users/{user_id}/terminate_connections"
        await self.send_request(Request(self._library, POST, path, {}))

    async def ask(self) -> None:
        await self._library.channels_info("kabar-asks")

    def send_request(self, request: Any) -> Coroutine[Any, Any, None]:
        """Send what the library has made: this is what it calls a backend."""
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
    """Say whether the same call may succeed later: when the service or our account is well again.

    An unknown key is a 400, like an event that is none.
    """
    is_about_the_call = 400 <= status < 500 and status not in {401, 403, 408, 429}
    return not is_about_the_call or "Unknown auth_key" in said
