"""What is told late: to who came while a message was committed, and what a dead process left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select

from kabar.core.events import Event, Publication
from kabar.features.accounts.channels import user_channels
from kabar.features.chat.bell import Bell, bell_publications
from kabar.features.chat.events import (
    MessageDeleted,
    MessageDelivered,
    MessageEdited,
    MessageRead,
    MessageSent,
)
from kabar.features.chat.groups.recalls import RECALLS as GROUP_RECALLS
from kabar.features.chat.mentions.counting import mentions_after
from kabar.features.chat.mentions.events import RECALLS as MENTION_RECALLS
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.mine.recalls import RECALLS as MY_RECALLS
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.queries import find_place, lock_room
from kabar.features.chat.receipts.marking import state_of
from kabar.features.chat.receipts.unreading import RECALLS as UNREAD_RECALLS
from kabar.features.chat.recipients import standings
from kabar.features.chat.room_events import (
    LastMessageChanged,
    RoomClosed,
    RoomReopened,
)
from kabar.features.chat.schemas import MessageView
from kabar.features.follows.walls import blockers_among
from kabar.infra.db import Transaction
from kabar.infra.relay import Listening, Recall


def tell_latecomers(
    tx: Transaction, events: Sequence[MessageSent], _listening: Listening
) -> Iterable[Publication]:
    """Ring for those who began to listen between the look at who does and the commit."""
    for event in events:
        late = event.crowd.latecomers() if event.crowd is not None else {}
        if event.message is not None and late:
            bells = _bells(tx, event.message, late)
            yield from bell_publications(event.message, bells, is_silent=bool(event.is_silent))


def _bells(tx: Transaction, message: MessageView, heard_by: dict[str, list[str]]) -> list[Bell]:
    room = tx.execute(_ROOM.where(ChatRoom.id == message.room_id)).one_or_none()
    if room is None:
        return []
    pairs = [(message.room_id, user_id) for user_id in heard_by]
    found = {user_id: standing for (_, user_id), standing in standings(tx, pairs).items()}
    folding = (user_id for user_id in found if found[user_id].folds_some)
    blockers = blockers_among(tx, [message.sender_id], folding).get(message.sender_id, set())
    meant = {
        user_id: (message.room_id, user_id, standing.last_read_seq)
        for user_id, standing in found.items()
        if user_id in message.mentions or message.mentions_room is True
    }
    mentions = mentions_after(tx, meant.values())
    return [
        Bell(
            tuple(heard_by[user_id]),
            standing.unread_at(room.last_seq),
            room.last_seq + standing.last_read_seq + room.deleted_count + standing.own_changes,
            mentions[meant[user_id]].total if user_id in meant else None,
        )
        for user_id, standing in found.items()
        if user_id != message.sender_id and user_id not in blockers
    ]


_ROOM: Any = select(ChatRoom.last_seq, ChatRoom.deleted_count)

# ── what is still so ─────────────────────────────────────────────────────────────────────────
# Each locks the room first: what is told because of it comes before what happens to it next.


def _recall_sent(tx: Transaction, events: Sequence[MessageSent]) -> Sequence[Event]:
    """The message as it is now; who listens hears of it, whoever listened then."""
    found: list[Event] = []
    for event in events:
        message_id = event.message.id if event.message else event.message_id
        room_id = event.message.room_id if event.message else event.room_id
        lock_room(tx, room_id)
        row = tx.execute(MESSAGES.where(Message.id == message_id)).one_or_none()
        if row is not None:
            message = message_view(row)
            found.append(
                MessageSent(
                    event_id=event.event_id,
                    room_id=room_id,
                    message_id=message_id,
                    message=message,
                    bells=_bells(tx, message, _channels_of_all(tx, room_id))
                    if message.thread_id is None
                    else [],
                    is_silent=event.is_silent,
                    socket_id=event.socket_id,
                )
            )
    return found


#: a replay is told to so many by name; who comes back after a crash reads the list anyway
_MOST_RECALLED = 100


def _channels_of_all(tx: Transaction, room_id: str) -> dict[str, list[str]]:
    users = tx.execute(
        select(ChatParticipant.user_id)
        .where(ChatParticipant.room_id == room_id)
        .limit(_MOST_RECALLED)
    )
    return {user_id: list(user_channels(user_id)) for user_id in users.scalars()}


def _recall_read(tx: Transaction, events: Sequence[MessageRead]) -> Sequence[Event]:
    """Somebody may have read on, or left: what they read now is told by what they did then."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        place = find_place(tx, event.room_id, event.user_id)
        if place is not None and place.last_read_seq == event.last_read_seq:
            now = state_of(tx, event.room_id, event.user_id)
            still.append(replace(event, **now.counts))
    return still


def _recall_delivered(tx: Transaction, events: Sequence[MessageDelivered]) -> Sequence[Event]:
    """It never becomes less; of who has left nobody hears any more."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        if find_place(tx, event.room_id, event.user_id) is not None:
            still.append(event)
    return still


def _recall_edited(tx: Transaction, events: Sequence[MessageEdited]) -> Sequence[Event]:
    """The newest words; of a message that is deleted by now, none."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.message.room_id)
        row = tx.execute(MESSAGES.where(Message.id == event.message.id)).one_or_none()
        if row is not None and (message := message_view(row)).deleted_at is None:
            still.append(
                MessageEdited(event_id=event.event_id, message=message, socket_id=event.socket_id)
            )
    return still


def _recall_deleted(tx: Transaction, events: Sequence[MessageDeleted]) -> Sequence[Event]:
    """What is deleted stays so; the order among other things of the room is all that is asked."""
    for event in events:
        lock_room(tx, event.room_id)
    return events


def _recall_closed(tx: Transaction, events: Sequence[RoomClosed]) -> Sequence[Event]:
    """Of a room that is open again nobody is cut off."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        is_closed = tx.execute(select(ChatRoom.is_closed).where(ChatRoom.id == event.room_id))
        if is_closed.scalar_one_or_none():
            still.append(event)
    return still


#: of events that were left untold, by kind
RECALLS: dict[type[Event], Recall] = {
    MessageSent: _recall_sent,
    MessageRead: _recall_read,
    MessageDelivered: _recall_delivered,
    MessageEdited: _recall_edited,
    MessageDeleted: _recall_deleted,
    RoomClosed: _recall_closed,
    RoomReopened: lambda _tx, events: events,
    # Who listened is not kept: who comes back after a crash reads the list anyway.
    LastMessageChanged: lambda _tx, _events: (),
    **GROUP_RECALLS,
    **MENTION_RECALLS,
    **MY_RECALLS,
    **UNREAD_RECALLS,
}
