"""The last event of every cache channel, for those who come after it."""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from kabar.core.events import Publication
from kabar.engines.realtime.protocol import channels


class Cached(msgspec.Struct, frozen=True):
    """An event that newcomers are told, for as long as it is fresh."""

    event: str
    data: str
    expires_at: float


class Cache:
    """The cached events of one app; the oldest give way when they are too large together.

    Every node keeps what the broker brings, so calls answer at once.
    """

    def __init__(self, *, seconds: float, max_bytes: int) -> None:
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._bytes = 0
        #: occupied channels of which it is known that they have nothing to tell
        self._missed: set[str] = set()
        # Oldest first, because all of them stay fresh equally long. An OrderedDict, because where
        # a dict has lost its first many, finding the next one is a walk past all their places.
        self._events: OrderedDict[str, Cached] = OrderedDict()

    def is_news(self, channel: str) -> bool:
        """Say whether it is the first time that this channel had nothing to tell.

        It is again after an event, or when everybody has left the channel.
        """
        if channel in self._missed:
            return False
        self._missed.add(channel)
        return True

    def vacated(self, channel: str) -> None:
        self._missed.discard(channel)

    def keep(self, publication: Publication, now: float) -> None:
        """Remember an event on those of its channels that are cache channels."""
        if not _is_triggered_by_a_server(publication):
            return
        for channel in publication.channels:
            if channels.is_cache(channel):
                self._forget(channel)
                self._missed.discard(channel)
                kept = Cached(publication.event, publication.data, now + self._seconds)
                self._events[channel] = kept
                self._bytes += _size(channel, kept)
        self._make_room(now)

    def find(self, channel: str, now: float) -> Cached | None:
        kept = self._events.get(channel)
        return kept if kept is not None and now < kept.expires_at else None

    def _make_room(self, now: float) -> None:
        while self._events:
            oldest = next(iter(self._events))
            if self._bytes <= self._max_bytes and now < self._events[oldest].expires_at:
                break
            self._forget(oldest)

    def _forget(self, channel: str) -> None:
        kept = self._events.pop(channel, None)
        if kept is not None:
            self._bytes -= _size(channel, kept)


def _is_triggered_by_a_server(publication: Publication) -> bool:
    """What clients say, and what the server itself says of a channel, is not for later."""
    return not publication.event.startswith(("client-", "pusher:", "pusher_internal:"))


def _size(channel: str, kept: Cached) -> int:
    """Return about how much memory it takes; a character may take four bytes."""
    return 300 + 4 * (len(channel) + len(kept.event) + len(kept.data))
