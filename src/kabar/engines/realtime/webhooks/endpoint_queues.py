"""What waits for which endpoint, in which order."""

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
    """The deliveries that wait for one endpoint of one app."""

    def __init__(self, key: tuple[str, str]) -> None:
        self.key = key
        self.turn = asyncio.Semaphore(_AT_ONCE)
        #: places that are taken, by what waits here and by what is still on its way here
        self.taken = 0
        self.is_full = False
        self._lanes: dict[str, deque[Delivery]] = {}

    def append(self, delivery: Delivery) -> bool:
        """Let a delivery wait in its lane; True if nobody sends that lane yet."""
        lane = self._lanes.get(delivery.lane)
        if lane is not None:
            lane.append(delivery)
            return False
        self._lanes[delivery.lane] = deque([delivery])
        return True

    def first(self, lane: str) -> Delivery | None:
        waiting = self._lanes.get(lane)
        return waiting[0] if waiting else None

    def passed(self, lane: str) -> None:
        """Take the first of a lane out; an empty lane is forgotten."""
        waiting = self._lanes[lane]
        waiting.popleft()
        if not waiting:
            del self._lanes[lane]

    @property
    def lanes(self) -> tuple[str, ...]:
        return tuple(self._lanes)


class EndpointQueues:
    """The queues to all endpoints. Each has so many places; what finds none is given up."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._queues: dict[tuple[str, str], EndpointQueue] = {}

    def reserve(self, delivery: Delivery) -> bool:
        """Take a place on the delivery's queue."""
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
        """Say whether this delivery is the one that its lane tries to send."""
        queue = self._queues.get((app_id, url))
        first = queue.first(lane) if queue is not None else None
        return first is not None and first.id == delivery_id

    def lanes(self) -> Iterator[tuple[EndpointQueue, str]]:
        for queue in tuple(self._queues.values()):
            for lane in queue.lanes:
                yield queue, lane

    def passed(self, queue: EndpointQueue, lane: str) -> None:
        """A delivery has arrived, or was given up: its place is free."""
        queue.passed(lane)
        queue.taken -= 1
        if not queue.taken:
            del self._queues[queue.key]
