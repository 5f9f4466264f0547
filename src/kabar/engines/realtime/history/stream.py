"""Stream: the last events of one channel, numbered, in order and without a hole."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Sequence
from itertools import islice

import msgspec

from kabar.engines.realtime.apps.history_rules import HistoryRule, Rewind


class KeptEvent(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An event of a channel, as it is kept."""

    offset: int
    #: as its subscribers got it
    frame: bytes
    #: by the node's clock
    at: float
    time_ms: int
    #: the socket that caused it and did not get it
    except_socket: str | None
    is_from_client: bool


class Stream:
    """Numbers the events of a channel 1, 2, 3 …, and keeps the last of them."""

    __slots__ = ("channel", "epoch", "kept", "offset", "rule")

    def __init__(self, channel: str, rule: HistoryRule) -> None:
        self.channel = channel
        self.rule = rule
        #: names this numbering: when it begins anew, nobody takes its 7 for the 7 of before
        self.epoch = secrets.token_urlsafe(9)
        #: of the last event
        self.offset = 0
        self.kept: deque[KeptEvent] = deque()

    def add(self, kept: KeptEvent) -> None:
        self.offset = kept.offset
        self.kept.append(kept)

    def after(self, offset: int) -> list[KeptEvent] | None:
        """Return all events after an offset; None if some are no longer kept, or never were."""
        count = self.offset - offset
        return self.newest(count) if 0 <= count <= len(self.kept) else None

    def newest(self, count: int) -> list[KeptEvent]:
        newest = list(islice(reversed(self.kept), count))
        newest.reverse()
        return newest

    def rewound(self, rewind: Rewind, now: float) -> list[KeptEvent]:
        if rewind.seconds:
            return [kept for kept in self.kept if kept.at > now - rewind.seconds]
        return self.newest(rewind.events)

    def page(self, since: int | None, limit: int, *, backwards: bool) -> Sequence[KeptEvent]:
        """Return the first events beyond an offset, seen in that direction."""
        if backwards:
            beyond = (k for k in reversed(self.kept) if since is None or k.offset < since)
        else:
            beyond = (k for k in self.kept if since is None or k.offset > since)
        return list(islice(beyond, limit))
