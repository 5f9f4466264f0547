"""Dispatcher: sends deliveries to their endpoints, in order, until they arrive or are too old."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable

from kabar.core.log import Seldom, get_log
from kabar.core.times import utc_now
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.webhooks.delivery import Delivery, DeliveryStore
from kabar.engines.realtime.webhooks.endpoint_queues import EndpointQueue, EndpointQueues
from kabar.engines.realtime.webhooks.post import Post

#: how often this process renews its lease on deliveries, and takes over those of dead processes
_RENEW_SECONDS = 20.0
_LONGEST_PAUSE = 60.0
#: of one endpoint: so many are read from the store at once, so many of each lane at most, and only
#: when fewer than so many are left
_AT_ONCE = 1_000
_A_LANE = 100
_FEW = 500
#: ids that are remembered while they cannot be removed
_MOST_FINISHED = 100_000

_log = get_log("webhooks")


class Dispatcher:
    """Stores each delivery, sends it, and removes it from the store.

    It is stored before it is sent and removed after it has arrived: if the process dies between,
    another sends it again, with the same id. Every endpoint of every app has a queue of its own. In
    it the deliveries of one lane are sent one after the other; lanes do not wait for each other.

    What a dead process has left stays in the store until there is room for it, the oldest of each
    lane first, and what is new goes behind it.
    """

    def __init__(self, *, apps: Apps, store: DeliveryStore, limits: RealtimeLimits) -> None:
        self._apps = apps
        self._store = store
        self._limits = limits
        self.queues = EndpointQueues(limits.max_waiting_webhooks)
        self._new: list[Delivery] = []
        self._finished: list[str] = []
        self._wake = asyncio.Event()
        self._is_renewal_due = False
        #: whether what has arrived is in the store no more: or it would be read again
        self._is_removed = True
        self._not_removed = Seldom(_log.exception, "webhooks_not_removed")

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
            group.create_task(self._renew_now_and_then())
            # Before anything new: of a channel, what happened before the restart comes first.
            await self._take_over()
            while True:
                self._start_sending(await self._update_store(), group, post)
                if self._is_renewal_due:
                    await self._take_over()
                for queue in self.queues.hungry(_FEW) if self._is_removed else ():
                    self._start_sending(await self._next_of(queue), group, post)
                await self._wake.wait()
                self._wake.clear()

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
        are_kept = True
        try:
            if new:
                await self._store.add(new)
        except Exception:
            # They are sent all the same; at worst they are lost after a restart.
            _log.exception("webhooks_not_kept", count=len(new))
            are_kept = False
        # Only now: whoever is cancelled in between finds them again in `settle`.
        del self._new[: len(new)]
        try:
            if finished:
                await self._store.remove(finished)
        except Exception:
            # They are removed later; at worst they are sent twice, after a restart.
            self._not_removed.say(deliveries=len(finished))
            self._is_removed = False
            del self._finished[:-_MOST_FINISHED]
        else:
            self._is_removed = True
            del self._finished[: len(finished)]
        return [each for each in new if not (are_kept and self._stays_stored(each))]

    def _stays_stored(self, delivery: Delivery) -> bool:
        return self.queues.of(delivery.endpoint).leave_stored(delivery.lane)

    async def _renew_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            self._is_renewal_due = True
            self._wake.set()

    async def _take_over(self) -> None:
        self._is_renewal_due = False
        try:
            kept = await self._store.take_over()
        except Exception:
            _log.exception("webhooks_not_renewed")
        else:
            self.queues.recount(kept)

    async def _next_of(self, queue: EndpointQueue) -> list[Delivery]:
        """Return what the store has for lanes that wait for nothing."""
        queue.may_have_more = False
        busy = queue.lanes
        try:
            found = await self._store.next_of(queue.key, but=busy, a_lane=_A_LANE, limit=_AT_ONCE)
        except Exception:
            _log.exception("webhooks_not_read", url=queue.key.url)
            return []
        is_cut = len(found) == _AT_ONCE
        most_of_a_lane = max(Counter(each.lane for each in found).values(), default=0)
        finished = set(self._finished)
        placed = [each for each in found if each.id not in finished]
        is_all = not (busy or is_cut or most_of_a_lane == _A_LANE)
        queue.take_from_store(placed, is_all=is_all)
        # There are other lanes, for which there is room later.
        queue.may_have_more = queue.stored > 0 and is_cut
        return placed

    def _start_sending(
        self, deliveries: Iterable[Delivery], group: asyncio.TaskGroup, post: Post
    ) -> None:
        for delivery in deliveries:
            queue = self.queues.of(delivery.endpoint)
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
