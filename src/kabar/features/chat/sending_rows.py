"""What a batch of messages reads: a handful of statements, built once."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import and_, bindparam, or_, select

from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.queries import MESSAGES, deleted_after, message_view, reply_view
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

#: room, sender, client id
SendKey = tuple[str, str, str]


@dataclass(slots=True)
class Room:
    """What a batch knows of a room, kept current while its messages are numbered."""

    type: str
    user_ids: tuple[str | None, str | None]
    last_seq: int
    participants_count: int
    #: what each has read, and how much deleted there is after it; of large rooms senders only
    read: dict[str, tuple[int, int]] = field(default_factory=dict)
    muted: set[str] = field(default_factory=set)
    last: MessageView | None = None


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


def load_rooms(
    tx: Transaction, places: set[tuple[str, str]], *, tell_at_most: int
) -> dict[str, Room]:
    """Read each room with the senders' places, and everybody's in small rooms."""
    if tx.is_postgresql:
        # In one order, so that two nodes cannot wait for each other. What follows reads what has
        # been committed while we waited.
        tx.execute(_LOCK_ROOMS, {"room_ids": as_rows({(room_id,) for room_id, _ in places})})
    rooms: dict[str, Room] = {}
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
        {"places": as_rows(places), "tell_at_most": tell_at_most},
    ):
        room = rooms.get(room_id)
        if room is None:
            room = rooms[room_id] = Room(
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


def load_seen(tx: Transaction, keys: set[SendKey]) -> dict[SendKey, MessageView]:
    """Find what has been sent before under the same client ids."""
    if not keys:
        return {}
    found = [message_view(row) for row in tx.execute(_SELECT_SEEN, {"client_ids": as_rows(keys)})]
    return {
        (message.room_id, message.sender_id, message.client_id or ""): message for message in found
    }


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


def load_replies(tx: Transaction, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], ReplyView]:
    """Find the messages that are answered, by room and id."""
    if not wanted:
        return {}
    return {
        (room_id, message_id): reply_view(message_id, *rest)
        for room_id, message_id, *rest in tx.execute(_SELECT_REPLIED, {"replied": as_rows(wanted)})
    }
