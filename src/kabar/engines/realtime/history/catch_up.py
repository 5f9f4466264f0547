"""What a new subscriber is told of what was said before it came."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kabar.engines.realtime.apps.history_rules import Rewind, parse_rewind
from kabar.engines.realtime.connection.replay import Recover, Replay
from kabar.engines.realtime.history.frames import Position
from kabar.engines.realtime.history.stream import Kept, Stream

#: what the head of a WebSocket frame may take
_HEAD_BYTES = 10


class Backlog(msgspec.Struct, frozen=True):
    """Where a subscriber stands, and the events that bring it to the present."""

    position: Position | None = None
    events: Sequence[Kept] = ()

    @property
    def has_last_of_server(self) -> bool:
        """Whether the last event that a server triggered is told, or need not be."""
        return (self.position is not None and self.position.recovered is True) or any(
            not kept.is_from_client for kept in self.events
        )


NO_BACKLOG = Backlog()


def catch_up(
    stream: Stream, replay: Replay | None, *, socket_id: str, room: int, now: float
) -> Backlog:
    """Say what a socket that can take so many bytes more hears of a stream."""
    if isinstance(replay, Recover):
        return _recovered(stream, replay, socket_id, room)
    rewind = parse_rewind(stream.rule.rewind) if replay is None else replay
    return _rewound(stream, rewind, room, now)


def no_history(replay: Replay | None) -> Backlog:
    """Answer on a channel that no rule covers."""
    return Backlog(Position(recovered=False)) if isinstance(replay, Recover) else NO_BACKLOG


def _recovered(stream: Stream, replay: Recover, socket_id: str, room: int) -> Backlog:
    missed = stream.after(replay.offset) if replay.epoch == stream.epoch else None
    if missed is not None:
        # A socket that left the channel and is back was spared what it said itself.
        missed = [kept for kept in missed if kept.except_socket != socket_id]
        # Half of it would be a lie, and too much would cut the socket off as a slow reader, which
        # would come back and ask for the same again.
        if sum(map(_size, missed)) <= room:
            return Backlog(Position(stream.epoch, replay.offset, recovered=True), missed)
    return Backlog(Position(stream.epoch, stream.offset, recovered=False))


def _rewound(stream: Stream, rewind: Rewind, room: int, now: float) -> Backlog:
    events = stream.rewound(rewind, now)
    first = len(events)
    while first and _size(events[first - 1]) <= room:
        first -= 1
        room -= _size(events[first])
    events = events[first:]
    return Backlog(Position(stream.epoch, stream.offset - len(events)), events)


def _size(kept: Kept) -> int:
    return len(kept.frame) + _HEAD_BYTES
