"""How a channel's frames get to its sockets: encoded once, joined once, in slices."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

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
        self, channel: Channel, frame: bytes, spare: Socket | None, name: str | None = None
    ) -> None:
        """Send a frame to everybody who listens now, except one."""
        if self._groups and any(name in group.names for group in self._groups.values()):
            # It comes after what the channel shares with others.
            self._hand_out()
        if self._leaving and name is not None:
            for group in self._leaving:
                group.bring(name)
        if channel.put(frame, spare):
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
