"""Inspection: answers the questions of the operator's console. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import cast

from kabar.core.errors import NotFound
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.hub import Hub, Space
from kabar.engines.realtime.inspection.conversions import (
    cached_view,
    error_view,
    event_view,
    last_of_each,
    listener_of,
    user_of,
)
from kabar.engines.realtime.inspection.search import (
    MAX_ROWS,
    RecentPages,
    largest_channels,
    sockets_of,
)
from kabar.engines.realtime.inspection.views import (
    AppView,
    ChannelDetail,
    ChannelPage,
    ChannelView,
    ConnectionPage,
    ConnectionView,
    DeliveryView,
    EndpointView,
    ErrorView,
    EventPage,
    Listener,
    Overview,
    Samples,
    WebhookPage,
)
from kabar.engines.realtime.observing.observer import SAMPLE_SECONDS, Observer
from kabar.engines.realtime.observing.records import MAX_SAMPLES, Record
from kabar.engines.realtime.protocol import channels
from kabar.engines.realtime.webhooks.endpoint_queues import EndpointQueues

#: channels that a row of the list of connections names
_FEW = 3


class Inspection:
    """Answers questions about one app at a time. Asking about an app watches it for a while."""

    def __init__(
        self,
        *,
        apps: Apps,
        hub: Hub,
        observer: Observer,
        queues: EndpointQueues,
        now: Callable[[], float],
    ) -> None:
        self._apps = apps
        self._hub = hub
        self._observer = observer
        self._queues = queues
        self._now = now
        self._recent_pages = RecentPages()

    def list_apps(self) -> list[AppView]:
        return [self._app_view(app) for app in self._apps]

    def overview(self, app_id: str) -> Overview:
        app, space, record = self._look_at(app_id)
        return Overview(
            app=self._app_view(app),
            channels=len(space.counts),
            users=len(space.online),
            messages_in=record.messages_in,
            messages_out=record.messages_out,
            sample_seconds=SAMPLE_SECONDS,
            samples=self._samples(record),
            errors=self._errors(record),
        )

    async def connections(self, app_id: str, search: str) -> ConnectionPage:
        """Find connections by the beginning of their id, address or user."""
        _, space, _ = self._look_at(app_id)
        question = ("connections", app_id, search)
        page = self._recent_pages.find(question)
        if page is None:
            sockets, found = await sockets_of(space, search, self._names_of)
            page = ConnectionPage(
                [self._connection_view(socket, _FEW) for socket in sockets],
                found,
                len(space.by_id),
            )
            self._recent_pages.keep(question, page, len(space.by_id) if search else 0)
        return cast(ConnectionPage, page)

    def connection(self, app_id: str, socket_id: str) -> ConnectionView:
        _, space, _ = self._look_at(app_id)
        socket = space.by_id.get(socket_id)
        if socket is None:
            raise NotFound
        return self._connection_view(socket, None)

    async def channels(self, app_id: str, search: str) -> ChannelPage:
        """Find channels by the beginning of their name."""
        _, space, _ = self._look_at(app_id)
        question = ("channels", app_id, search)
        page = self._recent_pages.find(question)
        if page is None:
            names, found = await largest_channels(space, search)
            page = ChannelPage(
                [self._channel_view(space, name) for name in names], found, len(space.counts)
            )
            self._recent_pages.keep(question, page, len(space.counts))
        return cast(ChannelPage, page)

    def channel(self, app_id: str, name: str) -> ChannelDetail:
        """Return one channel, whether or not anybody listens to it."""
        _, space, record = self._look_at(app_id)
        cached = space.cache.find(name, self._now())
        last = next((seen for seen in reversed(record.events or ()) if name in seen.channels), None)
        return ChannelDetail(
            channel=self._channel_view(space, name),
            listeners=[
                Listener(socket.connection.socket_id, listener_of(socket, name))
                for socket in islice(space.listeners(name), MAX_ROWS)
            ],
            member_ids=[member.user_id for member in space.presence.members(name)[:MAX_ROWS]],
            cached=cached_view(cached, self._now()) if cached is not None else None,
            last_event=event_view(last) if last is not None else None,
        )

    def events(self, app_id: str, after: int) -> EventPage:
        """Return the recorded events whose number is higher than `after`."""
        _, _, record = self._look_at(app_id)
        kept = record.events or ()
        # A higher number than the last is from before this server's start: begin from the first.
        since = after if after <= record.events_seen else 0
        new = [seen for seen in kept if seen.number > since]
        missed = new[0].number - since - 1 if new and after else 0
        return EventPage([event_view(seen) for seen in new], record.events_seen, missed)

    def webhooks(self, app_id: str) -> WebhookPage:
        app, _, record = self._look_at(app_id)
        queues = {queue.key.url: queue for queue in self._queues.of_app(app_id)}
        return WebhookPage(
            [
                EndpointView(
                    url=webhook.url,
                    events=list(webhook.events),
                    channel_prefix=webhook.channel_prefix,
                    batch=webhook.batch,
                    waiting=queues[webhook.url].waiting if webhook.url in queues else 0,
                    is_full=webhook.url in queues and queues[webhook.url].is_full,
                )
                for webhook in app.webhooks
            ],
            list(self._deliveries(app_id, record)),
        )

    def require_app(self, app_id: str) -> App:
        app = self._apps.find_by_id(app_id)
        if app is None:
            raise NotFound("This server has no such app.")
        return app

    def _look_at(self, app_id: str) -> tuple[App, Space, Record]:
        return self.require_app(app_id), self._hub.space(app_id), self._observer.watch(app_id)

    def _app_view(self, app: App) -> AppView:
        return AppView(
            id=app.id,
            key=app.key,
            enabled=app.enabled,
            is_own=app is self._apps.own,
            connections=len(self._hub.space(app.id).by_id),
        )

    def _samples(self, record: Record) -> Samples:
        """Return the app's samples; zeros for the time before the app was added."""
        at = list(self._observer.sampled_at)
        unknown = [(0, 0, 0)] * (min(len(at), MAX_SAMPLES) - len(record.samples))
        rows = [*unknown, *record.samples]
        return Samples(at, *([row[column] for row in rows] for column in range(3)))

    def _errors(self, record: Record) -> list[ErrorView]:
        errors = [
            *(error_view(error, is_of_app=True) for error in record.errors),
            *(error_view(error, is_of_app=False) for error in self._observer.errors_of_nobody),
        ]
        return sorted(errors, key=lambda error: -error.at)[:MAX_ROWS]

    def _names_of(self, socket: Socket) -> list[str]:
        connection, arrival = socket.connection, self._observer.arrivals.get(socket)
        signed_in = [connection.user.user_id] if connection.user is not None else []
        return [
            connection.socket_id,
            arrival.address if arrival is not None else "",
            *connection.holding.holders,
            *signed_in,
        ]

    def _connection_view(self, socket: Socket, most: int | None) -> ConnectionView:
        connection, arrival = socket.connection, self._observer.arrivals.get(socket)
        return ConnectionView(
            socket_id=connection.socket_id,
            address=arrival.address if arrival is not None else "",
            transport=socket.kind,
            since=arrival.since if arrival is not None else None,
            user_id=user_of(socket),
            subscriptions=len(connection.subscriptions),
            channels=list(islice(connection.subscriptions, most)),
        )

    def _channel_view(self, space: Space, name: str) -> ChannelView:
        return ChannelView(
            name=name,
            subscriptions=space.counts.of(name),
            users=space.presence.count(name) if channels.is_presence(name) else None,
            is_cached=space.cache.find(name, self._now()) is not None,
        )

    def _deliveries(self, app_id: str, record: Record) -> Iterator[DeliveryView]:
        """Return each delivery once, with its last attempt."""
        for attempt in last_of_each(reversed(record.attempts)):
            if attempt.failure is None:
                status = "arrived"
            elif self._queues.is_waiting(app_id, attempt.url, attempt.lane, attempt.delivery_id):
                status = "retrying"
            else:
                status = "given_up"
            yield DeliveryView(
                id=attempt.delivery_id,
                at=attempt.at,
                seconds=attempt.seconds,
                url=attempt.url,
                channel=attempt.lane,
                body=attempt.body,
                is_cut=attempt.is_cut,
                status=status,
                failure=attempt.failure,
            )
