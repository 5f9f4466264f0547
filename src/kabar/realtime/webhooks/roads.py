"""What waits for which endpoint, in which order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from kabar.log import get_log
from kabar.realtime.webhooks.delivery import Delivery

#: requests to one endpoint at the same time
_AT_ONCE = 8

_log = get_log("webhooks")


class Road:
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


class Roads:
    """The roads to all endpoints. Each has so many places; what finds none is given up."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._roads: dict[tuple[str, str], Road] = {}

    def reserve(self, delivery: Delivery) -> bool:
        """Take a place on the delivery's road."""
        road = self.of(delivery)
        if road.taken < self._places:
            road.taken += 1
            road.is_full = False
            return True
        if not road.is_full:
            road.is_full = True
            _log.warning("webhooks_overflow", url=delivery.url, waiting=road.taken)
        return False

    def of(self, delivery: Delivery) -> Road:
        key = (delivery.app_id, delivery.url)
        road = self._roads.get(key)
        if road is None:
            road = self._roads[key] = Road(key)
        return road

    def of_app(self, app_id: str) -> Iterator[Road]:
        return (road for road in self._roads.values() if road.key[0] == app_id)

    def is_waiting(self, app_id: str, url: str, lane: str, delivery_id: str) -> bool:
        """Say whether this delivery is the one that its lane tries to send."""
        road = self._roads.get((app_id, url))
        first = road.first(lane) if road is not None else None
        return first is not None and first.id == delivery_id

    def lanes(self) -> Iterator[tuple[Road, str]]:
        for road in tuple(self._roads.values()):
            for lane in road.lanes:
                yield road, lane

    def passed(self, road: Road, lane: str) -> None:
        """A delivery has arrived, or was given up: its place is free."""
        road.passed(lane)
        road.taken -= 1
        if not road.taken:
            del self._roads[road.key]
