"""How a channel's frames get to its sockets: encoded once, joined once, in slices."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from time import perf_counter

from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.shared import Group, SharedFrame
from kabar.engines.realtime.protocol.wire import Burst, JoinedBurst, OwnBurst


class Channel:
    """Who listens to a name on this node, and what is waiting to be written to them."""

    __slots__ = ("_late", "_spared", "_waiting", "gone", "listeners")

    def __init__(self) -> None:
        #: in the order in which they came, which is near to that of their places in memory
        self.listeners: dict[Socket, None] = {}
        #: who left while frames are on their way; None: none are. It stays there even if it
        #: comes back: what was said in between is told it in another way, or not at all.
        self.gone: set[Socket] | None = None
        # What waits until the turn of the loop ends; from which of it a newcomer hears; and
        # which of it a listener is spared, because it was the one who said it.
        self._waiting: list[bytes] | None = None
        self._late: dict[Socket, int] | None = None
        self._spared: dict[Socket, set[int]] | None = None

    def add(self, listener: Socket) -> None:
        self.listeners[listener] = None
        if self._waiting:
            self._late = self._late or {}
            self._late[listener] = len(self._waiting)

    @property
    def is_waiting(self) -> bool:
        """Whether something is not on its way yet, or not with everybody."""
        return self._waiting is not None or self.gone is not None

    def remove(self, listener: Socket) -> None:
        self.listeners.pop(listener, None)
        if self.gone is not None:
            self.gone.add(listener)

    def put(self, frame: bytes, spare: Socket | None) -> bool:
        """Let a frame wait for the end of the turn; True if it is the first."""
        if self._waiting is None:
            self._waiting = []
        if spare is not None:
            self._spared = self._spared or {}
            self._spared.setdefault(spare, set()).add(len(self._waiting))
        self._waiting.append(frame)
        return len(self._waiting) == 1

    def take(self) -> tuple[list[bytes], dict[Socket, OwnBurst]]:
        """Return what waited, and what those get instead who do not get all of it."""
        frames, late, spared = self._waiting or [], self._late or {}, self._spared or {}
        self._waiting = self._late = self._spared = None
        self.gone = set()
        exceptions = {
            listener: OwnBurst(
                [
                    frame
                    for index, frame in enumerate(frames)
                    if index >= late.get(listener, 0) and index not in spared.get(listener, ())
                ]
            )
            for listener in late.keys() | spared.keys()
        }
        return frames, exceptions


#: what many share pauses for so many times what it took to write, and at most for so long
_SHARED_PAUSE = 2.0
_LONGEST_PAUSE = 0.25


#: Runs a callback when the loop's present turn is over.
CallSoon = Callable[[Callable[[], None]], object]


#: What the listeners of several channels get in one turn.
BurstsByListener = dict[Socket, list[Burst]]


class FanOut:
    """Writes what channels have waiting, at the end of the loop's turn.

    Frames that meet in one turn leave in one write to each socket: under load that is most of
    the speed. A write to thousands of sockets is done in slices, so that the loop can do other
    things in between; what a channel gets meanwhile waits for its next turn, in order.
    """

    def __init__(
        self, call_soon: CallSoon, slice_size: int = 500, clock: Clock | None = None
    ) -> None:
        """Without a clock, what many share leaves with the turn it came in."""
        self.delivered = 0
        self._call_soon = call_soon
        self._slice_size = slice_size
        self._channels: deque[Channel] = deque()
        self._run: _Run | None = None
        self._pending: BurstsByListener = {}
        self._is_due = False
        #: what many channels share, in order, and by the identity of their names
        self._groups: list[Group] = []
        self._by_names: dict[int, Group] = {}
        #: what of it is on its way, how long that took, and when the next may be
        self._leaving: deque[Group] = deque()
        self._took = 0.0
        self._shared_at = 0.0
        self._is_waking = False
        self._pause = _SHARED_PAUSE if clock else 0.0
        self._now: Callable[[], float] = clock.now if clock else float
        self._call_later: Callable[[float, Callable[[], None]], object] = (
            clock.call_later if clock else lambda _seconds, callback: call_soon(callback)
        )

    def put(
        self, channel: Channel, frame: bytes, spare: Socket | None, name: str | None = None
    ) -> None:
        """Send a frame to everybody who listens now, except one."""
        for group in (*self._leaving, *self._groups) if name is not None else ():
            if name in group.names:
                # It comes after what the channel shares with others.
                group.give(name, channel, self._put)
        self._put(channel, frame, spare)
        self._come_soon()

    def _put(self, channel: Channel, frame: bytes, spare: Socket | None = None) -> None:
        if channel.put(frame, spare):
            self._channels.append(channel)

    def put_shared(
        self, channels: Mapping[str, Channel], names: tuple[str, ...], frame: SharedFrame
    ) -> None:
        """Send a frame to everybody who listens to one of these channels."""
        group = self._by_names.get(id(names))
        if group is None:
            group = self._group(channels, names)
        group.frames.append(frame)
        self._come_soon()

    def _group(self, channels: Mapping[str, Channel], names: tuple[str, ...]) -> Group:
        """Return the group of these names that is waiting, or a new one behind those it meets."""
        group = Group(channels, names)
        for other in self._groups:
            if not other.is_closed and other.names == group.names:
                # The same people in another tuple: of the next batch of messages.
                other.same.append(names)
                self._by_names[id(names)] = other
                return other
        for other in self._groups:
            if not other.is_closed and not other.names.isdisjoint(group.names):
                # What comes for these from now on comes after what the new one has.
                other.is_closed = True
                for each in other.same:
                    self._by_names.pop(id(each), None)
        self._groups.append(group)
        self._by_names[id(names)] = group
        return group

    def _come_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._call_soon(self._turn)

    def _turn(self) -> None:
        left = self._slice_size
        # Who listens to several of these channels gets one write for all of them.
        pending = self._pending if len(self._channels) > 1 else None
        try:
            self._write_shared()
            self._deliver_pending()
            while left > 0 and (self._run is not None or self._channels):
                if self._run is None:
                    self._run = _Run(self._channels.popleft())
                reached = self._run.write(left, pending)
                if reached < left:
                    self.delivered += self._run.delivered
                    self._run.end()
                    self._run = None
                # A channel that nobody listens to any more costs something too.
                left -= reached or 1
            self._deliver_pending()
        finally:
            self._is_due = self._run is not None or bool(
                self._channels or self._pending or self._leaving
            )
            if self._is_due:
                self._call_soon(self._turn)
            elif self._groups and not self._is_waking:
                self._is_waking = True
                self._call_later(max(0.0, self._shared_at - self._now()), self._wake)

    def _write_shared(self) -> None:
        """Let go what many share, in slices; the next only after a while, if it takes long.

        In a busy room of thousands who listen, writing to them is nearly all of the work, and
        costs the same for one message as for fifty.
        """
        now = self._now()
        if self._groups and not self._leaving and now >= self._shared_at:
            self._leaving.extend(self._groups)
            self._groups.clear()
            self._by_names.clear()
            self._took = 0.0
        left = self._slice_size
        began = perf_counter()
        while left > 0 and self._leaving:
            reached, delivered = self._leaving[0].write(left, self._put)
            self.delivered += delivered
            if reached < left:
                self._leaving.popleft()
            left -= reached or 1
        # Not by the clock of the loop, which stands still within a turn.
        self._took += perf_counter() - began
        self._shared_at = now + min(self._pause * self._took, _LONGEST_PAUSE)

    def _wake(self) -> None:
        self._is_waking = False
        self._come_soon()

    def _deliver_pending(self) -> None:
        """Deliver the pending; one that breaks does not take the others with it."""
        while self._pending:
            listener, bursts = self._pending.popitem()
            listener.deliver(bursts[0] if len(bursts) == 1 else JoinedBurst(bursts))


class _Run:
    """One burst on its way to those who listened when it left."""

    __slots__ = ("_burst", "_channel", "_listeners", "_own", "delivered")

    def __init__(self, channel: Channel) -> None:
        frames, exceptions = channel.take()
        listeners = channel.listeners
        self.delivered = 0
        self._channel = channel
        self._burst = Burst(frames)
        self._own = iter([each for each in exceptions.items() if each[0] in listeners])
        self._listeners = iter(
            [each for each in listeners if each not in exceptions]
            if exceptions
            else list(listeners)
        )

    def write(self, at_most: int, pending: BurstsByListener | None) -> int:
        """Write to the next few, or into their pending; fewer than asked means that all have it."""
        own = list(islice(self._own, at_most))
        next_few = list(islice(self._listeners, at_most - len(own)))
        reached = len(own) + len(next_few)
        if gone := self._channel.gone:
            # Whoever left since this run began hears nothing more.
            own = [each for each in own if each[0] not in gone]
            next_few = [each for each in next_few if each not in gone]
        for listener, burst in own:
            if burst.frames:
                _hand(listener, burst, pending)
                self.delivered += len(burst.frames)
        if pending is None:
            _write_to_all(next_few, self._burst)
        else:
            for listener in next_few:
                _hand(listener, self._burst, pending)
        self.delivered += len(next_few) * len(self._burst.frames)
        return reached

    def end(self) -> None:
        self._channel.gone = None


def _write_to_all(listeners: Iterable[Socket], burst: Burst) -> None:
    # The hottest lines of all: no call between them and the transport.
    wire = burst.wire
    for listener in listeners:
        write = listener.write
        if write is None:
            listener.deliver(burst)
        else:
            write(wire)


def _hand(listener: Socket, burst: Burst, pending: BurstsByListener | None) -> None:
    if pending is None:
        listener.deliver(burst)
    else:
        pending.setdefault(listener, []).append(burst)
