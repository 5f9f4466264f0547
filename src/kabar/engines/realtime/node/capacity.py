"""Capacity: may this node take one more connection, over all and from this address?"""

from __future__ import annotations

from collections import Counter

from kabar.core.addresses import CountedAddress, counted
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hub.quota import Quota
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import errors


class Addresses:
    """How many connections each address has. Of IPv6 a network counts as one, as everywhere."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[CountedAddress] = Counter()

    def __len__(self) -> int:
        return len(self._taken)

    def require_room(self, address: str) -> None:
        if self._most and self._taken[counted(address)] >= self._most:
            raise errors.OverCapacity("Too many connections from one address")

    def take(self, address: str) -> None:
        self._taken[counted(address)] += 1

    def give_back(self, address: str) -> None:
        key = counted(address)
        self._taken[key] -= 1
        if not self._taken[key]:
            del self._taken[key]


class Capacity:
    """Counts the connections of this node, and those from each address."""

    def __init__(self, limits: RealtimeLimits) -> None:
        self.taken = 0
        self._limits = limits
        self.addresses = Addresses(limits.max_connections_per_address)

    def require_capacity(self, app: App, quota: Quota, address: str) -> None:
        """Raise a Fatal if a limit is reached: the app's, the node's or the address's."""
        limits = self._limits
        if not app.authorized_connections and quota.is_used_up(app):
            raise errors.OverQuota
        if limits.max_connections and self.taken >= limits.max_connections:
            raise errors.OverCapacity
        self.addresses.require_room(address)

    def take(self, address: str) -> None:
        self.taken += 1
        self.addresses.take(address)

    def give_back(self, address: str) -> None:
        self.taken -= 1
        self.addresses.give_back(address)
