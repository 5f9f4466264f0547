"""Capacity: may this node take one more connection, over all and from this address?"""

from __future__ import annotations

from collections import Counter

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hub.quota import Quota
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import errors


class Capacity:
    """Counts the connections of this node, and those from each address."""

    def __init__(self, limits: RealtimeLimits) -> None:
        self.taken = 0
        self._limits = limits
        self._by_address: Counter[str] = Counter()

    def require_capacity(self, app: App, quota: Quota, address: str) -> None:
        """Raise a Fatal if a limit is reached: the app's, the node's or the address's."""
        limits = self._limits
        if not app.authorized_connections and quota.is_used_up(app):
            raise errors.OverQuota
        if limits.max_connections and self.taken >= limits.max_connections:
            raise errors.OverCapacity
        if (
            limits.max_connections_per_address
            and self._by_address[address] >= limits.max_connections_per_address
        ):
            raise errors.OverCapacity("Too many connections from one address")

    def take(self, address: str) -> None:
        self.taken += 1
        self._by_address[address] += 1

    def give_back(self, address: str) -> None:
        self.taken -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
