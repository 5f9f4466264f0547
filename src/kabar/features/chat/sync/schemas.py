"""What sync answers."""

from __future__ import annotations

from typing import Any

from kabar.infra.http.views import View


class SyncEvent(View, frozen=True, kw_only=True):
    """Something that happened to a room; `type` and `data` are those of the wire."""

    type: str
    at: str
    room_id: str
    data: Any


class Synced(View, frozen=True, kw_only=True):
    """What happened since, in order, and from where to ask the next time. `limited`: not of all
    rooms; the others are named in `stale`, and have to be read anew."""

    events: list[SyncEvent]
    next: str
    limited: bool
    stale: list[str]
