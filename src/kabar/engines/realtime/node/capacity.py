"""Whether this node has room for one more connection."""

from __future__ import annotations

from collections import Counter

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hub.quota import Quota
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import errors


class Capacity:
    """The connections of this node, and of each address."""

    def __init__(self, limits: RealtimeLimits) -> None:
        self.taken = 0
        self._limits = limits
        self._by_address: Counter[str] = Counter()

    def require_room(self, app: App, quota: Quota, address: str) -> None:
        """Raise the Fatal of the first limit that is reached."""
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
