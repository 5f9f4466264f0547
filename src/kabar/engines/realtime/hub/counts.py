"""How many subscriptions a channel has, and who is told when that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.clock import Clock

#: a channel that has more is large: its count is not told at every step
_LARGE = 100
_REST_SECONDS = 5.0

#: takes the new count of an app's channel
Tell = Callable[[App, str, int], None]


class Counts:
    """How many there are of each: subscriptions of a channel, or signed-in sockets of a user.

    Of one app, on all nodes that this one hears of. What each node has is kept apart, so that a
    fact that was lost is one node's error and nobody else's. What there is none of is not in here.
    """

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._by_node: dict[str, dict[str, int]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._totals)

    def __len__(self) -> int:
        return len(self._totals)

    def came(self, name: str, node_id: str) -> int:
        """Count one more; the answer is 1 if it is the first."""
        theirs = self._by_node.setdefault(node_id, {})
        theirs[name] = theirs.get(name, 0) + 1
        self._totals[name] = total = self._totals.get(name, 0) + 1
        return total

    def went(self, name: str, node_id: str) -> int | None:
        """Count one less; the answer is 0 if it was the last, and None if nobody knew of it."""
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


class CountTeller:
    """Tells every change of a count; of a large channel the newest one, every five seconds."""

    def __init__(self, clock: Clock, tell: Tell) -> None:
        self._clock = clock
        self._tell = tell
        #: large channels that were told of a moment ago, and the count they are to hear next
        self._resting: dict[tuple[str, str], int | None] = {}

    def changed(self, app: App, channel: str, count: int) -> None:
        key = (app.id, channel)
        if key in self._resting:
            self._resting[key] = count
        else:
            self._tell(app, channel, count)
            if count > _LARGE:
                self._resting[key] = None
                self._clock.call_later(_REST_SECONDS, partial(self._rested, app, channel))

    def _rested(self, app: App, channel: str) -> None:
        count = self._resting.pop((app.id, channel))
        if count is not None:
            self.changed(app, channel, count)
