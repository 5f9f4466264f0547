"""Conversions: turning what the observer has recorded into the console's views."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.cache import Cached
from kabar.engines.realtime.inspection.views import CachedView, ErrorView, EventView
from kabar.engines.realtime.observing.records import Attempt, SeenEvent, SentError


def last_of_each(newest_first: Iterable[Attempt]) -> Iterable[Attempt]:
    last: dict[str, Attempt] = {}
    for attempt in newest_first:
        last.setdefault(attempt.delivery_id, attempt)
    return last.values()


def user_of(socket: Socket) -> str | None:
    connection = socket.connection
    if connection.user is not None:
        return connection.user.user_id
    return connection.identity or next(iter(connection.holding.holders), None)


def listener_of(socket: Socket, channel: str) -> str | None:
    """Return the user as whom a socket listens to a channel."""
    member = socket.connection.subscriptions.get(channel)
    return member.user_id if member is not None else user_of(socket)


def error_view(error: SentError, *, is_of_app: bool) -> ErrorView:
    return ErrorView(error.at, error.code, error.message, error.socket_id, error.address, is_of_app)


def cached_view(cached: Cached, now: float) -> CachedView:
    return CachedView(cached.event, cached.data, math.ceil(cached.expires_at - now))


def event_view(seen: SeenEvent) -> EventView:
    if seen.event.startswith("client-") and seen.socket_id is not None:
        origin = "client"
    elif seen.event.startswith("pusher_internal:"):
        origin = "kabar"
    else:
        origin = "server"
    return EventView(
        number=seen.number,
        at=seen.at,
        event=seen.event,
        channels=list(seen.channels),
        data=seen.data,
        is_cut=seen.is_cut,
        origin=origin,
        socket_id=seen.socket_id,
        user_id=seen.user_id,
        reached=seen.reached,
    )
