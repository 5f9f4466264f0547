"""How a channel's frames get to its sockets: encoded once, joined once, in slices."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from kabar.realtime.wire import Burst, JoinedBurst, OwnBurst, Socket


class Channel:
    """Who listens to a name on this node, and what is waiting to be written to them."""

    __slots__ = ("_late", "_spared", "_waiting", "gone", "listeners")

    def __init__(self) -> None:
        self.listeners: set[Socket] = set()
        #: who left while frames are on their way; None: none are. It stays there even if it
        #: comes back: what was said in between is told it in another way, or not at all.
        self.gone: set[Socket] | None = None
        # What waits until the turn of the loop ends; from which of it a newcomer hears; and
        # which of it a listener is spared, because it was the one who said it.
        self._waiting: list[bytes] | None = None
        self._late: dict[Socket, int] | None = None
        self._spared: dict[Socket, set[int]] | None = None

    def add(self, listener: Socket) -> None:
        self.listeners.add(listener)
        if self._waiting:
            self._late = self._late or {}
            self._late[listener] = len(self._waiting)

    def remove(self, listener: Socket) -> None:
        self.listeners.discard(listener)
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
Letters = dict[Socket, list[Burst]]


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
        self._letters: Letters = {}
        self._is_due = False

    def put(self, channel: Channel, frame: bytes, spare: Socket | None) -> None:
        """Send a frame to everybody who listens now, except one."""
        if channel.put(frame, spare):
            self._channels.append(channel)
            if not self._is_due:
                self._is_due = True
                self._call_soon(self._turn)

    def _turn(self) -> None:
        left = self._slice_size
        # Who listens to several of these channels gets one write for all of them.
        letters = self._letters if len(self._channels) > 1 else None
        try:
            self._post()
            while left > 0 and (self._run is not None or self._channels):
                if self._run is None:
                    self._run = _Run(self._channels.popleft())
                reached = self._run.write(left, letters)
                if reached < left:
                    self.delivered += self._run.delivered
                    self._run.end()
                    self._run = None
                # A channel that nobody listens to any more costs something too.
                left -= reached or 1
            self._post()
        finally:
            self._is_due = self._run is not None or bool(self._channels or self._letters)
            if self._is_due:
                self._call_soon(self._turn)

    def _post(self) -> None:
        """Deliver the letters; one that breaks does not take the others with it."""
        while self._letters:
            listener, bursts = self._letters.popitem()
            listener.deliver(bursts[0] if len(bursts) == 1 else JoinedBurst(bursts))


class _Run:
    """One burst on its way to those who listened when it left."""

    __slots__ = ("_burst", "_channel", "_exceptions", "_listeners", "delivered")

    def __init__(self, channel: Channel) -> None:
        frames, self._exceptions = channel.take()
        self.delivered = 0
        self._channel = channel
        self._burst = Burst(frames)
        self._listeners: Iterator[Socket] = iter(list(channel.listeners))

    def write(self, at_most: int, letters: Letters | None) -> int:
        """Write to the next few, or into their letters; fewer than asked means that all have it."""
        next_few = list(islice(self._listeners, at_most))
        listeners = next_few
        if gone := self._channel.gone:
            # Whoever left since this run began hears nothing more.
            listeners = [each for each in next_few if each not in gone]
        burst, exceptions = self._burst, self._exceptions
        if exceptions:
            for listener in listeners:
                own = exceptions.get(listener, burst)
                if own.frames:
                    _hand(listener, own, letters)
                    self.delivered += len(own.frames)
        else:
            if letters is None:
                for listener in listeners:
                    listener.deliver(burst)
            else:
                for listener in listeners:
                    _hand(listener, burst, letters)
            self.delivered += len(listeners) * len(burst.frames)
        return len(next_few)

    def end(self) -> None:
        self._channel.gone = None


def _hand(listener: Socket, burst: Burst, letters: Letters | None) -> None:
    if letters is None:
        listener.deliver(burst)
    else:
        letters.setdefault(listener, []).append(burst)
