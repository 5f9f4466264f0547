"""Conversations: the rooms of a user as lists show them, and what is unread in all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, and_, case, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.deletions import deleted_after
from kabar.features.chat.errors import RoomNotFound
from kabar.features.chat.models import ChatParticipant, ChatRoom, Role, RoomType
from kabar.features.chat.schemas import (
    Conversations,
    MyPlace,
    ParticipantView,
    PersonView,
    RoomView,
    Unread,
)
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import TimeCursor, read_cursor, write_cursor

#: how many participants a room shows before one asks for all
FIRST_PARTICIPANTS = 4


class _RoomCursor(TimeCursor, frozen=True, tag="rooms"):
    """A place in the list of conversations."""

    is_pinned: bool

    @classmethod
    def of(cls, room: RoomView, last_at: datetime) -> _RoomCursor:
        at = TimeCursor.at(last_at, room.id)
        return cls(at.milliseconds, at.id, room.me.is_pinned)


def room_of(tx: Transaction, *, user_id: str, room_id: str) -> RoomView:
    """Return a room as this participant sees it."""
    rows = tx.execute(
        _ROOMS.where(ChatParticipant.user_id == user_id, ChatRoom.id == room_id)
    ).all()
    if not rows:
        raise RoomNotFound
    return _room_views(tx, rows)[0]


def conversations(
    tx: Transaction, *, user_id: str, limit: int, cursor: str | None
) -> Conversations:
    """Return a page of the user's rooms: pinned first, then the newest message first.

    A direct room in which nothing was said yet is listed for who began it only.
    """
    statement = _ROOMS.where(ChatParticipant.user_id == user_id, _LISTED)
    after = read_cursor(cursor, _RoomCursor)
    if after is not None:
        statement = statement.where(
            tuple_(_PINNED, _LAST_AT, ChatRoom.id)
            < tuple_(int(after.is_pinned), literal(after.time, UtcTime()), after.id)
        )
    rows = tx.execute(
        statement.order_by(_PINNED.desc(), _LAST_AT.desc(), ChatRoom.id.desc()).limit(limit + 1)
    ).all()
    views = _room_views(tx, rows[:limit])
    next_cursor = None
    if len(rows) > limit:
        last, last_at = views[-1], rows[limit - 1][-1]
        next_cursor = write_cursor(_RoomCursor.of(last, last_at))
    return Conversations(conversations=views, next_cursor=next_cursor)


def get_total_unread_count(tx: Transaction, *, user_id: str) -> Unread:
    """Count what the user has not read, over all rooms that are not muted."""
    total, rooms = tx.execute(
        select(
            func.coalesce(func.sum(_UNREAD), 0),
            func.coalesce(func.sum(case((_UNREAD > 0, 1), else_=0)), 0),
        )
        .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
        .where(
            ChatParticipant.user_id == user_id,
            ChatParticipant.is_muted.is_(False),
            ChatParticipant.last_read_seq < ChatRoom.last_seq,
        )
    ).one()
    return Unread(total=int(total), rooms=int(rooms))


_UNREAD = (
    ChatRoom.last_seq - ChatParticipant.last_read_seq - deleted_after(ChatParticipant.last_read_seq)
)
_PINNED = case((ChatParticipant.is_pinned, 1), else_=0)
_LAST_AT = func.coalesce(ChatRoom.last_message_at, ChatRoom.created_at)
_LISTED = or_(
    ChatRoom.last_seq > 0,
    ChatRoom.type == RoomType.GROUP,
    ChatRoom.user1_id == ChatParticipant.user_id,
)
_OTHER = aliased(User)
_ROOMS: Select[*tuple[Any, ...]] = (
    select(
        ChatRoom.id,
        ChatRoom.type,
        ChatRoom.name,
        ChatRoom.avatar,
        ChatRoom.last_message,
        ChatRoom.last_message_at,
        ChatRoom.last_seq,
        ChatRoom.participants_count,
        ChatRoom.created_at,
        ChatParticipant.role,
        _UNREAD,
        ChatParticipant.last_read_seq,
        ChatParticipant.is_muted,
        ChatParticipant.is_pinned,
        _OTHER.id,
        _OTHER.username,
        _OTHER.name,
        _OTHER.avatar,
        ChatRoom.deleted_count,
        _LAST_AT,
    )
    .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
    .outerjoin(
        _OTHER,
        and_(
            ChatRoom.type == RoomType.DIRECT,
            _OTHER.id
            == case(
                (ChatRoom.user1_id == ChatParticipant.user_id, ChatRoom.user2_id),
                else_=ChatRoom.user1_id,
            ),
        ),
    )
)


def _room_views(tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[RoomView]:
    participants = _first_participants(tx, [row[0] for row in rows])
    return [_room_view(row, participants[row[0]]) for row in rows]


def _room_view(row: Row[*tuple[Any, ...]], participants: list[ParticipantView]) -> RoomView:
    (
        room_id,
        room_type,
        name,
        avatar,
        last_message,
        last_message_at,
        last_seq,
        participants_count,
        created_at,
        role,
        unread,
        last_read_seq,
        is_muted,
        is_pinned,
        other_id,
        other_username,
        other_name,
        other_avatar,
        deleted_count,
        _,
    ) = row
    other = None
    if other_id is not None:
        other = PersonView(
            id=other_id, username=other_username, name=other_name, avatar=other_avatar
        )
    return RoomView(
        id=room_id,
        type=RoomType(room_type),
        name=other.name if other else name,
        avatar=other.avatar if other else avatar,
        last_message=last_message,
        last_message_at=rfc3339_or_none(last_message_at),
        last_seq=last_seq,
        participants_count=participants_count,
        participants=participants,
        other_user=other or msgspec.UNSET,
        me=MyPlace(
            role=Role(role),
            unread_count=unread,
            last_read_seq=last_read_seq,
            is_muted=is_muted,
            is_pinned=is_pinned,
            version=last_seq + last_read_seq + deleted_count,
        ),
        created_at=rfc3339(created_at),
    )


_OF_ROOMS = Rows("rooms")
_EARLIEST = (
    select(ChatParticipant.user_id, ChatParticipant.role, ChatParticipant.joined_at)
    .add_columns(ChatParticipant.id.label("participant_id"))
    .where(ChatParticipant.room_id == _OF_ROOMS.text(0))
    .order_by(ChatParticipant.joined_at, ChatParticipant.id)
    .limit(FIRST_PARTICIPANTS)
)
_SHOWN = (User.id, User.username, User.name, User.avatar)
# The cost is four index entries a room, however many participants it has, or the database.
_LATERAL = _EARLIEST.correlate(_OF_ROOMS.table).lateral("earliest")
_MEMBER = aliased(ChatParticipant)
_FIRST_PARTICIPANTS: Mapping[bool, Select[*tuple[Any, ...]]] = {
    True: select(_OF_ROOMS.text(0), *_SHOWN, _LATERAL.c.role)
    .select_from(_OF_ROOMS.table)
    .join(_LATERAL, true())
    .join(User, User.id == _LATERAL.c.user_id)
    .order_by(_LATERAL.c.joined_at, _LATERAL.c.participant_id),
    # SQLite has no LATERAL, and looks up each of the few ids that the subquery gives.
    False: select(_OF_ROOMS.text(0), *_SHOWN, _MEMBER.role)
    .select_from(in_this_order(_OF_ROOMS.table, _MEMBER, User))
    .where(
        _MEMBER.id.in_(
            select(ChatParticipant.id)
            .where(ChatParticipant.room_id == _OF_ROOMS.text(0))
            .order_by(ChatParticipant.joined_at, ChatParticipant.id)
            .limit(FIRST_PARTICIPANTS)
            .correlate(_OF_ROOMS.table)
        ),
        User.id == _MEMBER.user_id,
    )
    .order_by(_MEMBER.joined_at, _MEMBER.id),
}


def _first_participants(
    tx: Transaction, room_ids: Sequence[str]
) -> dict[str, list[ParticipantView]]:
    found: dict[str, list[ParticipantView]] = defaultdict(list)
    if room_ids:
        rows = as_rows((room_id,) for room_id in room_ids)
        for room_id, user_id, username, name, avatar, role in tx.execute(
            _FIRST_PARTICIPANTS[tx.is_postgresql], {"rooms": rows}
        ):
            found[room_id].append(
                ParticipantView(
                    id=user_id, username=username, name=name, avatar=avatar, role=Role(role)
                )
            )
    return found
