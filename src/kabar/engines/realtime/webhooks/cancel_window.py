"""Cancel window: who leaves and returns within three seconds was never away, for webhooks."""

from __future__ import annotations

from collections import deque
from functools import partial

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.edges import Edge, Edges
from kabar.engines.realtime.clock import Clock, Timer

_SECONDS = 3.0

#: which edge cancels which departure
_RETURNS = {"channel_occupied": "channel_vacated", "member_added": "member_removed"}
_DEPARTURES = frozenset(_RETURNS.values())


class CancelWindow:
    """Holds departures back for three seconds, and drops both if the return comes meanwhile.

    Later edges of the channel wait behind the departure, so that their order is kept.
    """

    def __init__(self, clock: Clock, then: Edges) -> None:
        self._clock = clock
        self._then = then
        self._held: dict[tuple[str, str], _HeldBack] = {}

    def happened(self, app: App, edge: Edge) -> None:
        key = (app.id, edge.channel)
        line = self._held.get(key)
        if line is not None and line.takes_back(edge):
            self._go_on(key, line)
        elif line is not None:
            line.append(edge, self._clock.now())
        elif edge.name in _DEPARTURES:
            line = self._held[key] = _HeldBack(app)
            line.append(edge, self._clock.now())
            self._go_on(key, line)
        else:
            self._then.happened(app, edge)

    def flush(self) -> None:
        """Pass on everything at once: nobody returns to a node that stops."""
        lines, self._held = self._held, {}
        for line in lines.values():
            line.stop()
            for edge in line.take(float("inf")):
                self._then.happened(line.app, edge)

    def _go_on(self, key: tuple[str, str], line: _HeldBack) -> None:
        """Pass on the edges whose time has come, and set the timer for the next."""
        line.stop()
        now = self._clock.now()
        for edge in line.take(now):
            self._then.happened(line.app, edge)
        if line.next_at is None:
            del self._held[key]
        else:
            line.timer = self._clock.call_later(line.next_at - now, partial(self._go_on, key, line))


class _HeldBack:
    """The edges of one channel that wait, behind a departure."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.timer: Timer | None = None
        #: each with the time at which it is passed on
        self._edges: deque[tuple[float, Edge]] = deque()

    @property
    def next_at(self) -> float | None:
        return self._edges[0][0] if self._edges else None

    def append(self, edge: Edge, now: float) -> None:
        self._edges.append((now + (_SECONDS if edge.name in _DEPARTURES else 0.0), edge))

    def takes_back(self, edge: Edge) -> bool:
        """Drop the departure that this edge cancels; return whether it waited here."""
        departure = _RETURNS.get(edge.name)
        for waiting in self._edges:
            if (waiting[1].name, waiting[1].user_id) == (departure, edge.user_id):
                self._edges.remove(waiting)
                return True
        return False

    def take(self, now: float) -> list[Edge]:
        taken = []
        while self._edges and self._edges[0][0] <= now:
            taken.append(self._edges.popleft()[1])
        return taken

    def stop(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
