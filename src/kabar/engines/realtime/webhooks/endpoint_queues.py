"""Endpoint queues: the deliveries that wait for each endpoint, in lanes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from kabar.core.log import get_log
from kabar.engines.realtime.webhooks.delivery import Delivery

#: requests to one endpoint at the same time
_AT_ONCE = 8

_log = get_log("webhooks")


class EndpointQueue:
    """The deliveries that wait for one endpoint of one app, by lane."""

    def __init__(self, key: tuple[str, str]) -> None:
        #: app id and URL
        self.key = key
        #: for requests that are under way at the same time
        self.slots = asyncio.Semaphore(_AT_ONCE)
        #: deliveries that wait here, or have reserved a place and come soon
        self.taken = 0
        self.is_full = False
        self._lanes: dict[str, deque[Delivery]] = {}

    def append(self, delivery: Delivery) -> bool:
        """Append a delivery to its lane; True if the lane is new, so that nobody sends it yet."""
        lane = self._lanes.get(delivery.lane)
        if lane is not None:
            lane.append(delivery)
            return False
        self._lanes[delivery.lane] = deque([delivery])
        return True

    def first(self, lane: str) -> Delivery | None:
        waiting = self._lanes.get(lane)
        return waiting[0] if waiting else None

    def finish(self, lane: str) -> None:
        """Remove the first delivery of a lane; forget a lane that is empty."""
        waiting = self._lanes[lane]
        waiting.popleft()
        if not waiting:
            del self._lanes[lane]

    @property
    def lanes(self) -> tuple[str, ...]:
        return tuple(self._lanes)


class EndpointQueues:
    """The queues of all endpoints, each with a limited number of places."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._queues: dict[tuple[str, str], EndpointQueue] = {}

    def reserve(self, delivery: Delivery) -> bool:
        """Take a place in the queue of the delivery's endpoint; False if it is full."""
        queue = self.of(delivery)
        if queue.taken < self._places:
            queue.taken += 1
            queue.is_full = False
            return True
        if not queue.is_full:
            queue.is_full = True
            _log.warning("webhooks_overflow", url=delivery.url, waiting=queue.taken)
        return False

    def of(self, delivery: Delivery) -> EndpointQueue:
        key = (delivery.app_id, delivery.url)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = EndpointQueue(key)
        return queue

    def of_app(self, app_id: str) -> Iterator[EndpointQueue]:
        return (queue for queue in self._queues.values() if queue.key[0] == app_id)

    def is_waiting(self, app_id: str, url: str, lane: str, delivery_id: str) -> bool:
        """Say whether this delivery is the first of its lane, and so is still being tried."""
        queue = self._queues.get((app_id, url))
        first = queue.first(lane) if queue is not None else None
        return first is not None and first.id == delivery_id

    def lanes(self) -> Iterator[tuple[EndpointQueue, str]]:
        for queue in tuple(self._queues.values()):
            for lane in queue.lanes:
                yield queue, lane

    def finish(self, queue: EndpointQueue, lane: str) -> None:
        """The first of a lane has arrived, or was given up: remove it, and free its place."""
        queue.finish(lane)
        queue.taken -= 1
        if not queue.taken:
            del self._queues[queue.key]
