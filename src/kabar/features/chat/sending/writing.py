"""What a batch of messages writes, table by table: a handful of statements, built once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, false, insert, select, update

from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, RoomType
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.sending.reading import Room
from kabar.features.chat.text import preview
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.rows import Rows, as_rows

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
    .values(
        last_read_seq=_POSITIONS.integer(2),
        last_read_at=bindparam("now", type_=UtcTime()),
        bell_is_unread=false(),
    )
)
_UPDATE_TOLD = (
    update(ChatParticipant)
    .where(
        ChatParticipant.room_id == bindparam("room"), ChatParticipant.user_id == bindparam("user")
    )
    .values(
        told_seq=bindparam("seq"),
        told_at=bindparam("at"),
        bell_read_seq=bindparam("seq"),
        bell_read_at=bindparam("read_at"),
    )
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


class NewRows:
    """What a batch will write, table by table."""

    def __init__(self, now: str) -> None:
        #: the time of the batch, as it is written on the wire
        self.now = now
        self.messages: list[MessageView] = []
        self.positions: dict[tuple[str, str], int] = {}
        #: who answered something that they had not read: (seq, at) of the newest of it
        self.told: dict[tuple[str, str], tuple[int, datetime]] = {}
        #: in direct rooms: (room, after, before, reader)
        self.read_on: list[tuple[str, int, int, str]] = []

    def answered(self, room: Room, message: MessageView, was_read: int) -> None:
        """Note a message, and what its sender has read by saying it."""
        place = message.room_id, message.sender_id
        self.messages.append(message)
        self.positions[place] = message.seq
        if was_read < message.seq - 1 and room.last_message_at is not None:
            # All of it is by others: one's own messages move one's position.
            self.told[place] = message.seq - 1, room.last_message_at
            if room.key.type == RoomType.DIRECT:
                self.read_on.append((message.room_id, was_read, message.seq, message.sender_id))

    def write(self, tx: Transaction, rooms: dict[str, Room]) -> None:
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
        if self.told:
            tx.execute(
                _UPDATE_TOLD,
                [
                    {"room": room_id, "user": user_id, "seq": seq, "at": at, "read_at": now}
                    for (room_id, user_id), (seq, at) in self.told.items()
                ],
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
