"""Conversations: the rooms of a user as lists show them, and what is unread in all of them."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import case, func, literal, not_, or_, select, tuple_

from kabar.features.chat.blocking.folding import folded_after, folding_places
from kabar.features.chat.errors import RoomNotFound
from kabar.features.chat.mine.quiet import IS_ARCHIVED, IS_COUNTED, NOW
from kabar.features.chat.models import ChatParticipant, ChatRoom, RoomType
from kabar.features.chat.queries import UNREAD
from kabar.features.chat.room_views import LAST_AT, ROOMS, RoomRow, room_views
from kabar.features.chat.schemas import Conversations, RoomView, Unread
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.http.cursors import TimeCursor, read_cursor, write_cursor


class _RoomCursor(TimeCursor, frozen=True, tag="rooms"):
    """A place in the list of conversations."""

    is_pinned: bool

    @classmethod
    def of(cls, room: RoomRow) -> _RoomCursor:
        at = TimeCursor.at(room.last_at, room.id)
        return cls(at.milliseconds, at.id, room.is_pinned)


def room_of(tx: Transaction, *, user_id: str, room_id: str) -> RoomView:
    """Return a room as this participant sees it."""
    row = tx.execute(
        ROOMS.where(ChatParticipant.user_id == user_id, ChatRoom.id == room_id)
    ).one_or_none()
    if row is None:
        raise RoomNotFound
    return room_views(tx, user_id, [RoomRow(*row)])[0]


def conversations(
    tx: Transaction,
    *,
    user_id: str,
    limit: int,
    cursor: str | None,
    only: Literal["archived"] | None = None,
) -> Conversations:
    """Return a page of the user's rooms: pinned first, then the newest message first.

    Those that they have put away are a list of their own.

    A direct room in which nothing was said yet is listed for who began it only.
    """
    is_listed = not_(IS_ARCHIVED) if only is None else IS_ARCHIVED
    statement = ROOMS.where(ChatParticipant.user_id == user_id, _LISTED, is_listed)
    after = read_cursor(cursor, _RoomCursor)
    if after is not None:
        statement = statement.where(
            tuple_(_PINNED, LAST_AT, ChatRoom.id)
            < tuple_(int(after.is_pinned), literal(after.time, UtcTime()), after.id)
        )
    statement = statement.order_by(_PINNED.desc(), LAST_AT.desc(), ChatRoom.id.desc())
    rows = [RoomRow(*row) for row in tx.execute(statement.limit(limit + 1), {NOW.key: tx.now})]
    return Conversations(
        conversations=room_views(tx, user_id, rows[:limit]),
        next_cursor=write_cursor(_RoomCursor.of(rows[limit - 1])) if len(rows) > limit else None,
    )


def get_total_unread_count(tx: Transaction, *, user_id: str) -> Unread:
    """Count what the user has not read, over all rooms that are neither muted nor put away."""
    total, rooms, folds = tx.execute(
        select(
            func.coalesce(func.sum(UNREAD), 0),
            func.coalesce(func.sum(case((UNREAD > 0, 1), else_=0)), 0),
            func.max(case((ChatParticipant.folds_some, 1), else_=0)),
        )
        .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
        .where(
            ChatParticipant.user_id == user_id,
            IS_COUNTED,
            ChatParticipant.last_read_seq < ChatRoom.last_seq,
        ),
        {NOW.key: tx.now},
    ).one()
    folded, folded_rooms = _folded(tx, user_id) if folds else (0, 0)
    return Unread(total=int(total) - folded, rooms=int(rooms) - folded_rooms)


def _folded(tx: Transaction, user_id: str) -> tuple[int, int]:
    """Count what is folded away of what was counted as unread, and the rooms with nothing else."""
    places = {
        room_id: place for room_id, place in folding_places(tx, user_id).items() if place.is_counted
    }
    stands = ((room_id, user_id, place.last_read_seq) for room_id, place in places.items())
    folded = {room_id: count for (room_id, *_), count in folded_after(tx, stands).items() if count}
    if not folded:
        return 0, 0
    unread = tx.execute(
        select(ChatRoom.id, UNREAD)
        .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
        .where(ChatParticipant.user_id == user_id, ChatParticipant.room_id.in_(folded))
    )
    return sum(folded.values()), sum(count == folded[room_id] for room_id, count in unread)


_PINNED = case((ChatParticipant.is_pinned, 1), else_=0)
_LISTED = or_(
    ChatRoom.last_seq > 0,
    ChatRoom.type == RoomType.GROUP,
    ChatRoom.user1_id == ChatParticipant.user_id,
)
