"""Dispatcher: sends deliveries to their endpoints, in order, until they arrive or are too old."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable

from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.webhooks.delivery import Delivery, DeliveryStore
from kabar.engines.realtime.webhooks.endpoint_queues import EndpointQueue, EndpointQueues
from kabar.engines.realtime.webhooks.post import Post

#: how often this process renews its lease on deliveries, and takes over those of dead processes
_RENEW_SECONDS = 20.0
_LONGEST_PAUSE = 60.0

_log = get_log("webhooks")


class Dispatcher:
    """Stores each delivery, sends it, and removes it from the store.

    It is stored before it is sent and removed after it has arrived: if the process dies between,
    another sends it again, with the same id. Every endpoint of every app has a queue of its own. In
    it the deliveries of one lane are sent one after the other; lanes do not wait for each other.
    """

    def __init__(self, *, apps: Apps, store: DeliveryStore, limits: RealtimeLimits) -> None:
        self._apps = apps
        self._store = store
        self._limits = limits
        self.queues = EndpointQueues(limits.max_waiting_webhooks)
        self._new: list[Delivery] = []
        self._finished: list[str] = []
        self._wake = asyncio.Event()

    def take(self, delivery: Delivery) -> None:
        """Take a delivery; drop it if too many wait for its endpoint."""
        if self.queues.reserve(delivery):
            self._new.append(delivery)
            self._wake.set()

    async def run(self, post: Post) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            for queue, lane in self.queues.lanes():
                group.create_task(self._send_lane(queue, lane, post))
            # Before anything new, so that what happened before the restart arrives first.
            await self._take_over(group, post)
            group.create_task(self._renew(group, post))
            while True:
                await self._wake.wait()
                self._wake.clear()
                self._start_sending(await self._update_store(), group, post)

    async def settle(self) -> None:
        """Store what is new, and leave what has not arrived to other processes."""
        await self._update_store()
        try:
            await self._store.let_go()
        except Exception:
            _log.exception("webhooks_not_let_go")

    async def _update_store(self) -> list[Delivery]:
        """Store new deliveries, remove finished ones; return the new ones."""
        new, finished = list(self._new), list(self._finished)
        try:
            if new:
                await self._store.add(new)
            if finished:
                await self._store.remove(finished)
        except Exception:
            # They are sent all the same; after a restart they may be lost, or sent twice.
            _log.exception("webhooks_not_kept", new=len(new), finished=len(finished))
        # Only now: if we were cancelled above, `settle` still has them.
        del self._new[: len(new)], self._finished[: len(finished)]
        return new

    async def _renew(self, group: asyncio.TaskGroup, post: Post) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            await self._take_over(group, post)

    async def _take_over(self, group: asyncio.TaskGroup, post: Post) -> None:
        try:
            left_over = await self._store.take_over()
        except Exception:
            _log.exception("webhooks_not_renewed")
        else:
            placed = [delivery for delivery in left_over if self.queues.reserve(delivery)]
            self._start_sending(placed, group, post)

    def _start_sending(
        self, deliveries: Iterable[Delivery], group: asyncio.TaskGroup, post: Post
    ) -> None:
        for delivery in deliveries:
            queue = self.queues.of(delivery)
            if queue.append(delivery):
                group.create_task(self._send_lane(queue, delivery.lane, post))

    async def _send_lane(self, queue: EndpointQueue, lane: str, post: Post) -> None:
        while (delivery := queue.first(lane)) is not None:
            await self._send(queue, delivery, post)
            self._finished.append(delivery.id)
            self._wake.set()
            self.queues.finish(queue, lane)

    async def _send(self, queue: EndpointQueue, delivery: Delivery, post: Post) -> None:
        """Try until it arrives or is too old; however old, it is tried once."""
        pause = self._limits.webhook_first_pause
        while (app := self._apps.find_by_id(delivery.app_id)) is not None and app.enabled:
            async with queue.slots:
                failure = await post(app, delivery)
            if failure is None:
                return
            age = (utc_now() - delivery.created_at).total_seconds()
            about = {"url": delivery.url, "delivery": delivery.id, "failure": failure}
            if age + pause > self._limits.webhook_max_age:
                _log.warning("webhook_given_up", **about)
                return
            _log.info("webhook_failed", **about, again_in=pause)
            # Random, so that not all come at once to an endpoint that has just come back.
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 2, _LONGEST_PAUSE)
