"""Queries of chat. The query is the authorisation: what you may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.errors import MessageNotFound, RoomNotFound
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, Role, RoomType
from kabar.features.chat.schemas import MessageView, PersonView, ReplyView
from kabar.features.chat.text import preview
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


def deleted_after(
    room_id: InstrumentedAttribute[str], seq: InstrumentedAttribute[int]
) -> ScalarSelect[int]:
    """Return the SQL that counts the deleted messages after a position: they are not unread."""
    deleted = aliased(Message)
    return (
        select(func.count())
        .select_from(deleted)
        .where(deleted.room_id == room_id, deleted.seq > seq, deleted.deleted_at.is_not(None))
        .correlate_except(deleted)
        .scalar_subquery()
    )


class Place(NamedTuple):
    """A participant in a room, with the columns of the room that most functions need."""

    participant_id: str
    room_id: str
    room_type: RoomType
    last_seq: int
    participants_count: int
    user_id: str
    role: Role
    last_read_seq: int

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
).join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)


def find_place(tx: Transaction, room_id: str, user_id: str) -> Place | None:
    row = tx.execute(
        _PLACE.where(ChatParticipant.room_id == room_id, ChatParticipant.user_id == user_id)
    ).one_or_none()
    return None if row is None else _place(row)


def require_place(tx: Transaction, room_id: str, user_id: str) -> Place:
    """Return the user's place in a room; a user who is not in it does not learn that it exists."""
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
    """Lock a room until the end of the transaction. On SQLite there is one writer anyway."""
    if tx.is_postgresql:
        tx.execute(select(ChatRoom.id).where(ChatRoom.id == room_id).with_for_update())


def _place(row: Row[*tuple[Any, ...]]) -> Place:
    participant_id, room_id, room_type, last_seq, count, user_id, role, last_read_seq = row
    return Place(
        participant_id,
        room_id,
        RoomType(room_type),
        last_seq,
        count,
        user_id,
        Role(role),
        last_read_seq,
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
    """Return the seq of a message in a room that the caller is known to be in."""
    seq: int | None = tx.execute(
        select(Message.seq).where(Message.id == message_id, Message.room_id == room_id)
    ).scalar_one_or_none()
    if seq is None:
        raise MessageNotFound
    return seq
