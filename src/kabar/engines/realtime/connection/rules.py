"""Rules: what is the same for all connections of an app, its limits and its guards."""

from __future__ import annotations

from dataclasses import dataclass

from kabar.engines.realtime.limits import RealtimeLimits


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits, and which channels are not what they look."""

    limits: RealtimeLimits
    #: how names begin that look public, and stand behind a guard
    guarded: tuple[str, ...] = ()
    #: whether there is somebody who can tell whose handshake it was
    can_identify: bool = False

    def is_guarded(self, channel: str) -> bool:
        return channel.startswith(self.guarded)
