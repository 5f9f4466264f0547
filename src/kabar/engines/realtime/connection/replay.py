"""Replay: which past events a client asks for when it subscribes (`recover`, `rewind`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from kabar.engines.realtime.apps.history_rules import Rewind, parse_rewind
from kabar.engines.realtime.protocol.errors import Refusal


class Recover(msgspec.Struct, frozen=True):
    """Every event after this position, or none of them."""

    epoch: str
    offset: int


Replay = Recover | Rewind


def read_replay(fields: Mapping[str, Any]) -> Replay | None:
    """Return what the data of a subscription asks for; `recover` counts for more than `rewind`."""
    recover, rewind = _read_recover(fields.get("recover")), _read_rewind(fields.get("rewind"))
    return rewind if recover is None else recover


def _read_recover(value: object) -> Recover | None:
    match value:
        case None:
            return None
        case {"epoch": str(epoch), "offset": int(offset)} if type(offset) is int and offset >= 0:
            return Recover(epoch, offset)
        case _:
            raise Refusal(
                "Invalid parameter: data.recover must be an object with epoch, a string, "
                "and offset, a number"
            )


def _read_rewind(value: object) -> Rewind | None:
    try:
        return None if value is None else parse_rewind(value)
    except ValueError as error:
        raise Refusal(f"Invalid parameter: data.rewind: {error}") from None
