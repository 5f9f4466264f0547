"""Sender: events on their way to a service, in order, each tried for a while."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kabar.engines.realtime.hosted.link import Link
from kabar.engines.realtime.hosted.service_api import (
    BATCH,
    HostedEvent,
    NoService,
    Refused,
    ServiceApi,
    Termination,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an event is tried, and how often."""

    seconds: float = 300
    first_pause: float = 0.5
    longest_pause: float = 10


class _Waiting(NamedTuple):
    what: HostedEvent | Termination
    since: float


class Sender:
    """One call at a time, so that what is said on a channel arrives in order.

    After an answer that was lost a call is made again: clients know what is said by its id.
    """

    def __init__(
        self,
        api: ServiceApi,
        link: Link,
        patience: Patience,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._link = link
        self._patience = patience
        self._now = now
        self._waiting: deque[_Waiting] = deque()
        #: stays here when we are stopped in the middle of the call
        self._under_way: list[_Waiting] = []
        #: so many of what waits go one by one: together they were refused
        self._alone = 0
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting) + len(self._under_way)

    def put(self, what: HostedEvent | Termination) -> None:
        self._waiting.append(_Waiting(what, self._now()))
        self._wake.set()

    def has(self, what: Termination) -> bool:
        """Whether it waits. One that is under way may have been done before it was asked for."""
        return any(what == each.what for each in self._waiting)

    def has_next(self, what: Termination) -> bool:
        """Whether it goes before anything else."""
        return not self._under_way and bool(self._waiting) and self._waiting[0].what == what

    def drop_oldest(self) -> bool:
        """Drop the event that waits longest; say whether there was one."""
        for place, each in enumerate(self._waiting):
            if each.what.may_be_dropped:
                del self._waiting[place]
                return True
        return False

    async def run(self) -> None:
        """Send what comes, for ever."""
        while True:
            pause = self._patience.first_pause
            while len(self):
                try:
                    await self._send_next()
                except NoService as failure:
                    self._link.failed(str(failure))
                    await asyncio.sleep(pause * random.uniform(0.5, 1))
                    pause = min(pause * 2, self._patience.longest_pause)
                else:
                    pause = self._patience.first_pause
            self._wake.clear()
            await self._wake.wait()

    async def drain(self) -> None:
        """Send what waits, and give up at the first failure."""
        try:
            while len(self):
                await self._send_next()
        except NoService as failure:
            self._link.failed(str(failure))

    async def _send_next(self) -> None:
        self._forget_old()
        self._under_way = self._under_way or self._take()
        if not self._under_way:
            return
        try:
            await self._call(*(each.what for each in self._under_way))
        except Refused as refusal:
            if len(self._under_way) > 1:
                # One bad event must not take the good ones with it.
                self._waiting.extendleft(reversed(self._under_way))
                self._alone = len(self._under_way)
            else:
                self._link.dropped(1, str(refusal))
        except NoService:
            if not await self._is_hopeless():
                raise
            self.put(self._under_way[0].what)
        else:
            self._link.went_well()
        self._under_way = []

    async def _is_hopeless(self) -> bool:
        """Whether a termination has been tried for too long and the rest of the service is well:
        then it lets others go first. In an outage it does not, because they would be heard by
        those whom it is to keep out."""
        first = self._under_way[0]
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
        """Drop what has been tried for too long, if it may be dropped."""
        before = len(self)
        self._under_way = [each for each in self._under_way if not self._may_go(each)]
        while self._waiting and self._may_go(self._waiting[0]):
            self._waiting.popleft()
        if dropped := before - len(self):
            self._link.dropped(dropped, "tried for too long")

    def _may_go(self, waiting: _Waiting) -> bool:
        return waiting.what.may_be_dropped and self._is_old(waiting)

    def _is_old(self, waiting: _Waiting) -> bool:
        return self._now() - waiting.since > self._patience.seconds

    def _take(self) -> list[_Waiting]:
        """Return what goes in one call: as many events as it may carry, or a termination."""
        size = 1 if self._alone else BATCH
        self._alone = max(self._alone - 1, 0)
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
