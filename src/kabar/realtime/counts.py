"""How many subscriptions a channel has, and who is told when that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from kabar.realtime.apps import App
from kabar.realtime.clock import Clock

#: a channel that has more is large: its count is not told at every step
_LARGE = 100
_REST_SECONDS = 5.0

#: takes the new count of an app's channel
Tell = Callable[[App, str, int], None]


class Counts:
    """How many there are of each: subscriptions of a channel, or signed-in sockets of a user.

    What there is none of is not in here.
    Calls answer at once: a node that shares this with others keeps a copy of what they know.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def came(self, name: str) -> int:
        """Count one more; the answer is 1 if it is the first."""
        self._counts[name] = count = self._counts.get(name, 0) + 1
        return count

    def went(self, name: str) -> int:
        """Count one less; the answer is 0 if it was the last."""
        self._counts[name] = count = self._counts[name] - 1
        if not count:
            del self._counts[name]
        return count

    def of(self, name: str) -> int:
        return self._counts.get(name, 0)


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
