"""Deleting a message for oneself: it is gone from all of one's own devices, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from kabar.core.events import Event
from kabar.features.chat.deleting.hiding import hide
from kabar.features.chat.events import MessageHidden
from kabar.features.chat.queries import find_place, lock_room, require_locked_message
from kabar.features.chat.receipts.marking import state_of
from kabar.features.chat.threads.replies import note_hidden
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


def delete_for_me(tx: Transaction, *, user_id: str, message_id: str, socket_id: str | None) -> None:
    """Delete a message for oneself, whoever said it. Twice is once."""
    message = require_locked_message(tx, message_id, user_id)
    # What the room says of itself counts for nobody, and what is said in a thread only there.
    is_counted = (
        message.deleted_at is None and message.type != "system" and message.thread_id is None
    )
    if not hide(
        tx, user_id=user_id, room_id=message.room_id, seq=message.seq, is_counted=is_counted
    ):
        return
    state = state_of(tx, message.room_id, user_id)
    tx.emit(
        MessageHidden(
            room_id=message.room_id,
            message_id=message_id,
            seq=message.seq,
            user_id=user_id,
            **state.counts,
            socket_id=socket_id,
        )
    )
    note_hidden(tx, message, user_id, socket_id=socket_id)


def _recall_hidden(tx: Transaction, events: Sequence[MessageHidden]) -> Sequence[Event]:
    """It stays so; what is unread may have changed."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        if find_place(tx, event.room_id, event.user_id) is not None:
            now = state_of(tx, event.room_id, event.user_id)
            still.append(replace(event, **now.counts))
    return still


RECALLS: dict[type[Event], Recall] = {MessageHidden: _recall_hidden}
