"""History: the contract of what numbers the events of channels and keeps them for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from kabar.core.events import Publication
from kabar.core.ids import new_id
from kabar.engines.realtime.apps.history_rules import HistoryRule
from kabar.engines.realtime.history.stream import Stream

#: a publication's frame, with its offset, on each of its channels that has a history
Frames = Mapping[str, bytes]


def with_id(publication: Publication) -> Publication:
    """Give a publication its id, if it has none: once, before the broker carries it."""
    if publication.id is not None:
        return publication
    return msgspec.structs.replace(publication, id=new_id())


class History(Protocol):
    """The streams of one app, one for each channel with a history.

    An event is numbered and kept in one step, before any socket gets it. So a new subscriber gets
    every event exactly once: those that were kept when it joined, and those delivered after.
    All methods answer at once, from memory; `epoch` changes whenever that memory was lost.
    """

    def keep(self, rules: Sequence[HistoryRule], publication: Publication, now: float) -> Frames:
        """Number a publication on those of its channels that a rule covers, and keep it."""

    def stream(self, rule: HistoryRule, channel: str, now: float) -> Stream:
        """Return the stream of a channel; a new one if the channel had none."""

    def follow(self, rules: Sequence[HistoryRule]) -> None:
        """Forget the streams of channels that have another rule now, or none: events that are
        not kept meanwhile would be a hole in them."""
