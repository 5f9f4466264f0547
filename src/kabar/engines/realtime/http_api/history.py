"""History over HTTP: the call by which an application reads past events of a channel."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from kabar.engines.realtime.apps.history_rules import find_rule
from kabar.engines.realtime.history import History
from kabar.engines.realtime.history.stream import KeptEvent
from kabar.engines.realtime.http_api.calls import Rejection, VerifiedCall

_MAX_LIMIT = 100
#: far more digits than any offset has
_MAX_DIGITS = 18

Direction = Literal["forwards", "backwards"]


class _Event(msgspec.Struct):
    """The parts of a kept frame that the answer has."""

    id: str
    offset: int
    event: str
    data: str
    user_id: str | None = None


_decode = msgspec.json.Decoder(_Event).decode


def history_page(history: History, channel: str, call: VerifiedCall, now: float) -> dict[str, Any]:
    """Return a page of the events of a channel, and the offset at which the next begins."""
    limit = _number(call, "limit")
    if limit is None:
        limit = _MAX_LIMIT
    if not 1 <= limit <= _MAX_LIMIT:
        raise Rejection(400, f"Expected limit parameter to be from 1 to {_MAX_LIMIT}")
    since, direction = _number(call, "since"), _direction(call)
    rule = find_rule(call.app.history, channel)
    if rule is None:
        raise Rejection(400, f"No history is kept of channel {channel}")

    stream = history.stream(rule, channel, now)
    # One more than asked for shows whether there is another page.
    found = stream.page(since, limit + 1, backwards=direction == "backwards")
    shown = found[:limit]
    return {
        "epoch": stream.epoch,
        "offset": stream.offset,
        "events": [_view(kept) for kept in shown],
        "next": shown[-1].offset if len(found) > limit else None,
    }


def _view(kept: KeptEvent) -> dict[str, Any]:
    event = _decode(kept.frame)
    view = {
        "id": event.id,
        "offset": event.offset,
        "name": event.event,
        "data": event.data,
        "time_ms": kept.time_ms,
    }
    return view if event.user_id is None else {**view, "user_id": event.user_id}


def _number(call: VerifiedCall, name: str) -> int | None:
    text = call.parameter(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise Rejection(400, f"Expected {name} parameter to be a number")
    return int(text)


def _direction(call: VerifiedCall) -> Direction:
    match call.parameter("direction"):
        case None | "forwards":
            return "forwards"
        case "backwards":
            return "backwards"
        case _:
            raise Rejection(400, "Expected direction parameter to be forwards or backwards")
