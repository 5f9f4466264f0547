"""Realtime: the whole engine as one object, for the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
from litestar.types import ASGIApp
from uvicorn.server import ServerState

from kabar.core.events import Publication
from kabar.core.log import get_log
from kabar.engines.broker import Asked, Broker, Outdated, Revoked, Signed
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.clock import LoopClock
from kabar.engines.realtime.connection.handshake import Guard, Handshake, Identify, ProofIn
from kabar.engines.realtime.fallback.middleware import Fallbacks
from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.gateway.guards import Guards
from kabar.engines.realtime.gateway.identifier import Identifier
from kabar.engines.realtime.http_api.api import ROUTES, PusherApi
from kabar.engines.realtime.http_api.claimed_keys import IdempotencyStore, MemoryIdempotencyStore
from kabar.engines.realtime.http_api.publishing import Publishing, Trigger
from kabar.engines.realtime.inspection.inspection import Inspection
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.app_changes import change_apps
from kabar.engines.realtime.node.node import Node
from kabar.engines.realtime.node.stats import RealtimeStats
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.transport import TooManyAskers, Transport
from kabar.engines.realtime.webhooks.delivery import DeliveryStore, NoStore
from kabar.engines.realtime.webhooks.service import Webhooks
from kabar.engines.realtime.websocket.socket import PusherSocket
from kabar.engines.realtime.websocket.websocket import WebSocket
from kabar.infra.http.client import TrustedProxies
from kabar.infra.http.parts import Parts
from kabar.infra.http.same_origin import SameOrigin

_log = get_log("realtime")


class Realtime(Transport):
    """The transport in this process: sockets, channels and Pusher's HTTP API."""

    http_routes = ROUTES

    def __init__(
        self,
        *,
        apps: Apps,
        broker: Broker,
        limits: RealtimeLimits,
        guards: Mapping[str, Guard] | None = None,
        identify: Identify | None = None,
        proof_in: ProofIn | None = None,
        public_url: str | None = None,
        allowed_origins: Collection[str] = (),
        trusted_proxies: Collection[str] = (),
        deliveries: DeliveryStore | None = None,
        idempotency: IdempotencyStore | None = None,
        is_observed: bool = False,
        forget: Callable[[str], None] | None = None,
    ) -> None:
        """`is_observed`: it has an observer, and `inspection` answers questions about it.
        `forget` is called with each user whose session has ended, on whichever node."""
        self.apps = apps
        self._broker = broker
        clock = LoopClock()
        self._observer = Observer(apps=apps, clock=clock) if is_observed else None
        self._webhooks = Webhooks(
            apps=apps,
            store=deliveries or NoStore(),
            limits=limits,
            clock=clock,
            observer=self._observer,
        )
        self._node = Node(
            apps=apps,
            broker=broker,
            limits=limits,
            guarded=tuple(guards or ()),
            can_identify=identify is not None,
            clock=clock,
            edges=self._webhooks,
            observer=self._observer,
            forget=forget,
        )
        self._gateway = Gateway(
            node=self._node,
            limits=limits,
            identifier=Identifier(
                identify or _nobody,
                proof_in or _all_of_it,
                same_origin=SameOrigin(public_url=public_url, allowed_origins=allowed_origins),
                timeout=limits.identify_timeout,
            ),
            guards=Guards(guards or {}, timeout=limits.guard_timeout),
            proxies=TrustedProxies(trusted_proxies),
        )
        self._fallbacks = Fallbacks(self._gateway, allowed_origins=allowed_origins)
        self.inspection = None if self._observer is None else self._inspection(self._observer)
        idempotency = idempotency or MemoryIdempotencyStore(
            clock, seconds=limits.idempotency_seconds, max_bytes=limits.max_idempotency_bytes
        )
        publishing = Publishing(self._node, idempotency, limits)
        #: publishes an event for an operator, as `POST …/events` would
        self.trigger: Trigger = publishing.trigger
        self.parts = Parts(PusherApi(self._node, broker, publishing, limits))

    async def start(self) -> None:
        await self._broker.start(self._node.arrive)
        self._gateway.wheel.start()
        if self._observer is not None:
            self._observer.start()

    async def close(self) -> None:
        """Tell every client to reconnect, then stop."""
        if self._observer is not None:
            self._observer.close()
        await self._gateway.close()
        await self._webhooks.close()
        await self._broker.close()

    def works(self) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        return [("webhooks", self._webhooks.run)]

    @property
    def app(self) -> App:
        return self.apps.own

    def change_apps(self, apps: Iterable[App]) -> None:
        """Serve these apps from now on; connections of apps that are gone are closed."""
        change_apps(self._node, apps)

    @property
    def stats(self) -> RealtimeStats:
        return self._node.stats

    def websocket_class(
        self, kind: Callable[[Gateway, ServerState], WebSocket] = PusherSocket
    ) -> Callable[..., WebSocket]:
        """Return what uvicorn's `Config(ws=…)` takes."""

        def open_socket(*, server_state: ServerState, **_uvicorn: object) -> WebSocket:
            return kind(self._gateway, server_state)

        return open_socket

    def with_fallbacks(self, app: ASGIApp) -> ASGIApp:
        """Return the application with the fallbacks in front of it."""
        return self._fallbacks.in_front_of(app)

    def start_draining(self) -> None:
        """Tell the clients of fallbacks to reconnect. Call it when the server begins to stop.

        uvicorn waits for requests to end, and their streams are such; WebSockets it tells itself.
        """
        self._fallbacks.start_draining()

    # ── to sockets ───────────────────────────────────────────────────────────────────────────

    def publish(self, publications: Sequence[Publication]) -> None:
        """Send events to their channels, in order. An event that fails is logged: it must not
        fail the work that it tells of."""
        for publication in publications:
            try:
                self._node.publish(self._addressed(publication))
            except Exception:
                _log.exception("an event was not published", name=publication.event)

    @property
    def arrivals(self) -> int:  # type: ignore[override]
        return self._node.hub.space(self.app.id).arrivals

    def listening(self, channels: AbstractSet[str]) -> AbstractSet[str]:
        return self._node.hub.space(self.app.id).listening(channels)

    def note_asker(self, socket_id: str, user_id: str) -> None:
        """Tell all nodes who has something signed for a socket of Kabar's own app."""
        socket = self._node.find(self.app.id, socket_id)
        if socket is not None and not socket.connection.holding.has_room_for(user_id):
            raise TooManyAskers
        self._broker.publish(Asked(self.app.id, socket_id, user_id))

    def take_plain(self, socket_id: str, channel: str, user_id: str) -> bool:
        socket = self._node.find(self.app.id, socket_id)
        if socket is not None and not socket.connection.holding.may_sign(channel, user_id):
            return False
        # Where the socket is another node's, that finds out if another signed at the same time.
        self._broker.publish(Signed(self.app.id, socket_id, channel, user_id))
        return True

    def revoke(self, channel: str, user_id: str) -> None:
        """Cut the user's sockets off this channel, on all nodes."""
        self._broker.publish(Revoked(self.app.id, channel, user_id))

    def reauthorize(self, user_id: str) -> None:
        """Close the user's sockets, on all nodes: they reconnect and show anew whose they are.

        Those with a good session are back at once; others are refused.
        """
        self._broker.publish(Outdated(self.app.id, user_id))

    def _inspection(self, observer: Observer) -> Inspection:
        return Inspection(
            apps=self.apps,
            hub=self._node.hub,
            observer=observer,
            queues=self._webhooks.queues,
            now=self._node.clock.now,
        )

    def _addressed(self, publication: Publication) -> Publication:
        """Name the app: an event without one is for Kabar's own."""
        if publication.app_id:
            return publication
        return msgspec.structs.replace(publication, app_id=self.app.id)


def _all_of_it(handshake: Handshake) -> Iterable[tuple[bytes, bytes]]:
    return handshake.headers


async def _nobody(_handshake: Handshake) -> str | None:
    return None
