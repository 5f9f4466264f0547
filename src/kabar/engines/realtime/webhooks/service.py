"""The way of a webhook, from what happened on a channel to the application's endpoint."""

from __future__ import annotations

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.webhooks.courier import Courier
from kabar.engines.realtime.webhooks.delivery import DeliveryStore
from kabar.engines.realtime.webhooks.endpoint_queues import EndpointQueues
from kabar.engines.realtime.webhooks.post import HttpPost, ObservedPost
from kabar.engines.realtime.webhooks.sorting import Sorting
from kabar.engines.realtime.webhooks.window import CancelWindow


class Webhooks:
    """Edges go through the window in which a return cancels, are sorted, and carried."""

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
        self._courier = Courier(apps=apps, store=store, limits=limits)
        self._sorting = Sorting(clock, self._courier.take)
        self._window = CancelWindow(clock, self._sorting)

    def happened(self, app: App, edge: Edge) -> None:
        if app.webhooks and app.enabled:
            self._window.happened(app, edge)

    @property
    def queues(self) -> EndpointQueues:
        """What waits for which endpoint."""
        return self._courier.queues

    async def run(self) -> None:
        """Send until cancelled."""
        async with HttpPost(self._timeout) as post:
            observed = ObservedPost(post, self._observer) if self._observer is not None else post
            await self._courier.run(observed)

    async def close(self) -> None:
        """Keep what could not be sent for the next start."""
        self._window.flush()
        self._sorting.flush()
        await self._courier.settle()
