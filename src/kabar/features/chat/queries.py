"""Reading chat. The query is the authorisation: what you may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import aliased

from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.errors import MessageNotFound, RoomNotFound
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, Role, RoomType
from kabar.features.chat.schemas import MessageView, PersonView, ReplyView
from kabar.features.chat.text import preview
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


class Place(NamedTuple):
    """A participant's place in a room, with what every verb wants to know of the room."""

    participant_id: str
    room_id: str
    room_type: RoomType
    last_seq: int
    participants_count: int
    user_id: str
    role: Role
    last_read_seq: int
    last_message_at: datetime | None
    deleted_count: int

    @property
    def version(self) -> int:
        """A number that grows with whatever changes what this participant has not read."""
        return self.last_seq + self.last_read_seq + self.deleted_count

    @property
    def may_administer(self) -> bool:
        return self.role in (Role.OWNER, Role.ADMIN)


_PLACE = select(
    ChatParticipant.id,
    ChatRoom.id,
    ChatRoom.type,
    ChatRoom.last_seq,
    ChatRoom.participants_count,
    ChatParticipant.user_id,
    ChatParticipant.role,
    ChatParticipant.last_read_seq,
    ChatRoom.last_message_at,
    ChatRoom.deleted_count,
).join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)


def find_place(tx: Transaction, room_id: str, user_id: str) -> Place | None:
    row = tx.execute(
        _PLACE.where(ChatParticipant.room_id == room_id, ChatParticipant.user_id == user_id)
    ).one_or_none()
    return None if row is None else _place(row)


def require_place(tx: Transaction, room_id: str, user_id: str) -> Place:
    """Return the caller's place in the room; who has none learns nothing of the room."""
    place = find_place(tx, room_id, user_id)
    if place is None:
        raise RoomNotFound
    return place


_ROOM_IDS = Rows("room_ids")
_ROOMS_OF = select(ChatParticipant.room_id).where(
    ChatParticipant.user_id == bindparam("user_id"),
    ChatParticipant.room_id.in_(select(_ROOM_IDS.text(0)).select_from(_ROOM_IDS.table)),
)


def rooms_of(tx: Transaction, user_id: str, room_ids: Iterable[str]) -> set[str]:
    """Return those of the rooms that the user is in."""
    ids = as_rows((room_id,) for room_id in room_ids)
    return set(tx.execute(_ROOMS_OF, {"user_id": user_id, "room_ids": ids}).scalars())


def lock_room(tx: Transaction, room_id: str) -> None:
    """Make those who change the same room wait for each other; on SQLite they do anyway."""
    if tx.is_postgresql:
        tx.execute(select(ChatRoom.id).where(ChatRoom.id == room_id).with_for_update())


def _place(row: Row[*tuple[Any, ...]]) -> Place:
    participant_id, room_id, room_type, last_seq, count, user_id, role, last_read_seq, *more = row
    return Place(
        participant_id,
        room_id,
        RoomType(room_type),
        last_seq,
        count,
        user_id,
        Role(role),
        last_read_seq,
        *more,
    )


_REPLIED = aliased(Message)

#: messages with who said them and what they answer, in the order that `message_view` takes
MESSAGES = (
    select(
        Message.id,
        Message.room_id,
        Message.seq,
        Message.sender_id,
        User.username,
        User.name,
        User.avatar,
        Message.receiver_id,
        Message.content,
        Message.type,
        Message.attachment_url,
        Message.client_id,
        Message.is_read,
        Message.read_at,
        Message.is_delivered,
        Message.edited_at,
        Message.deleted_at,
        Message.created_at,
        _REPLIED.id,
        _REPLIED.seq,
        _REPLIED.sender_id,
        _REPLIED.content,
        _REPLIED.deleted_at,
    )
    .join_from(Message, User, User.id == Message.sender_id)
    .outerjoin(_REPLIED, _REPLIED.id == Message.reply_to_id)
)


def message_view(row: Row[*tuple[Any, ...]]) -> MessageView:
    """Return a row of `MESSAGES` as it is shown; a deleted one is a tombstone without content."""
    (
        message_id,
        room_id,
        seq,
        sender_id,
        username,
        name,
        avatar,
        receiver_id,
        content,
        message_type,
        attachment_url,
        client_id,
        is_read,
        read_at,
        is_delivered,
        edited_at,
        deleted_at,
        created_at,
        *reply,
    ) = row
    return MessageView(
        id=message_id,
        room_id=room_id,
        seq=seq,
        sender_id=sender_id,
        sender=PersonView(id=sender_id, username=username, name=name, avatar=avatar),
        receiver_id=receiver_id,
        content="" if deleted_at else content,
        type=message_type,
        attachment_url=None if deleted_at else attachment_url,
        client_id=client_id,
        reply_to=reply_view(*reply) if reply[0] else None,
        is_read=is_read,
        read_at=rfc3339_or_none(read_at),
        is_delivered=is_delivered,
        edited_at=rfc3339_or_none(edited_at),
        deleted_at=rfc3339_or_none(deleted_at),
        created_at=rfc3339(created_at),
    )


def reply_view(
    message_id: str, seq: int, sender_id: str, content: str, deleted_at: datetime | None
) -> ReplyView:
    return ReplyView(
        id=message_id,
        seq=seq,
        sender_id=sender_id,
        content="" if deleted_at else preview(content),
        deleted_at=rfc3339_or_none(deleted_at),
    )


def require_message(tx: Transaction, message_id: str, user_id: str) -> MessageView:
    """Return a message of one of the caller's rooms."""
    row = tx.execute(
        MESSAGES.join(
            ChatParticipant,
            (ChatParticipant.room_id == Message.room_id) & (ChatParticipant.user_id == user_id),
        ).where(Message.id == message_id)
    ).one_or_none()
    if row is None:
        raise MessageNotFound
    return message_view(row)


def require_seq(tx: Transaction, room_id: str, message_id: str) -> int:
    """Return the place of a message in a room that the caller is known to be in."""
    return require_moment(tx, room_id, message_id)[0]


def require_moment(tx: Transaction, room_id: str, message_id: str) -> tuple[int, datetime]:
    """Return the place of a message in such a room, and when it was said."""
    row = tx.execute(
        select(Message.seq, Message.created_at).where(
            Message.id == message_id, Message.room_id == room_id
        )
    ).one_or_none()
    if row is None:
        raise MessageNotFound
    return row.seq, row.created_at
