"""What is still so of groups that a dead process left untold."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import select

from kabar.core.events import Event
from kabar.features.chat.groups.events import (
    JoinRequested,
    JoinRequestEnded,
    ParticipantJoined,
    ParticipantLeft,
    RoleChanged,
    RoomChanged,
    SystemMessageWritten,
)
from kabar.features.chat.groups.making import ROOM_CHANGED
from kabar.features.chat.groups.models import JoinRequest
from kabar.features.chat.groups.staff import staff_of
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import ChatRoom, Message
from kabar.features.chat.queries import Place, find_place, lock_room
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall

# Each locks the room first: what is told because of it comes before what happens to it next.


def _place(
    tx: Transaction, event: ParticipantJoined | ParticipantLeft | RoleChanged
) -> Place | None:
    lock_room(tx, event.room_id)
    return find_place(tx, event.room_id, event.user_id)


def _recall_left(tx: Transaction, events: Sequence[ParticipantLeft]) -> Sequence[Event]:
    """Who has come back meanwhile is not cut off for having left."""
    return [event for event in events if _place(tx, event) is None]


def _recall_joined(tx: Transaction, events: Sequence[ParticipantJoined]) -> Sequence[Event]:
    return [event for event in events if _place(tx, event) is not None]


def _recall_role(tx: Transaction, events: Sequence[RoleChanged]) -> Sequence[Event]:
    """The role they have now, if they are still there."""
    places = [(event, _place(tx, event)) for event in events]
    return [replace(event, role=place.role) for event, place in places if place is not None]


def _recall_changed(tx: Transaction, events: Sequence[RoomChanged]) -> Sequence[Event]:
    """The room as it is now."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        row = tx.execute(select(*ROOM_CHANGED).where(ChatRoom.id == event.room_id)).one_or_none()
        if row is not None:
            still.append(replace(event, **row._asdict()))
    return still


def _recall_written(tx: Transaction, events: Sequence[SystemMessageWritten]) -> Sequence[Event]:
    """With the names of now."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.message.room_id)
        row = tx.execute(MESSAGES.where(Message.id == event.message.id)).one_or_none()
        if row is not None:
            still.append(replace(event, message=message_view(row)))
    return still


def _recall_requested(tx: Transaction, events: Sequence[JoinRequested]) -> Sequence[Event]:
    return [
        replace(event, staff=staff_of(tx, event.room_id)) for event in events if _asks(tx, event)
    ]


def _recall_request_ended(tx: Transaction, events: Sequence[JoinRequestEnded]) -> Sequence[Event]:
    return [
        replace(event, staff=staff_of(tx, event.room_id))
        for event in events
        if not _asks(tx, event)
    ]


def _asks(tx: Transaction, event: JoinRequested | JoinRequestEnded) -> bool:
    lock_room(tx, event.room_id)
    mine = (JoinRequest.room_id == event.room_id, JoinRequest.user_id == event.user_id)
    return tx.execute(select(JoinRequest.user_id).where(*mine)).first() is not None


RECALLS: dict[type[Event], Recall] = {
    ParticipantJoined: _recall_joined,
    ParticipantLeft: _recall_left,
    RoleChanged: _recall_role,
    RoomChanged: _recall_changed,
    SystemMessageWritten: _recall_written,
    JoinRequested: _recall_requested,
    JoinRequestEnded: _recall_request_ended,
}
