"""What all sockets of this node share, and how they are shown out."""

from __future__ import annotations

import asyncio
from typing import Protocol

from kabar.http.client import TrustedProxies
from kabar.log import get_log
from kabar.realtime.identity import Identifier
from kabar.realtime.limits import RealtimeLimits
from kabar.realtime.node import Node
from kabar.realtime.websocket.deflate import Deflaters
from kabar.realtime.websocket.inflow import Queue
from kabar.realtime.wheel import Wheel

_log = get_log("realtime")


class Guest(Protocol):
    """Whoever came in, whether or not they were let further."""

    def shutdown(self) -> None: ...


class Door:
    """Every socket comes in here, and is gone when it says so."""

    def __init__(
        self,
        *,
        node: Node,
        limits: RealtimeLimits,
        identifier: Identifier,
        proxies: TrustedProxies,
    ) -> None:
        self.node = node
        self.limits = limits
        self.identifier = identifier
        self.proxies = proxies
        #: None: nothing is compressed
        self.deflaters = None if limits.compress_from is None else Deflaters(limits.compress_from)
        self.wheel = Wheel(_tick_seconds(limits))
        #: for those who say much at once
        self.queue = Queue(node.clock.call_soon)
        self._guests: set[Guest] = set()
        self._emptied: asyncio.Event | None = None
        self._drained_at: float | None = None

    def opened(self, guest: Guest) -> None:
        self._guests.add(guest)

    def closed(self, guest: Guest) -> None:
        self._guests.discard(guest)
        if self._emptied is not None and not self._guests:
            self._emptied.set()

    @property
    def is_draining(self) -> bool:
        """Whether the node goes down, and sends everybody elsewhere."""
        return self._drained_at is not None

    def seconds_to_drain(self) -> float:
        """Return how much time is left to send everybody elsewhere, counted from the first."""
        now = asyncio.get_running_loop().time()
        if self._drained_at is None:
            self._drained_at = now + self.limits.drain_seconds
        return max(0.0, self._drained_at - now)

    async def close(self) -> None:
        """Show everybody out, and wait until they are gone; the line is cut if need be."""
        self._emptied = asyncio.Event()
        for guest in list(self._guests):
            guest.shutdown()
        if self._guests:
            grace = self.seconds_to_drain() + self.limits.close_timeout + 1.0
            try:
                async with asyncio.timeout(grace):
                    await self._emptied.wait()
            except TimeoutError:
                _log.warning("sockets did not close", sockets=len(self._guests))
        self.wheel.stop()


def _tick_seconds(limits: RealtimeLimits) -> float:
    """Return how exact the times of silence are: a second, or a part of the shortest of them."""
    shortest = min(
        limits.activity_timeout,
        limits.pong_timeout,
        limits.close_timeout,
        limits.inactivity_timeout,
        limits.fallback_grace,
        limits.fallback_heartbeat,
    )
    return min(1.0, shortest / 4)
