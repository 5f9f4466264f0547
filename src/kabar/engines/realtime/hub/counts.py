"""Counts: how many subscriptions a channel has on all nodes, and when changes are announced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.clock import Clock

#: a channel with more subscriptions is large: not every change of its count is announced
_LARGE = 100
_REST_SECONDS = 5.0

#: takes the new count of an app's channel
Announce = Callable[[App, str, int], None]


class Counts:
    """Counts by name: subscriptions of each channel, or signed-in sockets of each user.

    Of one app, on all nodes that this one hears of. Each node's share is kept apart, so that a
    fact that was lost makes that share wrong and no other. Names with a count of 0 are left out.
    """

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._by_node: dict[str, dict[str, int]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._totals)

    def __len__(self) -> int:
        return len(self._totals)

    def came(self, name: str, node_id: str) -> int:
        """Count one more, and return the new total: 1 for the first."""
        theirs = self._by_node.setdefault(node_id, {})
        theirs[name] = theirs.get(name, 0) + 1
        self._totals[name] = total = self._totals.get(name, 0) + 1
        return total

    def went(self, name: str, node_id: str) -> int | None:
        """Count one less, and return the new total: 0 after the last. None: it was not counted."""
        theirs = self._by_node.get(node_id, {})
        if name not in theirs:
            return None
        _less(theirs, name)
        if not theirs:
            del self._by_node[node_id]
        return _less(self._totals, name)

    def of(self, name: str) -> int:
        return self._totals.get(name, 0)


def _less(counts: dict[str, int], name: str) -> int:
    counts[name] = count = counts[name] - 1
    if not count:
        del counts[name]
    return count


class CountAnnouncer:
    """Announces every change of a count; of a large channel only the newest, every 5 seconds."""

    def __init__(self, clock: Clock, announce: Announce) -> None:
        self._clock = clock
        self._announce = announce
        #: large channels that were announced in the last 5 seconds, and the count to announce next
        self._resting: dict[tuple[str, str], int | None] = {}

    def changed(self, app: App, channel: str, count: int) -> None:
        key = (app.id, channel)
        if key in self._resting:
            self._resting[key] = count
        else:
            self._announce(app, channel, count)
            if count > _LARGE:
                self._resting[key] = None
                self._clock.call_later(_REST_SECONDS, partial(self._rested, app, channel))

    def _rested(self, app: App, channel: str) -> None:
        count = self._resting.pop((app.id, channel))
        if count is not None:
            self.changed(app, channel, count)
