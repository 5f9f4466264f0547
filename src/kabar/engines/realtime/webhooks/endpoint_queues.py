"""What waits for which endpoint, in which order, and how much more of it is in the store."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from kabar.core.log import get_log
from kabar.engines.realtime.webhooks.delivery import Delivery, Endpoint

#: requests to one endpoint at the same time
_AT_ONCE = 8

_log = get_log("webhooks")


class EndpointQueue:
    """The deliveries that wait for one endpoint of one app, by lane."""

    def __init__(self, key: Endpoint) -> None:
        self.key = key
        #: for requests that are under way at the same time
        self.slots = asyncio.Semaphore(_AT_ONCE)
        #: deliveries that wait here, or have reserved a place and come soon
        self.taken = 0
        #: what waits in the store and not here; as long as there is any, what is new goes behind it
        self.stored = 0
        #: so many of all these were left by a dead process. They take no places.
        self._left = 0
        #: whether the store may have something for a lane that waits for nothing
        self.may_have_more = False
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
            self.may_have_more = self.stored > 0
        self.taken -= 1
        # What was left goes first.
        self._left = max(0, self._left - 1)

    def leave_stored(self, lane: str) -> bool:
        """Let one that has a place wait in the store, if others wait there before it."""
        if not self.stored:
            return False
        self.taken -= 1
        self.stored += 1
        if lane not in self._lanes:
            self.may_have_more = True
        return True

    def take_from_store(self, found: Sequence[Delivery], *, is_all: bool) -> None:
        """These come here from the store, where there is nothing else if they are all."""
        self.taken += len(found)
        self.stored = 0 if is_all else max(0, self.stored - len(found))
        self._left = min(self._left, self.waiting)

    def recount(self, kept: int) -> None:
        """Learn how many are in the store, with those that are here as well."""
        places = self.places_taken
        self.stored = max(0, kept - self.here)
        self.may_have_more = self.stored > 0
        self._left = max(0, self.waiting - places)

    @property
    def places_taken(self) -> int:
        return self.waiting - self._left

    @property
    def waiting(self) -> int:
        """How many there are, wherever they wait."""
        return self.taken + self.stored

    @property
    def here(self) -> int:
        """How many wait in memory."""
        return sum(map(len, self._lanes.values()))

    @property
    def lanes(self) -> tuple[str, ...]:
        return tuple(self._lanes)


class EndpointQueues:
    """The queues of all endpoints, each with a limited number of places."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._queues: dict[Endpoint, EndpointQueue] = {}

    def reserve(self, delivery: Delivery) -> bool:
        """Take a place on the delivery's queue."""
        queue = self.of(delivery.endpoint)
        if queue.places_taken < self._places:
            queue.taken += 1
            queue.is_full = False
            return True
        if not queue.is_full:
            queue.is_full = True
            _log.warning("webhooks_overflow", url=delivery.url, waiting=queue.waiting)
        return False

    def recount(self, kept: Mapping[Endpoint, int]) -> None:
        """Learn how many of this process's are in the store, with those that are here as well."""
        for endpoint in self._queues.keys() | kept.keys():
            queue = self.of(endpoint)
            queue.recount(kept.get(endpoint, 0))
            self._forget_idle(queue)

    def of(self, endpoint: Endpoint) -> EndpointQueue:
        queue = self._queues.get(endpoint)
        if queue is None:
            queue = self._queues[endpoint] = EndpointQueue(endpoint)
        return queue

    def of_app(self, app_id: str) -> Iterator[EndpointQueue]:
        return (queue for queue in self._queues.values() if queue.key.app_id == app_id)

    def hungry(self, fewer_than: int) -> list[EndpointQueue]:
        """Return those that have room for what the store may have for them."""
        return [
            queue
            for queue in self._queues.values()
            if queue.stored and queue.may_have_more and queue.here < fewer_than
        ]

    def is_waiting(self, app_id: str, url: str, lane: str, delivery_id: str) -> bool:
        """Say whether this delivery is the one that its lane tries to send."""
        queue = self._queues.get(Endpoint(app_id, url))
        first = queue.first(lane) if queue is not None else None
        return first is not None and first.id == delivery_id

    def lanes(self) -> Iterator[tuple[EndpointQueue, str]]:
        for queue in tuple(self._queues.values()):
            for lane in queue.lanes:
                yield queue, lane

    def finish(self, queue: EndpointQueue, lane: str) -> None:
        """A delivery has arrived, or was given up: its place is free."""
        queue.finish(lane)
        self._forget_idle(queue)

    def _forget_idle(self, queue: EndpointQueue) -> None:
        if not queue.waiting:
            self._queues.pop(queue.key, None)
