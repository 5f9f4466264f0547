"""Marking as unread: the one thing that moves a position back. To others it stays read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, case, update

from kabar.core.events import Event
from kabar.features.chat.events import MessageUnread
from kabar.features.chat.models import ChatParticipant
from kabar.features.chat.queries import find_place, lock_room, require_place, require_seq
from kabar.features.chat.receipts.marking import newest_said, said_by_reader, state_of
from kabar.features.chat.schemas import ReadState
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.relay import Recall


def mark_as_unread(
    tx: Transaction, *, user_id: str, room_id: str, message_id: str, socket_id: str | None
) -> ReadState:
    """Let a message and what came after it be unread to the user; what is unread stays so."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, user_id)
    seq = require_seq(tx, room_id, message_id) - 1
    if seq >= place.last_read_seq:
        return state_of(tx, room_id, user_id)

    # Their entry in the bell is about what others said, also where they themselves said more since.
    told_seq, told_at = newest_said(tx, place, seq, place.ever_read_seq)
    told = {"told_seq": told_seq, "told_at": told_at} if told_seq else {}
    tx.execute(
        update(ChatParticipant)
        .where(ChatParticipant.id == place.participant_id)
        .values(
            last_read_seq=seq,
            was_read_seq=place.ever_read_seq,
            own_unread=said_by_reader(place, seq),
            # More than it takes, so that what is told of it is newer than what was told before.
            taken_back=ChatParticipant.taken_back + place.last_read_seq - seq + 1,
            bell_read_seq=_at_most(ChatParticipant.bell_read_seq, seq),
            bell_hidden_seq=_at_most(ChatParticipant.bell_hidden_seq, seq),
            # They know of it: the bell does not say so as of something new.
            bell_seen_seq=greatest(ChatParticipant.bell_seen_seq, place.last_seq),
            bell_seen_at=tx.now,
            **told,
        )
    )
    state = state_of(tx, room_id, user_id)
    tx.emit(
        MessageUnread(
            room_id=room_id,
            user_id=user_id,
            last_read_seq=state.last_read_seq,
            **state.counts,
            socket_id=socket_id,
        )
    )
    return state


def _at_most(position: Any, seq: int) -> ColumnElement[int]:
    return case((position > seq, seq), else_=position)


def _recall_unread(tx: Transaction, events: Sequence[MessageUnread]) -> Sequence[Event]:
    """As it is now: they may have read since."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        if find_place(tx, event.room_id, event.user_id) is not None:
            now = state_of(tx, event.room_id, event.user_id)
            still.append(replace(event, last_read_seq=now.last_read_seq, **now.counts))
    return still


RECALLS: dict[type[Event], Recall] = {MessageUnread: _recall_unread}
