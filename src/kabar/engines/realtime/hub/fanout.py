"""Fan-out: how frames get to all sockets of a channel, encoded once and joined in one write."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.shared import Group, SharedFrame
from kabar.engines.realtime.protocol.wire import Burst, JoinedBurst, OwnBurst


class Channel:
    """The listeners of a channel on this node, and the frames that wait to be written to them."""

    __slots__ = ("_excluded", "_late", "_waiting", "gone", "listeners")

    def __init__(self) -> None:
        #: in the order in which they came, which is near to that of their places in memory
        self.listeners: dict[Socket, None] = {}
        #: listeners that left while a burst is being written; None: none is. One that comes back
        #: stays in here: it gets that burst's events from the history, or not at all.
        self.gone: set[Socket] | None = None
        #: frames that wait for the end of the loop's turn
        self._waiting: list[bytes] | None = None
        #: of listeners that came meanwhile: the index of the first frame that they get
        self._late: dict[Socket, int] | None = None
        #: of listeners that sent some of these frames themselves: the indices of those
        self._excluded: dict[Socket, set[int]] | None = None

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

    def put(self, frame: bytes, excluded: Socket | None) -> bool:
        """Let a frame wait for the end of the turn; return whether it is the first."""
        if self._waiting is None:
            self._waiting = []
        if excluded is not None:
            self._excluded = self._excluded or {}
            self._excluded.setdefault(excluded, set()).add(len(self._waiting))
        self._waiting.append(frame)
        return len(self._waiting) == 1

    def take(self) -> tuple[list[bytes], dict[Socket, OwnBurst]]:
        """Return the frames that waited, and a burst for each listener that does not get all."""
        frames, late, excluded = self._waiting or [], self._late or {}, self._excluded or {}
        self._waiting = self._late = self._excluded = None
        self.gone = set()
        exceptions = {
            listener: OwnBurst(
                [
                    frame
                    for index, frame in enumerate(frames)
                    if index >= late.get(listener, 0) and index not in excluded.get(listener, ())
                ]
            )
            for listener in late.keys() | excluded.keys()
        }
        return frames, exceptions


#: Runs a callback in the next turn of the loop.
CallSoon = Callable[[Callable[[], None]], object]


#: The bursts that each listener gets in one turn, from all its channels.
BurstsByListener = dict[Socket, list[Burst]]


class FanOut:
    """Writes the frames that wait on channels, at the end of the loop's turn.

    All frames of one turn leave in one write to each socket: under load that is most of the
    speed. Thousands of sockets are written to in slices, so that the loop can do other things in
    between; frames that a channel gets meanwhile wait until that is done, in order.
    """

    def __init__(self, call_soon: CallSoon, slice_size: int = 500) -> None:
        self.delivered = 0
        self._call_soon = call_soon
        self._slice_size = slice_size
        self._channels: deque[Channel] = deque()
        self._run: _Run | None = None
        self._pending: BurstsByListener = {}
        self._is_due = False
        #: what many channels share, by the identity of their names; and what of it is on its way
        self._groups: dict[int, Group] = {}
        self._leaving: deque[Group] = deque()

    def put(
        self, channel: Channel, frame: bytes, excluded: Socket | None, name: str | None = None
    ) -> None:
        """Send a frame to all who listen to the channel now, but not to the excluded socket."""
        if self._groups and any(name in group.names for group in self._groups.values()):
            # It comes after what the channel shares with others.
            self._hand_out()
        if self._leaving and name is not None:
            for group in self._leaving:
                group.bring(name)
        if channel.put(frame, excluded):
            self._channels.append(channel)
        self._come_soon()

    def put_shared(
        self, channels: Mapping[str, Channel], names: tuple[str, ...], frame: SharedFrame
    ) -> None:
        """Send a frame to everybody who listens to one of these channels."""
        group = self._groups.get(id(names))
        if group is None:
            group = Group(channels, names)
            met = [each for each in self._groups.values() if not group.names.isdisjoint(each.names)]
            if met and met[0].names == group.names:
                # The same people, in another tuple: of the next batch of messages.
                met[0].append(frame)
                met[0].same.append(names)
                self._groups[id(names)] = met[0]
                return
            if met:
                self._hand_out()
            if any(channels[name].is_waiting for name in group.names & channels.keys()):
                # Something else goes before it.
                group.append(frame)
                self._hand_out_group(group)
                return
            self._groups[id(names)] = group
        group.append(frame)
        self._come_soon()

    def _come_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._call_soon(self._turn)

    def _hand_out(self) -> None:
        """Give each channel its own of what is shared: it meets with other things."""
        groups, self._groups = dict.fromkeys(self._groups.values()), {}
        for group in groups:
            self._hand_out_group(group)

    def _hand_out_group(self, group: Group) -> None:
        for name in group.order:
            channel = group.channels.get(name)
            for frame in group.frames if channel is not None else ():
                if channel is not None and channel.put(frame.on(name), None):
                    self._channels.append(channel)
        self._come_soon()

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
                self._channels or self._pending or self._leaving or self._groups
            )
            if self._is_due:
                self._call_soon(self._turn)

    def _write_shared(self) -> None:
        self._leaving.extend(dict.fromkeys(self._groups.values()))
        self._groups = {}
        left = self._slice_size
        while left > 0 and self._leaving:
            reached, delivered = self._leaving[0].write(left)
            self.delivered += delivered
            if reached < left:
                self._leaving.popleft()
            left -= reached or 1

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
