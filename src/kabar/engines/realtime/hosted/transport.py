"""Hosted: the transport that publishes to a Pusher service elsewhere, which has the sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from litestar import route
from litestar.enums import HttpMethod
from litestar.types import Scope

from kabar.core.errors import NotFound
from kabar.core.events import Publication
from kabar.core.log import get_log
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hosted.sender import RetryPolicy, Sender
from kabar.engines.realtime.hosted.service import Service
from kabar.engines.realtime.hosted.service_api import (
    HostedEvent,
    HttpServiceApi,
    NoService,
    Refused,
    Termination,
)
from kabar.engines.realtime.hosted.service_health import ServiceHealth
from kabar.engines.realtime.protocol import channels
from kabar.engines.realtime.transport import Transport
from kabar.infra.http.health import Check
from kabar.infra.http.parts import Parts, part

#: calls in flight at once. All events of a channel go through the same sender, in order
_SENDERS = 8
#: what the hosted service takes
_LONGEST_DATA = 10_240
_LONGEST_NAME = 200
#: channels of users (two each) that one message may be told on
_MOST_TOLD_BY_NAME = 200

_log = get_log("hosted")


class ServedElsewhere(NotFound):
    """The sockets of this Kabar are served elsewhere."""


@route(
    ["/app", "/app/{path:path}", "/apps", "/apps/{path:path}"],
    http_method=[method for method in HttpMethod if method != HttpMethod.OPTIONS],
    include_in_schema=False,
    sync_to_thread=False,
)
def elsewhere(scope: Scope) -> None:
    """Tell clients of `/app` and `/apps` where the sockets are."""
    service = part(scope, Service)
    raise ServedElsewhere(f"The sockets of this Kabar are served elsewhere: {service}")


class Hosted(Transport):
    """Publishes to the service, and signs what clients may do there."""

    http_routes = (elsewhere,)

    def __init__(
        self,
        app: App,
        service: Service,
        *,
        withheld: Collection[str] = (),
        queue_limit: int = 10_000,
        retries: RetryPolicy | None = None,
        drain_seconds: float = 3.0,
        ask_again_seconds: float = 10.0,
    ) -> None:
        """On channels whose names begin with one of `withheld`, nothing is published.

        Raises `CannotStart` when the official library is not installed.
        """
        self._app = app
        self._api = HttpServiceApi(app, service)
        self._withheld = tuple(withheld)
        self._queue_limit = queue_limit
        self._drain_seconds = drain_seconds
        self._ask_again_seconds = ask_again_seconds
        self._health = ServiceHealth(self._count_waiting)
        self._senders = [
            Sender(self._api, self._health, retries or RetryPolicy()) for _ in range(_SENDERS)
        ]
        self.parts = Parts(service)
        self.page = {**service.page, "signIn": True}
        self.checks: Mapping[str, Check] = {"realtime": self._health.check}

    @property
    def app(self) -> App:
        return self._app

    async def start(self) -> None:
        await self._api.start()

    async def close(self) -> None:
        """Send what waits, for a while."""
        try:
            async with asyncio.timeout(self._drain_seconds):
                await asyncio.gather(*(sender.drain() for sender in self._senders))
        except TimeoutError:
            pass
        if unsent := self._count_waiting():
            _log.warning("closed_with_unsent_events", count=unsent)
        await self._api.close()

    def works(self) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        senders = [(f"hosted-{number}", sender.run) for number, sender in enumerate(self._senders)]
        return [*senders, ("hosted-watch", self._watch)]

    # ── to sockets ───────────────────────────────────────────────────────────────────────────

    def publish(self, publications: Sequence[Publication]) -> None:
        for publication in publications:
            try:
                self._queue(publication)
            except Exception:
                _log.exception("an event was not published", name=publication.event)

    def revoke(self, channel: str, user_id: str) -> None:
        """Close the user's connections: a service has no call that ends one subscription.

        It can close only those that are signed in. They come back, without that channel.
        """
        if channel.startswith(self._withheld):
            return  # nothing is told there
        self._terminate(user_id, sender=self._sender_of(channel))

    def reauthorize(self, user_id: str) -> None:
        self._terminate(user_id, sender=self._sender_of(user_id))

    def listening(self, channels: AbstractSet[str]) -> AbstractSet[str]:
        """A service does not say who listens: all may, as long as they are not very many."""
        return channels if len(channels) <= _MOST_TOLD_BY_NAME else frozenset()

    def note_asker(self, socket_id: str, user_id: str) -> None:
        """The service asks for a sign-in instead."""

    # ─────────────────────────────────────────────────────────────────────────────────────────

    def _queue(self, publication: Publication) -> None:
        socket_id = publication.except_socket
        if socket_id is not None and not channels.is_socket_id(socket_id):
            socket_id = None
        for channel in publication.channels:
            if channel.startswith(self._withheld):
                continue
            if wrong := _what_is_wrong(channel, publication):
                self._health.dropped(1, wrong)
                continue
            self._drop_if_full()
            self._sender_of(channel).put(
                HostedEvent(
                    channel=channel,
                    name=publication.event,
                    data=publication.data,
                    socket_id=socket_id,
                )
            )

    def _terminate(self, user_id: str, *, sender: Sender) -> None:
        termination = Termination(user_id)
        # One termination closes all connections; a second would close those that have come back.
        # But one that waits in another sender comes too late for the events that wait in this one.
        is_coming = any(each.has_next(termination) for each in self._senders)
        if not (is_coming or sender.has(termination)):
            sender.put(termination)

    def _drop_if_full(self) -> None:
        if self._count_waiting() >= self._queue_limit:
            longest_first = sorted(self._senders, key=len, reverse=True)
            if any(sender.drop_oldest() for sender in longest_first):
                self._health.dropped(1, "too many events wait")

    def _sender_of(self, channel: str) -> Sender:
        return self._senders[hash(channel) % _SENDERS]

    def _count_waiting(self) -> int:
        return sum(map(len, self._senders))

    async def _watch(self) -> None:
        """Ask whether the service is well: at the start, and in an outage while nothing is sent."""
        await self._ask()
        while True:
            await asyncio.sleep(self._ask_again_seconds)
            self._health.say()
            if self._health.is_down and not self._count_waiting():
                await self._ask()

    async def _ask(self) -> None:
        try:
            await self._api.ask()
        except (NoService, Refused) as failure:
            self._health.failed(str(failure))
        else:
            self._health.went_well()


def _what_is_wrong(channel: str, publication: Publication) -> str:
    if not channels.is_valid(channel, _LONGEST_NAME) or len(publication.event) > _LONGEST_NAME:
        return "the name of a channel or an event is none"
    if len(publication.data.encode()) > _LONGEST_DATA:
        return f"{publication.event} has more than {_LONGEST_DATA} bytes"
    return ""
