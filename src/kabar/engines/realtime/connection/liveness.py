"""Liveness: when is a silent client asked whether it is there, and when is it given up?"""

from __future__ import annotations

from enum import Enum, auto
from math import inf

from kabar.engines.realtime.limits import RealtimeLimits


class LivenessAction(Enum):
    """What is to be done about a socket now."""

    NOTHING = auto()
    #: send a ping of the WebSocket, or a heartbeat of the fallback
    PING = auto()
    #: send `pusher:ping`, which the client itself answers
    ASK = auto()
    #: nobody has answered the WebSocket's ping
    GIVE_UP_DEAD = auto()
    #: something answers pings, but the client has sent no frame for a day
    GIVE_UP_INACTIVE = auto()
    #: the app wants clients to show who they are, and this one has not
    GIVE_UP_UNAUTHORIZED = auto()


class Liveness:
    """Judges the silence of one socket. All times are the loop's."""

    __slots__ = ("_asked_at", "_pinged_at", "heard_at", "spoke_at", "welcomed_at")

    def __init__(self, now: float) -> None:
        #: when anything last came, be it a pong
        self.heard_at = now
        #: when the client last sent a frame of Pusher's protocol
        self.spoke_at = now
        self.welcomed_at = now
        self._pinged_at = -inf
        self._asked_at = -inf

    def look(
        self, now: float, limits: RealtimeLimits, authorization_seconds: float | None
    ) -> tuple[LivenessAction, float]:
        """Return what to do, and in how many seconds to look again.

        `authorization_seconds` is how long after its welcome the client must have shown who it is.
        """
        left = inf
        if authorization_seconds is not None:
            left = self.welcomed_at + authorization_seconds - now
        if left <= 0:
            return LivenessAction.GIVE_UP_UNAUTHORIZED, 0.0
        action, seconds = self._judge(now, limits)
        return action, min(seconds, left)

    def _judge(self, now: float, limits: RealtimeLimits) -> tuple[LivenessAction, float]:
        silence, wordless = now - self.heard_at, now - self.spoke_at
        if wordless >= limits.inactivity_timeout:
            if self._asked_at <= self.spoke_at:
                self._asked_at = now
                return LivenessAction.ASK, limits.pong_timeout
            waited = now - self._asked_at
            if waited < limits.pong_timeout:
                return LivenessAction.NOTHING, limits.pong_timeout - waited
            return LivenessAction.GIVE_UP_INACTIVE, 0.0
        if silence < limits.activity_timeout:
            return LivenessAction.NOTHING, min(
                limits.activity_timeout - silence, limits.inactivity_timeout - wordless
            )
        if self._pinged_at <= self.heard_at:
            self._pinged_at = now
            return LivenessAction.PING, limits.pong_timeout
        waited = now - self._pinged_at
        if waited < limits.pong_timeout:
            return LivenessAction.NOTHING, limits.pong_timeout - waited
        return LivenessAction.GIVE_UP_DEAD, 0.0
