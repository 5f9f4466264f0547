"""Positions: the keys that frames have besides Pusher's on a channel with a history."""

from __future__ import annotations

import msgspec

_encode = msgspec.json.Encoder().encode


class EventPosition(msgspec.Struct, frozen=True):
    """Where an event stands in the history of its channel."""

    id: str
    offset: int
    epoch: str


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """The position of a new subscriber: the events that it is sent all come after `offset`."""

    epoch: str | None = None
    offset: int | None = None
    #: whether it is sent everything that it missed; None: it did not ask
    recovered: bool | None = None


def with_position(frame: bytes, position: EventPosition | Position) -> bytes:
    """Add a position to a frame, as last keys of its object. Stock clients ignore them."""
    return b"".join((frame[:-1], b",", _encode(position)[1:]))
