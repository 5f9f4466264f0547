"""Sending: everything that waits becomes one batch with a handful of statements.

This is the hottest path of Kabar. Its cost does not depend on how many participants a room has:
nothing is written per participant, and only those of small rooms are read, to tell each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import and_, bindparam, false, insert, or_, select, update

from kabar.accounts.identity import Identity
from kabar.chat.errors import MessageNotFound, RoomNotFound
from kabar.chat.events import MessageRead, MessageSent, Recipient
from kabar.chat.models import ChatParticipant, ChatRoom, Message, RoomType
from kabar.chat.queries import MESSAGES, deleted_after, message_view, reply_view
from kabar.chat.schemas import MessageDraft, MessageView, PersonView, ReplyView
from kabar.chat.text import preview
from kabar.db import Transaction
from kabar.db.base import UtcTime
from kabar.db.rows import Rows, as_rows
from kabar.errors import KabarError
from kabar.ids import new_id
from kabar.times import rfc3339


class Send(NamedTuple):
    """One message to be sent; its content has been checked."""

    sender: Identity
    draft: MessageDraft
    socket_id: str | None
    #: in rooms with more participants, nobody is told by name
    tell_at_most: int


class Sent(NamedTuple):
    """The message, and whether this call made it (or an earlier one with the same client id)."""

    message: MessageView
    is_new: bool


@dataclass(slots=True)
class _Room:
    """What a batch knows of a room, kept current while its messages are numbered."""

    type: str
    user_ids: tuple[str | None, str | None]
    last_seq: int
    participants_count: int
    #: what each has read, and how much deleted there is after it; of large rooms senders only
    read: dict[str, tuple[int, int]] = field(default_factory=dict)
    muted: set[str] = field(default_factory=set)
    last: MessageView | None = None


def send_messages(tx: Transaction, sends: Sequence[Send]) -> list[Sent | KabarError]:
    """Send all of them in one transaction; each gets its message or its own error."""
    rooms = _load_rooms(tx, sends)
    seen = _load_seen(tx, sends)
    replies = _load_replies(tx, sends)
    new = _NewRows()

    outcomes: list[Sent | KabarError] = []
    for send in sends:
        draft = send.draft
        room = rooms.get(draft.room_id)
        key = (draft.room_id, send.sender.user_id, draft.client_id)
        if room is None or send.sender.user_id not in room.read:
            outcomes.append(RoomNotFound())
        elif draft.client_id is not None and key in seen:
            outcomes.append(Sent(seen[key], is_new=False))
        elif draft.reply_to_id is not None and (draft.room_id, draft.reply_to_id) not in replies:
            outcomes.append(MessageNotFound("The message to reply to is not in this room."))
        else:
            reply = replies.get((draft.room_id, draft.reply_to_id or ""))
            message = _say(tx, send, room, reply, new)
            if draft.client_id is not None:
                seen[key] = message
            outcomes.append(Sent(message, is_new=True))

    new.write(tx, rooms)
    return outcomes


def _say(
    tx: Transaction, send: Send, room: _Room, reply: ReplyView | None, new: _NewRows
) -> MessageView:
    """Give the message its place in the room, and note what is to be written and told."""
    sender, draft = send.sender, send.draft
    room.last_seq += 1
    message = MessageView(
        id=new_id(),
        room_id=draft.room_id,
        seq=room.last_seq,
        sender_id=sender.user_id,
        sender=PersonView(
            id=sender.user_id, username=sender.username, name=sender.name, avatar=sender.avatar
        ),
        receiver_id=_other(room.user_ids, sender.user_id),
        content=draft.content,
        type=draft.type,
        attachment_url=None,
        client_id=draft.client_id,
        reply_to=reply,
        is_read=False,
        read_at=None,
        is_delivered=False,
        edited_at=None,
        deleted_at=None,
        created_at=rfc3339(tx.now),
    )
    new.messages.append(message)
    was_read, _ = room.read[sender.user_id]
    room.read[sender.user_id] = (message.seq, 0)
    room.last = message
    new.positions[(draft.room_id, sender.user_id)] = message.seq
    if was_read < message.seq - 1:
        # Posting counts as having read up to one's own message.
        if room.type == RoomType.DIRECT:
            new.read_on.append((draft.room_id, was_read, message.seq, sender.user_id))
        tx.emit(
            MessageRead(
                room_id=draft.room_id,
                user_id=sender.user_id,
                last_read_seq=message.seq,
                unread_count=0,
                read_at=rfc3339(tx.now),
                socket_id=send.socket_id,
            )
        )
    recipients = [
        Recipient(user_id, message.seq - read - deleted, user_id in room.muted)
        for user_id, (read, deleted) in room.read.items()
        if user_id != sender.user_id
    ]
    tx.emit(
        MessageSent(
            message=message,
            recipients=recipients if room.participants_count <= send.tell_at_most else [],
            socket_id=send.socket_id,
        )
    )
    return message


def _other(user_ids: tuple[str | None, str | None], sender_id: str) -> str | None:
    first, second = user_ids
    return second if first == sender_id else first


_ROOM_IDS = Rows("room_ids")
_LOCK_ROOMS = (
    select(ChatRoom.id)
    .where(ChatRoom.id.in_(select(_ROOM_IDS.text(0)).select_from(_ROOM_IDS.table)))
    .order_by(ChatRoom.id)
    .with_for_update()
)
_PLACES = Rows("places")
_SELECT_PLACES = (
    select(
        ChatRoom.id,
        ChatRoom.type,
        ChatRoom.user1_id,
        ChatRoom.user2_id,
        ChatRoom.last_seq,
        ChatRoom.participants_count,
        ChatParticipant.user_id,
        ChatParticipant.last_read_seq,
        ChatParticipant.is_muted,
        deleted_after(ChatParticipant.room_id, ChatParticipant.last_read_seq),
    )
    .select_from(_PLACES.table)
    .join(ChatRoom, ChatRoom.id == _PLACES.text(0))
    .join(
        ChatParticipant,
        and_(
            ChatParticipant.room_id == ChatRoom.id,
            or_(
                ChatParticipant.user_id == _PLACES.text(1),
                ChatRoom.participants_count <= bindparam("tell_at_most"),
            ),
        ),
    )
)


def _load_rooms(tx: Transaction, sends: Sequence[Send]) -> dict[str, _Room]:
    """Read each room with the senders' places, and everybody's in small rooms."""
    if tx.is_postgresql:
        # In one order, so that two nodes cannot wait for each other. What follows reads what has
        # been committed while we waited.
        tx.execute(_LOCK_ROOMS, {"room_ids": as_rows({(send.draft.room_id,) for send in sends})})
    places = {(send.draft.room_id, send.sender.user_id) for send in sends}
    rooms: dict[str, _Room] = {}
    for (
        room_id,
        room_type,
        user1_id,
        user2_id,
        last_seq,
        participants_count,
        user_id,
        last_read_seq,
        is_muted,
        deleted,
    ) in tx.execute(
        _SELECT_PLACES,
        {"places": as_rows(places), "tell_at_most": max(send.tell_at_most for send in sends)},
    ):
        room = rooms.get(room_id)
        if room is None:
            room = rooms[room_id] = _Room(
                room_type, (user1_id, user2_id), last_seq, participants_count
            )
        room.read[user_id] = (last_read_seq, deleted)
        if is_muted:
            room.muted.add(user_id)
    return rooms


_CLIENT_IDS = Rows("client_ids")
_SELECT_SEEN = MESSAGES.join(
    _CLIENT_IDS.table,
    and_(
        Message.room_id == _CLIENT_IDS.text(0),
        Message.sender_id == _CLIENT_IDS.text(1),
        Message.client_id == _CLIENT_IDS.text(2),
    ),
)


def _load_seen(
    tx: Transaction, sends: Sequence[Send]
) -> dict[tuple[str, str, str | None], MessageView]:
    """Find what has been sent before under the same client ids."""
    keys = [
        (send.draft.room_id, send.sender.user_id, send.draft.client_id)
        for send in sends
        if send.draft.client_id is not None
    ]
    if not keys:
        return {}
    found = [message_view(row) for row in tx.execute(_SELECT_SEEN, {"client_ids": as_rows(keys)})]
    return {(message.room_id, message.sender_id, message.client_id): message for message in found}


_REPLIED = Rows("replied")
_SELECT_REPLIED = select(
    Message.room_id,
    Message.id,
    Message.seq,
    Message.sender_id,
    Message.content,
    Message.deleted_at,
).join_from(
    _REPLIED.table,
    Message,
    and_(Message.id == _REPLIED.text(1), Message.room_id == _REPLIED.text(0)),
)


def _load_replies(tx: Transaction, sends: Sequence[Send]) -> dict[tuple[str, str], ReplyView]:
    wanted = {
        (send.draft.room_id, send.draft.reply_to_id)
        for send in sends
        if send.draft.reply_to_id is not None
    }
    if not wanted:
        return {}
    return {
        (room_id, message_id): reply_view(message_id, *rest)
        for room_id, message_id, *rest in tx.execute(_SELECT_REPLIED, {"replied": as_rows(wanted)})
    }


_NEW = Rows("new")
_INSERT_MESSAGES = insert(Message).from_select(
    [
        Message.id,
        Message.room_id,
        Message.seq,
        Message.sender_id,
        Message.receiver_id,
        Message.content,
        Message.type,
        Message.client_id,
        Message.reply_to_id,
        Message.is_read,
        Message.is_delivered,
        Message.created_at,
    ],
    select(
        _NEW.text(0),
        _NEW.text(1),
        _NEW.integer(2),
        _NEW.text(3),
        _NEW.text(4),
        _NEW.text(5),
        _NEW.text(6),
        _NEW.text(7),
        _NEW.text(8),
        false(),
        false(),
        bindparam("now", type_=UtcTime()),
    ).select_from(_NEW.table),
)
_ROOMS = Rows("rooms")
_UPDATE_ROOMS = (
    update(ChatRoom)
    .where(ChatRoom.id == _ROOMS.text(0))
    .values(
        last_seq=_ROOMS.integer(1),
        last_message=_ROOMS.text(2),
        last_message_at=bindparam("now", type_=UtcTime()),
        updated_at=bindparam("now", type_=UtcTime()),
    )
)
_POSITIONS = Rows("positions")
_UPDATE_POSITIONS = (
    update(ChatParticipant)
    .where(
        ChatParticipant.room_id == _POSITIONS.text(0),
        ChatParticipant.user_id == _POSITIONS.text(1),
    )
    .values(last_read_seq=_POSITIONS.integer(2), last_read_at=bindparam("now", type_=UtcTime()))
)
_READ_ON = Rows("read_on")
_MARK_READ = (
    update(Message)
    .where(
        Message.room_id == _READ_ON.text(0),
        Message.seq > _READ_ON.integer(1),
        Message.seq < _READ_ON.integer(2),
        Message.sender_id != _READ_ON.text(3),
    )
    .values(is_read=True, is_delivered=True, read_at=bindparam("now", type_=UtcTime()))
)


class _NewRows:
    """What a batch will write, table by table."""

    def __init__(self) -> None:
        self.messages: list[MessageView] = []
        self.positions: dict[tuple[str, str], int] = {}
        #: in direct rooms: (room, after, before, reader)
        self.read_on: list[tuple[str, int, int, str]] = []

    def write(self, tx: Transaction, rooms: dict[str, _Room]) -> None:
        if not self.messages:
            return
        now = tx.now
        tx.execute(_INSERT_MESSAGES, {"new": as_rows(map(_columns, self.messages)), "now": now})
        tx.execute(
            _UPDATE_ROOMS,
            {
                "rooms": as_rows(
                    (room_id, room.last_seq, preview(room.last.content))
                    for room_id, room in rooms.items()
                    if room.last is not None
                ),
                "now": now,
            },
        )
        tx.execute(
            _UPDATE_POSITIONS,
            {
                "positions": as_rows((*place, seq) for place, seq in self.positions.items()),
                "now": now,
            },
        )
        if self.read_on:
            tx.execute(_MARK_READ, {"read_on": as_rows(self.read_on), "now": now})


def _columns(message: MessageView) -> Sequence[str | int | None]:
    return (
        message.id,
        message.room_id,
        message.seq,
        message.sender_id,
        message.receiver_id,
        message.content,
        message.type,
        message.client_id,
        message.reply_to.id if message.reply_to else None,
    )
