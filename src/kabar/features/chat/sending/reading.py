"""What is read: whatever decides about a batch, in at most three statements and a lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, or_, select

from kabar.features.accounts.signed_in import find_signed_out
from kabar.features.chat.message_views import MESSAGES, message_view, reply_view
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.queries import deleted_after
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.features.chat.sending.incoming import MessageKey, PlaceKey, Send, SendKey
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows


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


class Known(NamedTuple):
    """What a batch knows before it decides."""

    #: those that exist, by id, as far as senders are in them
    rooms: dict[str, Room]
    #: what was sent before under the same client ids
    seen: dict[SendKey, MessageView]
    #: the messages that are answered
    replies: dict[MessageKey, ReplyView]
    #: sessions and tokens of senders that have ended since their requests came
    signed_out: set[str]


def read(tx: Transaction, sends: Sequence[Send]) -> Known:
    """Read all that the batch asks for."""
    tell_at_most = max(send.tell_at_most for send in sends)
    return Known(
        _load_rooms(tx, {send.place for send in sends}, tell_at_most=tell_at_most),
        _load_seen(tx, {key for send in sends if (key := send.key) is not None}),
        _load_replies(tx, {message for send in sends if (message := send.answers) is not None}),
        find_signed_out(tx, [send.sender for send in sends]),
    )


class _PlaceRow(NamedRow, frozen=True):
    room_id: str
    type: str
    user1_id: str | None
    user2_id: str | None
    last_seq: int
    participants_count: int
    user_id: str
    last_read_seq: int
    is_muted: bool
    deleted: int


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
        *columns_of(
            _PlaceRow,
            room_id=ChatRoom.id,
            type=ChatRoom.type,
            user1_id=ChatRoom.user1_id,
            user2_id=ChatRoom.user2_id,
            last_seq=ChatRoom.last_seq,
            participants_count=ChatRoom.participants_count,
            user_id=ChatParticipant.user_id,
            last_read_seq=ChatParticipant.last_read_seq,
            is_muted=ChatParticipant.is_muted,
            deleted=deleted_after(ChatParticipant.room_id, ChatParticipant.last_read_seq),
        )
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


def _load_rooms(tx: Transaction, places: set[PlaceKey], *, tell_at_most: int) -> dict[str, Room]:
    """Read each room with the senders' places, and everybody's in small rooms."""
    if tx.is_postgresql:
        # In one order, so that two nodes cannot wait for each other. What follows reads what has
        # been committed while we waited.
        tx.execute(_LOCK_ROOMS, {"room_ids": as_rows({(room_id,) for room_id, _ in places})})
    rooms: dict[str, Room] = {}
    for row in tx.execute(
        _SELECT_PLACES, {"places": as_rows(places), "tell_at_most": tell_at_most}
    ):
        place = _PlaceRow(*row)
        room = rooms.get(place.room_id)
        if room is None:
            room = rooms[place.room_id] = Room(
                place.type,
                (place.user1_id, place.user2_id),
                place.last_seq,
                place.participants_count,
            )
        room.read[place.user_id] = (place.last_read_seq, place.deleted)
        if place.is_muted:
            room.muted.add(place.user_id)
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


def _load_seen(tx: Transaction, keys: set[SendKey]) -> dict[SendKey, MessageView]:
    if not keys:
        return {}
    found = [message_view(row) for row in tx.execute(_SELECT_SEEN, {"client_ids": as_rows(keys)})]
    return {
        (message.room_id, message.sender_id, message.client_id or ""): message for message in found
    }


class _RepliedRow(NamedRow, frozen=True):
    room_id: str
    id: str
    seq: int
    sender_id: str
    content: str
    deleted_at: datetime | None


_REPLIED = Rows("replied")
_SELECT_REPLIED = select(
    *columns_of(
        _RepliedRow,
        room_id=Message.room_id,
        id=Message.id,
        seq=Message.seq,
        sender_id=Message.sender_id,
        content=Message.content,
        deleted_at=Message.deleted_at,
    )
).join_from(
    _REPLIED.table,
    Message,
    and_(Message.id == _REPLIED.text(1), Message.room_id == _REPLIED.text(0)),
)


def _load_replies(tx: Transaction, wanted: set[MessageKey]) -> dict[MessageKey, ReplyView]:
    if not wanted:
        return {}
    found = [_RepliedRow(*row) for row in tx.execute(_SELECT_REPLIED, {"replied": as_rows(wanted)})]
    return {
        (row.room_id, row.id): reply_view(
            message_id=row.id,
            seq=row.seq,
            sender_id=row.sender_id,
            content=row.content,
            deleted_at=row.deleted_at,
        )
        for row in found
    }
