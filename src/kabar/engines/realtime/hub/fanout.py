"""Fan-out: how frames get to all sockets of a channel, encoded once and joined in one write."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from time import perf_counter

from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.channel import Channel
from kabar.engines.realtime.hub.shared import Group, SharedFrame
from kabar.engines.realtime.protocol.wire import Burst, JoinedBurst

#: what many share pauses for so many times what it took to write, and at most for so long
_SHARED_PAUSE = 2.0
_LONGEST_PAUSE = 0.25


#: Runs a callback when the loop's present turn is over.
CallSoon = Callable[[Callable[[], None]], object]


#: The bursts that each listener gets in one turn, from all its channels.
BurstsByListener = dict[Socket, list[Burst]]


class FanOut:
    """Writes the frames that wait on channels, at the end of the loop's turn.

    All frames of one turn leave in one write to each socket: under load that is most of the
    speed. Thousands of sockets are written to in slices, so that the loop can do other things in
    between; frames that a channel gets meanwhile wait until that is done, in order.
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
        #: of each name the groups that wait or leave, in order: who has many is not looked through
        self._by_name: dict[str, list[Group]] = {}
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
        self, channel: Channel, frame: bytes, excluded: Socket | None, name: str | None = None
    ) -> None:
        """Send a frame to all who listen to the channel now, but not to the excluded socket."""
        if name is not None:
            for group in self._by_name.get(name, ()):
                # It comes after what the channel shares with others.
                group.give(name, channel, self._put)
        self._put(channel, frame, excluded)
        self._come_soon()

    def _put(self, channel: Channel, frame: bytes, excluded: Socket | None = None) -> None:
        if channel.put(frame, excluded):
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
        newest = {self._by_name[name][-1] for name in group.names if name in self._by_name}
        met = [other for other in newest if not other.is_closed]
        if len(met) == 1 and met[0].names == group.names:
            # The same people in another tuple: of the next batch of messages.
            met[0].same.append(names)
            self._by_names[id(names)] = met[0]
            return met[0]
        for other in met:
            # What comes for these from now on comes after what the new one has.
            other.is_closed = True
            for each in other.same:
                self._by_names.pop(id(each), None)
        self._groups.append(group)
        self._by_names[id(names)] = group
        for name in group.names:
            self._by_name.setdefault(name, []).append(group)
        return group

    def _forget(self, group: Group) -> None:
        """All of it is written."""
        for name in group.names:
            waiting = self._by_name[name]
            waiting.remove(group)
            if not waiting:
                del self._by_name[name]

    def _come_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._call_soon(self._turn)

    def _turn(self) -> None:
        left = self._slice_size
        # A listener of several of these channels gets one write for all of them.
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
                # A channel without listeners costs something too.
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
        if not self._leaving:
            # Turns with other work come and go: only what has left puts off what comes next.
            if not self._groups or now < self._shared_at:
                return
            for group in self._groups:
                group.is_closed = True
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
                self._forget(self._leaving.popleft())
            left -= reached or 1
        # Not by the clock of the loop, which stands still within a turn.
        self._took += perf_counter() - began
        self._shared_at = now + min(self._pause * self._took, _LONGEST_PAUSE)

    def _wake(self) -> None:
        self._is_waking = False
        self._come_soon()

    def _deliver_pending(self) -> None:
        """Write the collected bursts. If one fails, `_turn` comes back for the others."""
        while self._pending:
            listener, bursts = self._pending.popitem()
            listener.deliver(bursts[0] if len(bursts) == 1 else JoinedBurst(bursts))


class _Run:
    """One burst being written, slice by slice, to those who listened when it began."""

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
        """Write to the next few listeners, or collect in `pending` what they get.

        Returns how many there were; fewer than `at_most`: that was the last slice.
        """
        own = list(islice(self._own, at_most))
        next_few = list(islice(self._listeners, at_most - len(own)))
        reached = len(own) + len(next_few)
        if gone := self._channel.gone:
            # A listener that left since this run began gets nothing more.
            own = [each for each in own if each[0] not in gone]
            next_few = [each for each in next_few if each not in gone]
        for listener, burst in own:
            if burst.frames:
                _deliver(listener, burst, pending)
                self.delivered += len(burst.frames)
        if pending is None:
            _write_to_all(next_few, self._burst)
        else:
            for listener in next_few:
                _deliver(listener, self._burst, pending)
        self.delivered += len(next_few) * len(self._burst.frames)
        return reached

    def end(self) -> None:
        self._channel.gone = None


def _write_to_all(listeners: Iterable[Socket], burst: Burst) -> None:
    # The hottest lines of all: nothing is called but the transport's own `write`.
    wire = burst.wire
    for listener in listeners:
        write = listener.write
        if write is None:
            listener.deliver(burst)
        else:
            write(wire)


def _deliver(listener: Socket, burst: Burst, pending: BurstsByListener | None) -> None:
    if pending is None:
        listener.deliver(burst)
    else:
        pending.setdefault(listener, []).append(burst)
