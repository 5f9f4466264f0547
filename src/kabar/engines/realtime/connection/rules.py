"""Rules: what is the same for all connections of an app, its limits and its guards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kabar.engines.realtime.connection.handshake import Guard
from kabar.engines.realtime.limits import RealtimeLimits


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits, and the guards of channels that need no signature."""

    limits: RealtimeLimits
    #: by the prefix of the channel's name
    guards: Mapping[str, Guard] = field(default_factory=dict)
    #: whether `AskIdentity` can be answered
    can_identify: bool = False

    def find_guard(self, channel: str) -> Guard | None:
        for prefix, guard in self.guards.items():
            if channel.startswith(prefix):
                return guard
        return None
