"""What of the past a subscriber asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from kabar.engines.realtime.apps.history_rules import Rewind, parse_rewind
from kabar.engines.realtime.protocol.errors import Refusal


class Recover(msgspec.Struct, frozen=True):
    """Everything after this, or none of it."""

    epoch: str
    offset: int


Replay = Recover | Rewind


def read_replay(fields: Mapping[str, Any]) -> Replay | None:
    """Read the data of a subscription; who knows where it was needs no rewinding."""
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
