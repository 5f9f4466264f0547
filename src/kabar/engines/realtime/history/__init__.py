"""What was said on channels, numbered and kept for a while: the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from kabar.core.events import Publication
from kabar.core.ids import new_id
from kabar.engines.realtime.apps.history_rules import HistoryRule
from kabar.engines.realtime.history.stream import Stream

#: the frame of a publication on each of its channels that are numbered
Frames = Mapping[str, bytes]


def with_id(publication: Publication) -> Publication:
    """Name a publication, once, before it is carried anywhere."""
    if publication.id is not None:
        return publication
    return msgspec.structs.replace(publication, id=new_id())


class History(Protocol):
    """The streams of one app.

    Whoever numbers an event keeps it in the same step, before anybody hears of it: so what is
    kept when somebody joins, and what is delivered from then on, are together everything, once.
    Answers at once, from memory; `epoch` changes whenever that memory has lost what it knew.
    """

    def keep(self, rules: Sequence[HistoryRule], publication: Publication, now: float) -> Frames:
        """Number a publication on those of its channels that a rule covers, and keep it."""

    def stream(self, rule: HistoryRule, channel: str, now: float) -> Stream:
        """Return what is kept of a channel; one of which nothing was ever said begins here."""

    def follow(self, rules: Sequence[HistoryRule]) -> None:
        """Forget the channels that have another rule now, or none: what is said there without
        being kept would be missing from what comes before and after it."""
