"""Who carries webhooks to their endpoints: in order, until they arrive or are too old."""

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

#: how often it is said that this process lives, and asked what others have left behind
_RENEW_SECONDS = 20.0
_LONGEST_PAUSE = 60.0

_log = get_log("webhooks")


class Courier:
    """Keeps what it is given, sends it, and forgets it.

    A delivery is kept before it is sent, and removed after it has arrived: what is under way when
    the process dies is sent again, with the same id. Every endpoint of every app has a queue of its
    own; on it, what belongs to one lane goes one by one, and lanes do not wait for each other.
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
        """Take a delivery on; when too much waits for its endpoint it is given up at once."""
        if self.queues.reserve(delivery):
            self._new.append(delivery)
            self._wake.set()

    async def run(self, post: Post) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            for queue, lane in self.queues.lanes():
                group.create_task(self._send_lane(queue, lane, post))
            # Before anything new: of a channel, what happened before the restart comes first.
            await self._take_over(group, post)
            group.create_task(self._renew(group, post))
            while True:
                await self._wake.wait()
                self._wake.clear()
                self._set_out(await self._keep_books(), group, post)

    async def settle(self) -> None:
        """Keep what is new, and leave what has not arrived to the next process."""
        await self._keep_books()
        try:
            await self._store.let_go()
        except Exception:
            _log.exception("webhooks_not_let_go")

    async def _keep_books(self) -> list[Delivery]:
        """Keep what is new, remove what is finished; return what is new."""
        new, finished = list(self._new), list(self._finished)
        try:
            if new:
                await self._store.add(new)
            if finished:
                await self._store.remove(finished)
        except Exception:
            # They are sent all the same; at worst they are lost, or sent twice, after a restart.
            _log.exception("webhooks_not_kept", new=len(new), finished=len(finished))
        # Only now: whoever is cancelled in between finds them again in `settle`.
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
            self._set_out(placed, group, post)

    def _set_out(
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
            self.queues.passed(queue, lane)

    async def _send(self, queue: EndpointQueue, delivery: Delivery, post: Post) -> None:
        """Try until it arrives, or is too old; what a dead process left is tried once at least."""
        pause = self._limits.webhook_first_pause
        while (app := self._apps.find_by_id(delivery.app_id)) is not None and app.enabled:
            async with queue.turn:
                failure = await post(app, delivery)
            if failure is None:
                return
            age = (utc_now() - delivery.created_at).total_seconds()
            told = {"url": delivery.url, "delivery": delivery.id, "failure": failure}
            if age + pause > self._limits.webhook_patience:
                _log.warning("webhook_given_up", **told)
                return
            _log.info("webhook_failed", **told, again_in=pause)
            # Not all at once: an endpoint that comes back must not be run over.
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 2, _LONGEST_PAUSE)
