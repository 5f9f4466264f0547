"""What a batch of messages reads: a handful of statements, built once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from kabar.features.chat.audience import Audience, Crowd, RoomKey
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.queries import MESSAGES, message_view, reply_view
from kabar.features.chat.recipients import Listeners, Standing, standings
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.features.chat.sending.incoming import SendKey
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows


@dataclass(slots=True)
class Room:
    """What a batch knows of a room, kept current while its messages are numbered."""

    key: RoomKey
    last_seq: int
    last_message_at: datetime | None
    deleted_count: int
    #: what each sender has read
    read: dict[str, int] = field(default_factory=dict)
    last: MessageView | None = None
    #: of those who listen
    crowd: Crowd | None = None
    listeners: Listeners | None = None


_ROOM_IDS = Rows("room_ids")
_LOCK_ROOMS = (
    select(ChatRoom.id)
    .where(ChatRoom.id.in_(select(_ROOM_IDS.text(0)).select_from(_ROOM_IDS.table)))
    .order_by(ChatRoom.id)
    .with_for_update()
)
_PLACES = Rows("places")
_SELECT_PLACES: Any = (
    select(
        ChatRoom.id,
        ChatRoom.type,
        ChatRoom.user1_id,
        ChatRoom.user2_id,
        ChatRoom.participants_version,
        ChatRoom.last_seq,
        ChatRoom.last_message_at,
        ChatRoom.deleted_count,
        ChatParticipant.user_id,
        ChatParticipant.last_read_seq,
    )
    .select_from(in_this_order(_PLACES.table, ChatRoom, ChatParticipant))
    .where(
        ChatRoom.id == _PLACES.text(0),
        ChatParticipant.room_id == _PLACES.text(0),
        ChatParticipant.user_id == _PLACES.text(1),
    )
)


def load_rooms(
    tx: Transaction, places: set[tuple[str, str]], audience: Audience
) -> dict[str, Room]:
    """Read each room with the senders' places, and where those stand who listen to it."""
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
        participants_version,
        last_seq,
        last_message_at,
        deleted_count,
        user_id,
        last_read_seq,
    ) in tx.execute(_SELECT_PLACES, {"places": as_rows(places)}):
        room = rooms.get(room_id)
        if room is None:
            key = RoomKey(room_id, room_type, user1_id, user2_id, participants_version)
            room = rooms[room_id] = Room(key, last_seq, last_message_at, deleted_count)
        room.read[user_id] = last_read_seq
    _find_listeners(tx, rooms, audience)
    return rooms


def _find_listeners(tx: Transaction, rooms: dict[str, Room], audience: Audience) -> None:
    for room_id, crowd in audience.crowds(tx, [room.key for room in rooms.values()]).items():
        rooms[room_id].crowd = crowd
    pairs = [
        (room_id, user_id)
        for room_id, room in rooms.items()
        if room.crowd is not None
        for user_id in room.crowd.heard_by
    ]
    found: dict[str, dict[str, Standing]] = defaultdict(dict)
    for (room_id, user_id), standing in standings(tx, pairs).items():
        found[room_id][user_id] = standing
    for room_id, here in found.items():
        room = rooms[room_id]
        if room.crowd is not None:
            room.listeners = Listeners(
                room.crowd.heard_by,
                here,
                last_seq=room.last_seq,
                deleted_count=room.deleted_count,
            )


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
