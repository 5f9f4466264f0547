"""DeliveryBuilder: which endpoints want an edge, and which edges go to one in the same POST?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from kabar.core.times import utc_now
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.webhooks.delivery import Delivery, delivery_of

#: how long edges are gathered for an endpoint that takes batches, and how many at most
_GATHER_SECONDS = 0.1
_MAX_BATCH = 100


class DeliveryBuilder:
    """Makes deliveries of edges: one for each edge, or for an endpoint that takes batches one for
    all edges within a tenth of a second."""

    def __init__(self, clock: Clock, hand_on: Callable[[Delivery], None]) -> None:
        self._clock = clock
        self._hand_on = hand_on
        self._gathered: dict[tuple[str, Webhook], tuple[App, list[Edge]]] = {}
        self._latest = utc_now()

    def happened(self, app: App, edge: Edge) -> None:
        for webhook in app.webhooks:
            if edge.name in webhook.events and edge.channel.startswith(webhook.channel_prefix):
                if webhook.batch:
                    self._gather(app, webhook, edge)
                else:
                    self._hand_on(delivery_of(app, webhook, [edge], self._now()))

    def flush(self) -> None:
        for app_id, webhook in list(self._gathered):
            self._finish((app_id, webhook))

    def _now(self) -> datetime:
        """Return the time, which does not go back: deliveries are kept in its order."""
        self._latest = max(self._latest, utc_now())
        return self._latest

    def _gather(self, app: App, webhook: Webhook, edge: Edge) -> None:
        key = (app.id, webhook)
        if key not in self._gathered:
            self._gathered[key] = (app, [])
            self._clock.call_later(_GATHER_SECONDS, partial(self._finish, key))
        edges = self._gathered[key][1]
        edges.append(edge)
        if len(edges) >= _MAX_BATCH:
            self._finish(key)

    def _finish(self, key: tuple[str, Webhook]) -> None:
        # A batch that was full earlier is gone already when its timer calls.
        if key in self._gathered:
            app, edges = self._gathered.pop(key)
            self._hand_on(delivery_of(app, key[1], edges, self._now()))
