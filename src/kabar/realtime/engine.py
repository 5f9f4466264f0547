"""The realtime engine as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from uvicorn.server import ServerState

from kabar.broker import Broker, Identified, Outdated, Revoked
from kabar.events import Publication
from kabar.http.client import TrustedProxies
from kabar.log import get_log
from kabar.realtime import channels, signing
from kabar.realtime.api import pusher_routes
from kabar.realtime.apps import App, Apps
from kabar.realtime.clock import LoopClock
from kabar.realtime.door import Door
from kabar.realtime.handshake import Guard, Handshake, Identify
from kabar.realtime.idempotency import Answers, AnswersInMemory
from kabar.realtime.identity import Identifier
from kabar.realtime.limits import RealtimeLimits
from kabar.realtime.node import Node, RealtimeStats
from kabar.realtime.socket import PusherSocket
from kabar.realtime.webhooks.delivery import DeliveryStore, NoStore
from kabar.realtime.webhooks.service import Webhooks
from kabar.realtime.websocket import WebSocket

_log = get_log("realtime")


class Realtime:
    """Sockets, channels and Pusher's HTTP API. Everything is called from the loop's thread."""

    def __init__(
        self,
        *,
        apps: Apps,
        broker: Broker,
        limits: RealtimeLimits,
        guards: Mapping[str, Guard] | None = None,
        identify: Identify | None = None,
        allowed_origins: Collection[str] = (),
        trusted_proxies: Collection[str] = (),
        deliveries: DeliveryStore | None = None,
        answers: Answers | None = None,
    ) -> None:
        self.apps = apps
        self.app: App = apps.own
        self._broker = broker
        clock = LoopClock()
        self._webhooks = Webhooks(
            apps=apps, store=deliveries or NoStore(), limits=limits, clock=clock
        )
        self._node = Node(
            apps=apps,
            broker=broker,
            limits=limits,
            guards=guards or {},
            can_identify=identify is not None,
            clock=clock,
            edges=self._webhooks,
        )
        self._door = Door(
            node=self._node,
            limits=limits,
            identifier=Identifier(
                identify or _nobody,
                allowed_origins=allowed_origins,
                timeout=limits.identify_timeout,
            ),
            proxies=TrustedProxies(trusted_proxies),
        )
        #: Pusher's HTTP API, `/apps/{app_id}/…`
        self.http_routes: list[HTTPRouteHandler] = pusher_routes(
            self._node,
            broker,
            answers
            or AnswersInMemory(
                clock,
                seconds=limits.idempotency_seconds,
                max_bytes=limits.max_idempotency_bytes,
            ),
            limits,
        )

    async def start(self) -> None:
        await self._broker.start(self._node.arrive)
        self._door.wheel.start()

    async def close(self) -> None:
        """Send every client elsewhere, then stop."""
        await self._door.close()
        await self._webhooks.close()
        await self._broker.close()

    def works(self) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Return what has to run beside the server: a name and a coroutine function each."""
        return [("webhooks", self._webhooks.run)]

    @property
    def stats(self) -> RealtimeStats:
        return self._node.stats

    def websocket_class(
        self, kind: Callable[[Door, ServerState], WebSocket] = PusherSocket
    ) -> Callable[..., WebSocket]:
        """Return what uvicorn's `Config(ws=…)` takes."""

        def open_socket(*, server_state: ServerState, **_uvicorn: object) -> WebSocket:
            return kind(self._door, server_state)

        return open_socket

    # ── to sockets ───────────────────────────────────────────────────────────────────────────

    def publish(self, publications: Sequence[Publication]) -> None:
        """Send events on their way, in order. It does not wait, and nothing that fails here
        fails what the events tell of."""
        for publication in publications:
            try:
                self._node.publish(self._addressed(publication))
            except Exception:
                _log.exception("an event was not published", name=publication.event)

    def identify_socket(self, socket_id: str, user_id: str) -> None:
        """Tell all nodes who holds a socket of Kabar's own app."""
        self._broker.publish(Identified(self.app.id, socket_id, user_id))

    def revoke(self, channel: str, user_id: str) -> None:
        """Let a user's sockets hear this channel no more, on all nodes, from now on."""
        self._broker.publish(Revoked(self.app.id, channel, user_id))

    def reauthorize(self, user_id: str) -> None:
        """Let a user's sockets come back, on all nodes, and show anew whose they are.

        Those whose session is good return at once; others are refused.
        """
        self._broker.publish(Outdated(self.app.id, user_id))

    # ── signatures of Kabar's own app ────────────────────────────────────────────────────────

    def authorize(
        self,
        socket_id: str,
        channel: str,
        *,
        user_id: str | None = None,
        user_info: dict[str, Any] | None = None,
    ) -> dict[str, str]:
        """Return what lets a socket subscribe; with a user, what a presence channel needs."""
        channel_data = None
        if user_id is not None and channels.is_presence(channel):
            data = {"user_id": user_id, "user_info": user_info}
            channel_data = msgspec.json.encode(data).decode()
        text = signing.subscription_text(socket_id, channel, channel_data)
        answer = {"auth": f"{self.app.key}:{signing.sign(self.app.secret, text)}"}
        return answer if channel_data is None else {**answer, "channel_data": channel_data}

    def authenticate_user(self, socket_id: str, user: dict[str, Any]) -> dict[str, str]:
        """Return what signs a socket in; `user` has an `id`."""
        user_data = msgspec.json.encode(user).decode()
        text = signing.sign_in_text(socket_id, user_data)
        auth = f"{self.app.key}:{signing.sign(self.app.secret, text)}"
        return {"auth": auth, "user_data": user_data}

    def _addressed(self, publication: Publication) -> Publication:
        """An event that names no app is for Kabar's own."""
        if publication.app_id:
            return publication
        return msgspec.structs.replace(publication, app_id=self.app.id)


async def _nobody(_handshake: Handshake) -> str | None:
    return None
