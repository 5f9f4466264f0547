"""Queries of chat. The query is the authorisation: what you may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from kabar.features.chat.errors import MessageNotFound, RoomNotFound
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, Role
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
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


#: what a participant has not read in a room
UNREAD = (
    ChatRoom.last_seq
    - ChatParticipant.last_read_seq
    - deleted_after(ChatParticipant.room_id, ChatParticipant.last_read_seq)
)


class Place(NamedRow, frozen=True):
    """A participant's place in a room, with what every verb wants to know of the room."""

    participant_id: str
    room_id: str
    #: a `RoomType`
    room_type: str
    last_seq: int
    participants_count: int
    user_id: str
    #: a `Role`
    role: str
    last_read_seq: int

    @property
    def may_administer(self) -> bool:
        return self.role in (Role.OWNER, Role.ADMIN)


_PLACE = select(
    *columns_of(
        Place,
        participant_id=ChatParticipant.id,
        room_id=ChatRoom.id,
        room_type=ChatRoom.type,
        last_seq=ChatRoom.last_seq,
        participants_count=ChatRoom.participants_count,
        user_id=ChatParticipant.user_id,
        role=ChatParticipant.role,
        last_read_seq=ChatParticipant.last_read_seq,
    )
).join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)


def find_place(tx: Transaction, room_id: str, user_id: str) -> Place | None:
    row = tx.execute(
        _PLACE.where(ChatParticipant.room_id == room_id, ChatParticipant.user_id == user_id)
    ).one_or_none()
    return None if row is None else Place(*row)


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
