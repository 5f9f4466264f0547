"""Gateway: the set of open sockets, what they share, and how they are closed at the end."""

from __future__ import annotations

import asyncio
from typing import Protocol

from kabar.core.log import get_log
from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.gateway.guards import Guards
from kabar.engines.realtime.gateway.identifier import Identifier
from kabar.engines.realtime.gateway.inflow import InboundScheduler
from kabar.engines.realtime.gateway.timer_wheel import TimerWheel
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.node import Node
from kabar.infra.http.client import TrustedProxies

_log = get_log("realtime")


class Peer(Protocol):
    """The other end of an open connection, whether or not an app let it in."""

    def shutdown(self) -> None:
        """The server stops: tell the client to reconnect, and close."""


class Gateway:
    """Every socket registers here when it opens, and again when it is closed."""

    def __init__(
        self,
        *,
        node: Node,
        limits: RealtimeLimits,
        identifier: Identifier,
        guards: Guards,
        proxies: TrustedProxies,
    ) -> None:
        self.node = node
        self.limits = limits
        self._identifier = identifier
        self._guards = guards
        self.proxies = proxies
        self.wheel = TimerWheel(_tick_seconds(limits))
        #: for peers that send much at once
        self.inbound = InboundScheduler(node.clock.call_soon)
        self._peers: set[Peer] = set()
        self._emptied: asyncio.Event | None = None
        self._drained_at: float | None = None

    def opened(self, peer: Peer) -> None:
        self._peers.add(peer)

    def closed(self, peer: Peer) -> None:
        self._peers.discard(peer)
        if self._emptied is not None and not self._peers:
            self._emptied.set()

    def kept(self, handshake: Handshake) -> Handshake:
        """Return what has to be kept of a handshake until it is known whose it is."""
        return self._identifier.kept(handshake)

    async def may_hear(self, socket: Socket, handshake: Handshake | None, channel: str) -> bool:
        """Find out whether the user of a socket may hear a channel that looks public."""
        connection = socket.connection
        if connection.known_user is None and handshake is not None:
            user_id = await self._user_of(handshake, connection.app.id)
            # Before the guard looks: what is taken meanwhile must find the socket.
            self.node.perform(socket, connection.identified(user_id))
        user_id = connection.known_user
        return user_id is not None and await self._guards.may_hear(user_id, channel)

    async def _user_of(self, handshake: Handshake, app_id: str) -> str | None:
        while True:
            began = self.node.clock.now()
            user_id = await self._identifier.find_user(handshake)
            # What was read before a session ended may be that session.
            if user_id is None or not self.node.has_ended_since(app_id, user_id, began):
                return user_id

    @property
    def is_draining(self) -> bool:
        """Whether the server stops, and tells its clients to reconnect."""
        return self._drained_at is not None

    def seconds_to_drain(self) -> float:
        """Return how much time is left to tell all clients so; it runs from the first call."""
        now = asyncio.get_running_loop().time()
        if self._drained_at is None:
            self._drained_at = now + self.limits.drain_seconds
        return max(0.0, self._drained_at - now)

    async def close(self) -> None:
        """Tell all clients to reconnect, and wait until they are gone or cut off."""
        self._emptied = asyncio.Event()
        for peer in list(self._peers):
            peer.shutdown()
        if self._peers:
            grace = self.seconds_to_drain() + self.limits.close_timeout + 1.0
            try:
                async with asyncio.timeout(grace):
                    await self._emptied.wait()
            except TimeoutError:
                _log.warning("sockets did not close", sockets=len(self._peers))
        self.wheel.stop()


def _tick_seconds(limits: RealtimeLimits) -> float:
    """Return how exactly time-outs are kept: to a second, or to a quarter of the shortest."""
    shortest = min(
        limits.activity_timeout,
        limits.pong_timeout,
        limits.close_timeout,
        limits.inactivity_timeout,
        limits.fallback_grace,
        limits.fallback_heartbeat,
    )
    return min(1.0, shortest / 4)
