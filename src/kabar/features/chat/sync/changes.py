"""Changes: which events are kept for those who are away. Written with what they tell of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, true
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.events import Event
from kabar.features.chat.events import (
    MessageDeleted,
    MessageDelivered,
    MessageEdited,
    MessageHidden,
    MessageRead,
    MessageUnread,
)
from kabar.features.chat.groups.events import (
    ParticipantJoined,
    ParticipantLeft,
    RoleChanged,
    RoomChanged,
)
from kabar.features.chat.lifetimes.events import MessagesExpired
from kabar.features.chat.mine.events import DraftChanged, MyRoomChanged
from kabar.features.chat.pins.events import MessagePinned, MessageUnpinned
from kabar.features.chat.polls.events import PollClosed, PollVoted
from kabar.features.chat.reactions.events import ReactionAdded, ReactionRemoved
from kabar.features.chat.sync.tables import RoomChange
from kabar.features.chat.threads.events import ThreadChanged, ThreadRead
from kabar.infra.db import Transaction, Units
from kabar.infra.db.base import UtcTime
from kabar.infra.db.clock import STAMP
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class Change(NamedRow, frozen=True):
    """What of a room has changed, and who did it."""

    room_id: str
    kind: str
    subject: str
    by: str = ""


def _reaction(event: ReactionAdded | ReactionRemoved) -> Change:
    subject = f"{event.message_id} {event.emoji} {event.user_id}"
    return Change(event.room_id, "reaction", subject, event.user_id)


def _pin(event: MessagePinned | MessageUnpinned) -> Change:
    return Change(event.room_id, "pin", event.message_id, event.user_id)


#: What is kept of events. For another kind there is a line here, and one in `KINDS` (kinds.py).
_CHANGES: Mapping[type[Event], Callable[[Any], Change]] = {
    MessageEdited: lambda event: Change(event.message.room_id, "message", event.message.id),
    MessageDeleted: lambda event: Change(event.room_id, "message", event.message_id, event.by),
    MessageHidden: lambda event: Change(
        event.room_id, "hidden", f"{event.message_id} {event.user_id}"
    ),
    ReactionAdded: _reaction,
    ReactionRemoved: _reaction,
    # Who voted is kept nowhere but in the vote.
    PollVoted: lambda event: Change(event.room_id, "poll", event.message_id),
    PollClosed: lambda event: Change(event.room_id, "poll", event.message_id),
    MessagePinned: _pin,
    MessageUnpinned: _pin,
    MessageRead: lambda event: Change(event.room_id, "read", event.user_id),
    MessageUnread: lambda event: Change(event.room_id, "unread", event.user_id),
    MessageDelivered: lambda event: Change(event.room_id, "delivered", event.user_id),
    ParticipantJoined: lambda event: Change(event.room_id, "participant", event.user_id, event.by),
    ParticipantLeft: lambda event: Change(event.room_id, "participant", event.user_id, event.by),
    RoleChanged: lambda event: Change(event.room_id, "role", event.user_id, event.by),
    ThreadChanged: lambda event: Change(event.room_id, "thread", event.thread_id),
    ThreadRead: lambda event: Change(
        event.room_id, "thread-read", f"{event.thread_id} {event.user_id}", event.user_id
    ),
    RoomChanged: lambda event: Change(event.room_id, "room", "", event.by),
    MyRoomChanged: lambda event: Change(event.room_id, "mine", event.user_id),
    MessagesExpired: lambda event: Change(event.room_id, "expired", ",".join(map(str, event.seqs))),
    DraftChanged: lambda event: Change(event.room_id, "mine", event.user_id),
}

_NEW = Rows("changes", of=Change)
_COLUMNS: dict[Any, Any] = {
    RoomChange.room_id: _NEW.text("room_id"),
    RoomChange.kind: _NEW.text("kind"),
    RoomChange.subject: _NEW.text("subject"),
    RoomChange.by: _NEW.text("by"),
    RoomChange.stamp: STAMP,
    RoomChange.at: bindparam("now", type_=UtcTime()),
}


def _put(insert: Any) -> Any:
    selected = select(*_COLUMNS.values()).select_from(_NEW.table).where(true())
    put = insert(RoomChange).from_select(list(_COLUMNS), selected)
    return put.on_conflict_do_update(
        index_elements=[RoomChange.room_id, RoomChange.kind, RoomChange.subject],
        set_={"by": put.excluded.by, "stamp": put.excluded.stamp, "at": put.excluded.at},
    )


_PUT = {False: _put(sqlite.insert), True: _put(postgresql.insert)}


def note_changes(tx: Transaction) -> None:
    """Write down what the transaction tells: in one statement, and none if nothing is kept."""
    changes: dict[tuple[str, str, str], Change] = {}
    for event, _ in tx.events:
        read = _CHANGES.get(type(event))
        if read is not None:
            change = read(event)
            changes[change.room_id, change.kind, change.subject] = change
    if changes:
        # In one order, so that two transactions cannot wait for each other.
        rows = as_rows(changes[key] for key in sorted(changes))
        tx.execute(_PUT[tx.is_postgresql], {"changes": rows, "now": tx.now})


async def forget_changes(db: Units, *, days: int) -> None:
    """Drop what is older: who was away for longer reads their rooms anew."""
    await db.write(
        lambda tx: tx.execute(
            delete(RoomChange).where(RoomChange.at < tx.now - timedelta(days=days))
        )
    )
