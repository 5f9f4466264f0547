"""What many channels share: frames that differ in the channel's name, and in nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from kabar.engines.realtime.hub.channel import Channel
from kabar.engines.realtime.protocol import frames
from kabar.engines.realtime.protocol.wire import Burst, text_head

#: stands in for the name while a frame is taken apart; no name of a channel has a space
_NAME = " name "


class SharedFrame:
    """A frame without the name of its channel."""

    __slots__ = ("head", "tail")

    def __init__(self, event: str, data: str) -> None:
        whole = frames.channel_event(event, _NAME, data, None)
        # The name comes before the data, which may say anything.
        self.head, _, self.tail = whole.partition(_NAME.encode())

    def on(self, channel: str) -> bytes:
        """Return the frame as it is on a channel."""
        return self.head + frames.encoded_name(channel) + self.tail


class SharedBurst(Burst):
    """What one of the channels gets; its frames are taken apart only for who needs them so."""

    __slots__ = ("_name", "_shared")

    def __init__(self, shared: list[SharedFrame], name: str, wire: bytes) -> None:
        self._shared = shared
        self._name = name
        self.wire = wire
        self._other_wires = None

    @property
    def frames(self) -> list[bytes]:  # type: ignore[override]
        return [frame.on(self._name) for frame in self._shared]


#: Lets a frame wait on a channel of its own.
Put = Callable[[Channel, bytes], None]


class Group:
    """Channels that get the same frames in one turn, and who of them has had how many."""

    __slots__ = ("_had", "_left", "_pieces", "channels", "frames", "is_closed", "names", "same")

    def __init__(self, channels: Mapping[str, Channel], names: tuple[str, ...]) -> None:
        self.channels = channels
        self.names = set(names)
        self.frames: list[SharedFrame] = []
        #: nothing more comes: another group has the next for some of them
        self.is_closed = False
        #: tuples of these names: kept, so that nothing else gets their identity meanwhile
        self.same: list[tuple[str, ...]] = [names]
        self._had: dict[str, int] = {}
        self._left: Iterator[str] = iter(names)
        #: by the length of a name, what stands between its places on the wire
        self._pieces: dict[int, list[bytes]] = {}

    def give(self, name: str, channel: Channel, put: Put) -> None:
        """Let one channel have its own now: it has other things to wait for as well."""
        for frame in self.frames[self._had.get(name, 0) :]:
            put(channel, frame.on(name))
        self._had[name] = len(self.frames)

    def write(self, at_most: int, put: Put) -> tuple[int, int]:
        """Write to the listeners of so many channels; return of how many, and how many frames."""
        reached = delivered = 0
        for name in islice(self._left, at_most):
            reached += 1
            channel = self.channels.get(name)
            if channel is None:
                continue  # nobody listens any more
            if channel.is_waiting or name in self._had:
                self.give(name, channel, put)
            else:
                self._had[name] = len(self.frames)
                delivered += self._write_to(name, channel)
        return reached, delivered

    def _write_to(self, name: str, channel: Channel) -> int:
        burst = SharedBurst(self.frames, name, self._wire(name))
        for listener in list(channel.listeners):
            write = listener.write
            if write is None:
                listener.deliver(burst)
            else:
                write(burst.wire)
        return len(self.frames) * len(channel.listeners)

    def _wire(self, name: str) -> bytes:
        """Put the name into its places: one step for all of the frames."""
        encoded = frames.encoded_name(name)
        pieces = self._pieces.get(len(encoded))
        if pieces is None:
            pieces = self._pieces[len(encoded)] = self._take_apart(len(encoded))
        return encoded.join(pieces)

    def _take_apart(self, length: int) -> list[bytes]:
        pieces, before = [], b""
        for frame in self.frames:
            size = len(frame.head) + length + len(frame.tail)
            pieces.append(before + text_head(size) + frame.head)
            before = frame.tail
        return [*pieces, before]
