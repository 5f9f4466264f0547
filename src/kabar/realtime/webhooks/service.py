"""The way of a webhook, from what happened on a channel to the application's endpoint."""

from __future__ import annotations

from kabar.realtime.apps import App, Apps
from kabar.realtime.clock import Clock
from kabar.realtime.edges import Edge
from kabar.realtime.limits import RealtimeLimits
from kabar.realtime.observing.observer import Observer
from kabar.realtime.webhooks.courier import Courier
from kabar.realtime.webhooks.delivery import DeliveryStore
from kabar.realtime.webhooks.post import HttpPost, ObservedPost
from kabar.realtime.webhooks.roads import Roads
from kabar.realtime.webhooks.sorting import Sorting
from kabar.realtime.webhooks.window import CancelWindow


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
    def roads(self) -> Roads:
        """What waits for which endpoint."""
        return self._courier.roads

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
