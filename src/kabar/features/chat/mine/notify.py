"""Of what in a room somebody wants to be told."""

from __future__ import annotations

from enum import StrEnum


class Notify(StrEnum):
    """Of what in a room somebody wants to be told."""

    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"
