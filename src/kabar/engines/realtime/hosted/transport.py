"""Hosted: the transport that leaves the sockets to a Pusher service elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from typing import Any

from litestar import route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from kabar.core.errors import NotFound
from kabar.core.events import Publication
from kabar.core.log import get_log
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hosted.link import Link
from kabar.engines.realtime.hosted.sender import Patience, Sender
from kabar.engines.realtime.hosted.service import Service
from kabar.engines.realtime.hosted.service_api import (
    HostedEvent,
    HttpServiceApi,
    NoService,
    Refused,
    Termination,
)
from kabar.engines.realtime.protocol import channels
from kabar.engines.realtime.transport import Transport
from kabar.infra.http.health import Check

#: calls that may be under way at once; what is said on one channel takes one sender, in order
_LANES = 8
#: what the hosted service takes
_LONGEST_DATA = 10_240
_LONGEST_NAME = 200

_log = get_log("hosted")


class ServedElsewhere(NotFound):
    """The sockets of this Kabar are served elsewhere."""


class Hosted(Transport):
    """Publishes to the service, and signs for it what clients may do there."""

    def __init__(
        self,
        app: App,
        service: Service,
        *,
        withheld: Collection[str] = (),
        queue_limit: int = 10_000,
        patience: Patience | None = None,
        drain_seconds: float = 3.0,
        ask_again_seconds: float = 10.0,
    ) -> None:
        """Channels whose names begin with one of `withheld` are told nothing.

        Raises `CannotStart` when the official library is not installed.
        """
        self._app = app
        self._api = HttpServiceApi(app, service)
        self._withheld = tuple(withheld)
        self._queue_limit = queue_limit
        self._drain_seconds = drain_seconds
        self._ask_again_seconds = ask_again_seconds
        self._link = Link(self._count_waiting)
        self._senders = [
            Sender(self._api, self._link, patience or Patience()) for _ in range(_LANES)
        ]
        self.http_routes = _routes(service)
        self.page = {**service.page, "signIn": True}
        self.checks: Mapping[str, Check] = {"realtime": self._link.check}

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

        It knows only those that are signed in. They come back, without that channel.
        """
        if channel.startswith(self._withheld):
            return  # nothing is told there
        self._terminate(user_id, sender=self._sender_of(channel))

    def reauthorize(self, user_id: str) -> None:
        self._terminate(user_id, sender=self._sender_of(user_id))

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
                self._link.dropped(1, wrong)
                continue
            self._make_room()
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
        # One closes them all, and a second would close those that have come back; but one that
        # waits behind others elsewhere comes too late for what is said here.
        is_coming = any(each.has_next(termination) for each in self._senders)
        if not (is_coming or sender.has(termination)):
            sender.put(termination)

    def _make_room(self) -> None:
        if self._count_waiting() >= self._queue_limit:
            longest_first = sorted(self._senders, key=len, reverse=True)
            if any(sender.drop_oldest() for sender in longest_first):
                self._link.dropped(1, "too many events wait")

    def _sender_of(self, channel: str) -> Sender:
        return self._senders[hash(channel) % _LANES]

    def _count_waiting(self) -> int:
        return sum(map(len, self._senders))

    async def _watch(self) -> None:
        """Find out at the start, and while it is down and nothing is sent, if it would take it."""
        await self._ask()
        while True:
            await asyncio.sleep(self._ask_again_seconds)
            self._link.say()
            if self._link.is_down and not self._count_waiting():
                await self._ask()

    async def _ask(self) -> None:
        try:
            await self._api.ask()
        except (NoService, Refused) as failure:
            self._link.failed(str(failure))
        else:
            self._link.went_well()


def _what_is_wrong(channel: str, publication: Publication) -> str:
    if not channels.is_valid(channel, _LONGEST_NAME) or len(publication.event) > _LONGEST_NAME:
        return "the name of a channel or an event is none"
    if len(publication.data.encode()) > _LONGEST_DATA:
        return f"{publication.event} has more than {_LONGEST_DATA} bytes"
    return ""


def _routes(service: Service) -> list[HTTPRouteHandler]:
    """Return what says to clients of `/app` and `/apps` where to go."""

    @route(
        ["/app", "/app/{path:path}", "/apps", "/apps/{path:path}"],
        http_method=[method for method in HttpMethod if method != HttpMethod.OPTIONS],
        include_in_schema=False,
        sync_to_thread=False,
    )
    def elsewhere() -> None:
        raise ServedElsewhere(f"The sockets of this Kabar are served elsewhere: {service}")

    return [elsewhere]
