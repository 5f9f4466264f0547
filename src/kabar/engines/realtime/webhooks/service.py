"""Webhooks: the whole path from an edge on a channel to the application's endpoint."""

from __future__ import annotations

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.webhooks.cancel_window import CancelWindow
from kabar.engines.realtime.webhooks.delivery import DeliveryStore
from kabar.engines.realtime.webhooks.delivery_builder import DeliveryBuilder
from kabar.engines.realtime.webhooks.dispatcher import Dispatcher
from kabar.engines.realtime.webhooks.endpoint_queues import EndpointQueues
from kabar.engines.realtime.webhooks.post import HttpPost, ObservedPost


class Webhooks:
    """Takes edges: through the cancel window, to the delivery builder, to the dispatcher."""

    def __init__(
        self,
        *,
        apps: Apps,
        store: DeliveryStore,
        limits: RealtimeLimits,
        clock: Clock,
        observer: Observer | None = None,
    ) -> None:
        self._timeout = limits.webhook_timeout
        self._observer = observer
        self._dispatcher = Dispatcher(apps=apps, store=store, limits=limits)
        self._builder = DeliveryBuilder(clock, self._dispatcher.take)
        self._window = CancelWindow(clock, self._builder)

    def happened(self, app: App, edge: Edge) -> None:
        if app.webhooks and app.enabled:
            self._window.happened(app, edge)

    @property
    def queues(self) -> EndpointQueues:
        """The deliveries that wait, by endpoint."""
        return self._dispatcher.queues

    async def run(self) -> None:
        """Send until cancelled."""
        async with HttpPost(self._timeout) as post:
            observed = ObservedPost(post, self._observer) if self._observer is not None else post
            await self._dispatcher.run(observed)

    async def close(self) -> None:
        """Store what could not be sent, for the next start."""
        self._window.flush()
        self._builder.flush()
        await self._dispatcher.settle()
