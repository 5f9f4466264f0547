"""What holds for all connections of an app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kabar.engines.realtime.connection.handshake import Guard
from kabar.engines.realtime.limits import RealtimeLimits


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits, and who decides on channels that look public."""

    limits: RealtimeLimits
    #: by the prefix of the channel's name
    guards: Mapping[str, Guard] = field(default_factory=dict)
    #: whether there is somebody who can answer `AskIdentity`
    can_identify: bool = False

    def find_guard(self, channel: str) -> Guard | None:
        for prefix, guard in self.guards.items():
            if channel.startswith(prefix):
                return guard
        return None
