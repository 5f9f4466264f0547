"""What a dead process left untold of how somebody has a room: as it is now."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from kabar.core.events import Event
from kabar.features.chat.mine.choices import choices_of
from kabar.features.chat.mine.events import DraftChanged, MyRoomChanged
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


def _recall_choices(tx: Transaction, events: Sequence[MyRoomChanged]) -> Sequence[Event]:
    """Of who is not in the room any more, nothing."""
    now = choices_of(tx, ((event.room_id, event.user_id) for event in events))
    return [
        replace(event, me=me)
        for event in events
        if (me := now.get((event.room_id, event.user_id))) is not None
    ]


def _recall_draft(tx: Transaction, events: Sequence[DraftChanged]) -> Sequence[Event]:
    now = choices_of(tx, ((event.room_id, event.user_id) for event in events))
    return [
        replace(event, draft=me.draft)
        for event in events
        if (me := now.get((event.room_id, event.user_id))) is not None
    ]


RECALLS: dict[type[Event], Recall] = {
    MyRoomChanged: _recall_choices,
    DraftChanged: _recall_draft,
}
