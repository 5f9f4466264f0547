"""Sender: sends events to a service one call after the other, and repeats calls that fail."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kabar.engines.realtime.hosted.service_api import (
    BATCH,
    HostedEvent,
    NoService,
    Refused,
    ServiceApi,
    Termination,
)
from kabar.engines.realtime.hosted.service_health import ServiceHealth


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """For how many seconds an event is tried, and the pauses between the tries."""

    seconds: float = 300
    first_pause: float = 0.5
    longest_pause: float = 10


class _Waiting(NamedTuple):
    what: HostedEvent | Termination
    since: float


class Sender:
    """Makes one call at a time, so that the events of a channel arrive in order.

    A call whose answer was lost is made again: clients recognise a repeated message by its id.
    """

    def __init__(
        self,
        api: ServiceApi,
        health: ServiceHealth,
        retries: RetryPolicy,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._health = health
        self._retries = retries
        self._now = now
        self._waiting: deque[_Waiting] = deque()
        #: what the present call carries; it stays here when we are stopped in the middle
        self._in_flight: list[_Waiting] = []
        #: how many of the next ones are sent one by one: together they were refused
        self._one_by_one = 0
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting) + len(self._in_flight)

    def put(self, what: HostedEvent | Termination) -> None:
        self._waiting.append(_Waiting(what, self._now()))
        self._wake.set()

    def has(self, what: Termination) -> bool:
        """Whether it waits. One in flight does not count: it may have been carried out already."""
        return any(what == each.what for each in self._waiting)

    def has_next(self, what: Termination) -> bool:
        """Whether it is the next to be sent."""
        return not self._in_flight and bool(self._waiting) and self._waiting[0].what == what

    def drop_oldest(self) -> bool:
        """Drop the event that has waited longest; return whether there was one."""
        for place, each in enumerate(self._waiting):
            if each.what.may_be_dropped:
                del self._waiting[place]
                return True
        return False

    async def run(self) -> None:
        """Send what comes, for ever."""
        while True:
            pause = self._retries.first_pause
            while len(self):
                try:
                    await self._send_next()
                except NoService as failure:
                    self._health.failed(str(failure))
                    await asyncio.sleep(pause * random.uniform(0.5, 1))
                    pause = min(pause * 2, self._retries.longest_pause)
                else:
                    pause = self._retries.first_pause
            self._wake.clear()
            await self._wake.wait()

    async def drain(self) -> None:
        """Send what waits, and give up at the first failure."""
        try:
            while len(self):
                await self._send_next()
        except NoService as failure:
            self._health.failed(str(failure))

    async def _send_next(self) -> None:
        self._forget_old()
        self._in_flight = self._in_flight or self._take()
        if not self._in_flight:
            return
        try:
            await self._call(*(each.what for each in self._in_flight))
        except Refused as refusal:
            if len(self._in_flight) > 1:
                # One event that is refused must not cost the others: send them one by one.
                self._waiting.extendleft(reversed(self._in_flight))
                self._one_by_one = len(self._in_flight)
            else:
                self._health.dropped(1, str(refusal))
        except NoService:
            if not await self._must_give_way():
                raise
            self.put(self._in_flight[0].what)
        else:
            self._health.went_well()
        self._in_flight = []

    async def _must_give_way(self) -> bool:
        """Whether a termination has failed for too long though the service is well otherwise:
        then others go first. In an outage they do not: events behind it would be heard by the
        user whose connections it is to close."""
        first = self._in_flight[0]
        if first.what.may_be_dropped or not self._is_old(first):
            return False
        try:
            await self._api.ask()
        except NoService:
            return False
        except Refused:
            pass
        return True

    def _forget_old(self) -> None:
        """Drop events that have been tried for too long."""
        before = len(self)
        self._in_flight = [each for each in self._in_flight if not self._may_be_dropped(each)]
        while self._waiting and self._may_be_dropped(self._waiting[0]):
            self._waiting.popleft()
        if dropped := before - len(self):
            self._health.dropped(dropped, "tried for too long")

    def _may_be_dropped(self, waiting: _Waiting) -> bool:
        return waiting.what.may_be_dropped and self._is_old(waiting)

    def _is_old(self, waiting: _Waiting) -> bool:
        return self._now() - waiting.since > self._retries.seconds

    def _take(self) -> list[_Waiting]:
        """Take what the next call carries: as many events as it may, or one termination."""
        size = 1 if self._one_by_one else BATCH
        self._one_by_one = max(self._one_by_one - 1, 0)
        taken: list[_Waiting] = []
        while self._waiting and len(taken) < size:
            is_termination = isinstance(self._waiting[0].what, Termination)
            if taken and is_termination:
                break
            taken.append(self._waiting.popleft())
            if is_termination:
                break
        return taken

    async def _call(self, *batch: HostedEvent | Termination) -> None:
        match batch:
            case (Termination(user_id=user_id),):
                await self._api.terminate(user_id)
            case _:
                await self._api.trigger([e for e in batch if isinstance(e, HostedEvent)])
