"""What is kept of one channel: its last events, in order and without a hole."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Sequence
from itertools import islice

import msgspec

from kabar.engines.realtime.apps.history_rules import HistoryRule, Rewind


class Kept(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An event of a channel."""

    offset: int
    #: as its subscribers got it
    frame: bytes
    #: by the node's clock
    at: float
    time_ms: int
    #: who was spared it, because it had said it
    except_socket: str | None
    is_from_client: bool


class Stream:
    """Numbers the events of a channel 1, 2, 3 …, and knows the last of them."""

    __slots__ = ("channel", "epoch", "kept", "offset", "rule")

    def __init__(self, channel: str, rule: HistoryRule) -> None:
        self.channel = channel
        self.rule = rule
        #: which numbering it is: nobody takes 7 for the 7 of another life
        self.epoch = secrets.token_urlsafe(9)
        #: of the last event
        self.offset = 0
        self.kept: deque[Kept] = deque()

    def add(self, kept: Kept) -> None:
        self.offset = kept.offset
        self.kept.append(kept)

    def after(self, offset: int) -> list[Kept] | None:
        """Return everything that came after; None: it is not all here, or never was."""
        count = self.offset - offset
        return self.newest(count) if 0 <= count <= len(self.kept) else None

    def newest(self, count: int) -> list[Kept]:
        newest = list(islice(reversed(self.kept), count))
        newest.reverse()
        return newest

    def rewound(self, rewind: Rewind, now: float) -> list[Kept]:
        if rewind.seconds:
            return [kept for kept in self.kept if kept.at > now - rewind.seconds]
        return self.newest(rewind.events)

    def page(self, since: int | None, limit: int, *, backwards: bool) -> Sequence[Kept]:
        """Return the first that lie beyond an offset, seen in that direction."""
        if backwards:
            beyond = (k for k in reversed(self.kept) if since is None or k.offset < since)
        else:
            beyond = (k for k in self.kept if since is None or k.offset > since)
        return list(islice(beyond, limit))
