"""Client events: whether a client may send one to the other subscribers, and how often."""

from __future__ import annotations

from collections.abc import Mapping

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.requests import ClientEvent
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import channels, errors
from kabar.engines.realtime.protocol.errors import Refusal
from kabar.engines.realtime.protocol.frames import Member


class Allowance:
    """How many events one connection may still send: a token bucket that holds one second's."""

    __slots__ = ("_left", "_since")

    def __init__(self, rate: int, now: float) -> None:
        self._left = float(rate)
        self._since = now

    def spend(self, rate: int, now: float) -> bool:
        """Take one; False if none is left."""
        self._left = min(float(rate), self._left + (now - self._since) * rate)
        self._since = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


def require_publication(
    app: App,
    socket_id: str,
    request: ClientEvent,
    subscriptions: Mapping[str, Member | None],
    limits: RealtimeLimits,
) -> Publication:
    """Return the client's event as a publication to all others on the channel, or raise why not."""
    channel = request.channel
    if not app.client_events:
        raise Refusal(
            "To send client events, you must enable this feature in the Settings page "
            "of your dashboard."
        )
    if not channels.needs_signature(channel):
        raise Refusal("Client event rejected - only supported on private and presence channels")
    if channel not in subscriptions:
        raise Refusal(
            f"Cannot broadcast client event (connection not subscribed to channel {channel[:200]})"
        )
    if len(request.event) > limits.max_event_name:
        raise Refusal(f"The name of an event may have {limits.max_event_name} characters")
    if len(request.data.encode()) > limits.max_event_bytes:
        raise errors.TooMuchData(limits.max_event_bytes)
    member = subscriptions[channel]
    return Publication(
        channels=(channel,),
        event=request.event,
        data=request.data,
        except_socket=socket_id,
        user_id=member.user_id if member is not None else None,
        app_id=app.id,
    )
