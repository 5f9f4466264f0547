"""Catching up: which past events does a new subscriber get?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kabar.engines.realtime.apps.history_rules import Rewind, parse_rewind
from kabar.engines.realtime.connection.replay import Recover, Replay
from kabar.engines.realtime.history.frames import Position
from kabar.engines.realtime.history.stream import KeptEvent, Stream

#: what the header of a WebSocket frame may take
_HEAD_BYTES = 10


class Backlog(msgspec.Struct, frozen=True):
    """The position that a new subscriber is given, and the past events that it is sent after it."""

    position: Position | None = None
    events: Sequence[KeptEvent] = ()

    @property
    def has_last_of_server(self) -> bool:
        """Whether the subscriber has the last event that a server triggered, or gets it here."""
        return (self.position is not None and self.position.recovered is True) or any(
            not kept.is_from_client for kept in self.events
        )


NO_BACKLOG = Backlog()


def catch_up(
    stream: Stream, replay: Replay | None, *, socket_id: str, max_bytes: int, now: float
) -> Backlog:
    """Return the backlog for a new subscriber; its events take at most `max_bytes`."""
    if isinstance(replay, Recover):
        return _recovered(stream, replay, socket_id, max_bytes)
    rewind = parse_rewind(stream.rule.rewind) if replay is None else replay
    return _rewound(stream, rewind, max_bytes, now)


def no_history(replay: Replay | None) -> Backlog:
    """Return the backlog of a channel that no history rule covers."""
    return Backlog(Position(recovered=False)) if isinstance(replay, Recover) else NO_BACKLOG


def _recovered(stream: Stream, replay: Recover, socket_id: str, max_bytes: int) -> Backlog:
    missed = stream.after(replay.offset) if replay.epoch == stream.epoch else None
    if missed is not None:
        # A socket that left the channel and is back does not get its own events.
        missed = [kept for kept in missed if kept.except_socket != socket_id]
        # All or nothing: a client that got half would believe that it has everything, and too
        # much would cut it off as a slow reader, to come back and ask for the same again.
        if sum(map(_size, missed)) <= max_bytes:
            return Backlog(Position(stream.epoch, replay.offset, recovered=True), missed)
    return Backlog(Position(stream.epoch, stream.offset, recovered=False))


def _rewound(stream: Stream, rewind: Rewind, max_bytes: int, now: float) -> Backlog:
    events = stream.rewound(rewind, now)
    first = len(events)
    while first and _size(events[first - 1]) <= max_bytes:
        first -= 1
        max_bytes -= _size(events[first])
    events = events[first:]
    return Backlog(Position(stream.epoch, stream.offset - len(events)), events)


def _size(kept: KeptEvent) -> int:
    return len(kept.frame) + _HEAD_BYTES
