"""What frames have more on a channel with a history. Stock clients do not look at it."""

from __future__ import annotations

import msgspec

_encode = msgspec.json.Encoder().encode


class EventPosition(msgspec.Struct, frozen=True):
    """Where an event stands."""

    id: str
    offset: int
    epoch: str


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a subscriber has: of what follows on the channel, all comes after `offset`."""

    epoch: str | None = None
    offset: int | None = None
    #: whether it is told all that it missed; None: it did not ask
    recovered: bool | None = None


def with_position(frame: bytes, place: EventPosition | Position) -> bytes:
    """Add these keys to a frame of the protocol, at the end of its object."""
    return b"".join((frame[:-1], b",", _encode(place)[1:]))
