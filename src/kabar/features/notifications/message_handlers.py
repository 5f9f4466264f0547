"""Handlers: entries about unread messages, one for each room, kept right as rooms change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, update

from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.features.chat.events import (
    MessageDeleted,
    MessageEdited,
    MessageRead,
    MessageSent,
    ParticipantLeft,
)
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.queries import UNREAD
from kabar.features.notifications.entries import (
    NOW,
    NewEntry,
    Notice,
    renewal,
    tell_counts,
    tell_renewed,
)
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import IS_UNREAD, Notification, NotificationType
from kabar.features.notifications.schemas import ActorView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows

#: of a message, in an entry
BODY_CHARACTERS = 100
DELETED = "This message was deleted."

_WORDS = case(
    (Message.deleted_at.is_(None), func.substr(Message.content, 1, BODY_CHARACTERS)),
    else_=DELETED,
)


def tell_participants(tx: Transaction, events: Sequence[MessageSent]) -> None:
    """Give each recipient one entry for the room, with the newest message's words."""
    newest: dict[tuple[str, str], MessageSent] = {}
    for event in events:
        group_key = _group_key(event.message.room_id)
        for recipient in event.recipients:
            known = newest.setdefault((recipient.user_id, group_key), event)
            if known.message.seq < event.message.seq:
                newest[recipient.user_id, group_key] = event
    if not newest:
        return
    lock_lists(tx, {key for keys in newest for key in keys})

    notices = {event.event_id: _notice(event) for event in newest.values()}
    data = {event_id: encode_json(notice.data).decode() for event_id, notice in notices.items()}
    wanted = {keys: notices[event.event_id] for keys, event in newest.items()}
    rows = as_rows(
        _WantedRow(
            id=new_id(),
            user_id=user_id,
            message_id=event.message.id,
            room_id=event.message.room_id,
            seq=event.message.seq,
            title=event.message.sender.name,
            link=wanted[user_id, group_key].link,
            data=data[event.event_id],
            group_key=group_key,
        )
        for (user_id, group_key), event in newest.items()
    )
    tell_renewed(tx, _RENEW, wanted, rows)


def _group_key(room_id: str) -> str:
    return f"room:{room_id}"


def _notice(event: MessageSent) -> Notice:
    message = event.message
    sender = message.sender
    return Notice(
        type=NotificationType.NEW_MESSAGE,
        title=sender.name,
        link=f"/chat/{message.room_id}",
        actor=ActorView(sender.id, sender.username, sender.name, sender.avatar),
        subject_id=message.id,
        data={"roomId": message.room_id, "messageId": message.id, "seq": message.seq},
        group_key=_group_key(message.room_id),
    )


class _WantedRow(NamedRow, frozen=True):
    """An entry that somebody is to have, unless it has become needless meanwhile."""

    id: str
    user_id: str
    message_id: str
    room_id: str
    seq: int
    title: str
    link: str
    data: str
    group_key: str


_ROWS = Rows("rows", of=_WantedRow)
# Position, mute and words are those of this moment, not of the event: users who have read on,
# left or muted the room since get no entry, and the words of a deleted message are not repeated.
# Each table is joined by what the rows say, so that no plan walks through all unread messages.
_RENEW = renewal(
    select(
        *columns_of(
            NewEntry,
            id=_ROWS.text("id"),
            user_id=ChatParticipant.user_id,
            type=literal(NotificationType.NEW_MESSAGE.value),
            title=_ROWS.text("title"),
            body=_WORDS,
            link=_ROWS.text("link"),
            actor_id=Message.sender_id,
            subject_id=Message.id,
            count=UNREAD,
            data=_ROWS.text("data"),
            group_key=_ROWS.text("group_key"),
            created_at=NOW,
            updated_at=NOW,
        )
    )
    .select_from(_ROWS.table)
    .join(Message, Message.id == _ROWS.text("message_id"))
    .join(
        ChatParticipant,
        and_(
            ChatParticipant.room_id == _ROWS.text("room_id"),
            ChatParticipant.user_id == _ROWS.text("user_id"),
        ),
    )
    .join(ChatRoom, ChatRoom.id == _ROWS.text("room_id"))
    .where(
        ChatParticipant.last_read_seq < _ROWS.integer("seq"),
        ChatParticipant.is_muted.is_(False),
        # What is not deleted is itself unread, and need not be counted.
        or_(Message.deleted_at.is_(None), UNREAD > 0),
    )
)


def forget_room(tx: Transaction, events: Sequence[MessageRead | ParticipantLeft]) -> None:
    """Recount the entries of users who have read in a room, or have left it."""
    pairs = {(event.user_id, event.room_id) for event in events}
    lock_lists(tx, {user_id for user_id, _ in pairs})
    tell_counts(tx, _recount(tx, pairs))


def correct_entries(tx: Transaction, events: Sequence[MessageEdited | MessageDeleted]) -> None:
    """Correct the entries that show the words of a message that was edited or deleted."""
    messages: set[tuple[str, str]] = set()
    pairs: set[tuple[str, str]] = set()
    for event in events:
        if isinstance(event, MessageEdited):
            messages.add((_group_key(event.message.room_id), event.message.id))
        else:
            messages.add((_group_key(event.room_id), event.message_id))
            pairs.update((person.user_id, event.room_id) for person in event.unread)
    lock_lists(tx, {user_id for user_id, _ in pairs} | {group_key for group_key, _ in messages})

    corrected = tx.execute(_CORRECT, {"messages": as_rows(messages)}).scalars().all()
    tell_counts(tx, {*corrected, *_recount(tx, pairs)})


_MESSAGES = Rows("messages")
_CORRECT = (
    update(Notification)
    .values(body=select(_WORDS).where(Message.id == Notification.subject_id).scalar_subquery())
    .where(
        Notification.group_key.in_(select(_MESSAGES.text(0)).select_from(_MESSAGES.table)),
        Notification.subject_id.in_(select(_MESSAGES.text(1)).select_from(_MESSAGES.table)),
        # Users who have left the room keep the old words, except those of a deleted message.
        select(Message.id)
        .outerjoin(
            ChatParticipant,
            and_(
                ChatParticipant.room_id == Message.room_id,
                ChatParticipant.user_id == Notification.user_id,
            ),
        )
        .where(
            Message.id == Notification.subject_id,
            or_(ChatParticipant.id.is_not(None), Message.deleted_at.is_not(None)),
        )
        .exists(),
    )
    .returning(Notification.user_id)
)


def _recount(tx: Transaction, pairs: set[tuple[str, str]]) -> list[str]:
    """Set the counts of these (user, room) entries anew; return the users of those that changed."""
    rows = as_rows((user_id, _group_key(room_id), room_id) for user_id, room_id in pairs)
    found = tx.execute(_UNREAD_ENTRIES, {"pairs": rows}).all()
    counted = [
        {"entry": entry_id, "unread": unread}
        for entry_id, _, count, unread in found
        if unread and unread != count
    ]
    read = [(entry_id,) for entry_id, _, _, unread in found if not unread]
    if counted:
        tx.execute(_SET_COUNT, counted)
    if read:
        tx.execute(_SET_READ, {"entries": as_rows(read), "now": tx.now})
    return [user_id for _, user_id, count, unread in found if unread != count or not unread]


_PAIRS = Rows("pairs")
_UNREAD_ENTRIES = (
    select(Notification.id, Notification.user_id, Notification.count, UNREAD)
    .select_from(_PAIRS.table)
    .join(
        Notification,
        and_(
            Notification.group_key == _PAIRS.text(1),
            Notification.user_id == _PAIRS.text(0),
            IS_UNREAD,
        ),
    )
    .join(ChatRoom, ChatRoom.id == _PAIRS.text(2))
    .outerjoin(
        ChatParticipant,
        and_(
            ChatParticipant.room_id == ChatRoom.id,
            ChatParticipant.user_id == Notification.user_id,
        ),
    )
)
_SET_COUNT = (
    update(Notification)
    .where(Notification.id == bindparam("entry"))
    .values(count=bindparam("unread"))
)
_ENTRIES = Rows("entries")
_SET_READ = (
    update(Notification)
    .where(Notification.id.in_(select(_ENTRIES.text(0)).select_from(_ENTRIES.table)))
    .values(read_at=NOW, seen_at=func.coalesce(Notification.seen_at, NOW))
)
