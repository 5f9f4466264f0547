"""What a new subscriber is told of what was said before it came."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kabar.realtime.history.frames import Standing
from kabar.realtime.history.rules import Rewind, parse_rewind
from kabar.realtime.history.stream import Kept, Stream
from kabar.realtime.history.wishes import Recover, Wish

#: what the head of a WebSocket frame may take
_HEAD_BYTES = 10


class Past(msgspec.Struct, frozen=True):
    """Where a subscriber stands, and the events that bring it to the present."""

    standing: Standing | None = None
    events: Sequence[Kept] = ()

    @property
    def has_last_of_server(self) -> bool:
        """Whether the last event that a server triggered is told, or need not be."""
        return (self.standing is not None and self.standing.recovered is True) or any(
            not kept.is_from_client for kept in self.events
        )


NO_PAST = Past()


def catch_up(stream: Stream, wish: Wish | None, *, socket_id: str, room: int, now: float) -> Past:
    """Say what a socket that can take so many bytes more hears of a stream."""
    if isinstance(wish, Recover):
        return _recovered(stream, wish, socket_id, room)
    rewind = parse_rewind(stream.rule.rewind) if wish is None else wish
    return _rewound(stream, rewind, room, now)


def no_history(wish: Wish | None) -> Past:
    """Answer on a channel that no rule covers."""
    return Past(Standing(recovered=False)) if isinstance(wish, Recover) else NO_PAST


def _recovered(stream: Stream, wish: Recover, socket_id: str, room: int) -> Past:
    missed = stream.after(wish.offset) if wish.epoch == stream.epoch else None
    if missed is not None:
        # A socket that left the channel and is back was spared what it said itself.
        missed = [kept for kept in missed if kept.except_socket != socket_id]
        # Half of it would be a lie, and too much would cut the socket off as a slow reader, which
        # would come back and ask for the same again.
        if sum(map(_size, missed)) <= room:
            return Past(Standing(stream.epoch, wish.offset, recovered=True), missed)
    return Past(Standing(stream.epoch, stream.offset, recovered=False))


def _rewound(stream: Stream, rewind: Rewind, room: int, now: float) -> Past:
    events = stream.rewound(rewind, now)
    first = len(events)
    while first and _size(events[first - 1]) <= room:
        first -= 1
        room -= _size(events[first])
    events = events[first:]
    return Past(Standing(stream.epoch, stream.offset - len(events)), events)


def _size(kept: Kept) -> int:
    return len(kept.frame) + _HEAD_BYTES
