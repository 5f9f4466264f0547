"""A room as one of its participants sees it: what is read for it, and what becomes of that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict
from sqlalchemy import Select, and_, case, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.blocking.folding import folded_after, rooms_with_folded_end
from kabar.features.chat.deleting.hiding import is_hidden
from kabar.features.chat.lifetimes.judging import JUDGED_AT
from kabar.features.chat.mentions.counting import NONE, Unread, mentions_after
from kabar.features.chat.mentions.last import LAST_MENTION_SEQ
from kabar.features.chat.mine.choices import choices_at
from kabar.features.chat.models import (
    OWN_CHANGES,
    ChatParticipant,
    ChatRoom,
    JoinRule,
    Role,
    RoomType,
)
from kabar.features.chat.queries import UNREAD
from kabar.features.chat.receipts.first_unread import first_unread
from kabar.features.chat.schemas import MyPlace, ParticipantView, PersonView, RoomView
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows

#: how many participants a room shows before one asks for all
FIRST_PARTICIPANTS = 4
#: when there was something new in a room: by this they are listed
LAST_AT = func.coalesce(ChatRoom.last_message_at, ChatRoom.created_at)


class RoomRow(NamedRow, frozen=True):
    """A room with one participant's place in it."""

    id: str
    type: str
    name: str | None
    avatar: str | None
    last_message: str | None
    last_message_at: datetime | None
    last_seq: int
    participants_count: int
    created_at: datetime
    description: str | None
    join_rule: str
    is_announcement: bool
    slow_mode_seconds: int
    message_ttl_seconds: int
    retention_days: int | None
    last_at: datetime
    role: str
    unread: int
    last_read_seq: int
    last_said_seq: int
    #: no message after it mentions them
    last_mention_seq: int
    is_muted: bool
    muted_until: datetime | None
    is_pinned: bool
    archived_seq: int | None
    notify: str
    draft: str | None
    draft_reply_to_id: str | None
    deleted_count: int
    own_changes: int
    is_closed: bool
    folds_some: bool
    user_id: str
    #: None, as all that follows, in a group
    other_id: str | None
    other_username: str
    other_name: str
    other_avatar: str | None


_IS_LAST_SHOWN = and_(
    not_(is_hidden(ChatRoom.last_said_seq)),
    or_(ChatRoom.last_expires_at.is_(None), ChatRoom.last_expires_at > JUDGED_AT),
)
_OTHER = aliased(User)
ROOMS: Select[*tuple[Any, ...]] = (
    select(
        *columns_of(
            RoomRow,
            id=ChatRoom.id,
            type=ChatRoom.type,
            name=ChatRoom.name,
            avatar=ChatRoom.avatar,
            # As with one that was deleted for all: nothing of it.
            last_message=case((_IS_LAST_SHOWN, ChatRoom.last_message)),
            last_message_at=ChatRoom.last_message_at,
            last_seq=ChatRoom.last_seq,
            participants_count=ChatRoom.participants_count,
            created_at=ChatRoom.created_at,
            description=ChatRoom.description,
            join_rule=ChatRoom.join_rule,
            is_announcement=ChatRoom.is_announcement,
            slow_mode_seconds=ChatRoom.slow_mode_seconds,
            message_ttl_seconds=ChatRoom.message_ttl_seconds,
            retention_days=ChatRoom.retention_days,
            last_at=LAST_AT,
            role=ChatParticipant.role,
            unread=UNREAD,
            last_read_seq=ChatParticipant.last_read_seq,
            last_said_seq=ChatRoom.last_said_seq,
            last_mention_seq=LAST_MENTION_SEQ,
            is_muted=ChatParticipant.is_muted,
            muted_until=ChatParticipant.muted_until,
            is_pinned=ChatParticipant.is_pinned,
            archived_seq=ChatParticipant.archived_seq,
            notify=ChatParticipant.notify,
            draft=ChatParticipant.draft,
            draft_reply_to_id=ChatParticipant.draft_reply_to_id,
            deleted_count=ChatRoom.deleted_count,
            own_changes=OWN_CHANGES,
            is_closed=ChatRoom.is_closed,
            folds_some=ChatParticipant.folds_some,
            user_id=ChatParticipant.user_id,
            other_id=_OTHER.id,
            other_username=_OTHER.username,
            other_name=_OTHER.name,
            other_avatar=_OTHER.avatar,
        )
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


def room_views(tx: Transaction, user_id: str, rooms: Sequence[RoomRow]) -> list[RoomView]:
    """Return rooms as this user sees them."""
    participants = _first_participants(tx, [room.id for room in rooms])
    stands = {room.id: (room.id, user_id, room.last_read_seq) for room in rooms if room.folds_some}
    folded = folded_after(tx, stands.values())
    folded_ends = rooms_with_folded_end(tx, user_id, stands)
    unread = ((room.id, user_id, room.last_read_seq) for room in rooms if room.unread)
    first = first_unread(tx, unread)
    mentions = mentions_after(
        tx,
        (
            (room.id, user_id, room.last_read_seq)
            for room in rooms
            if room.last_mention_seq > room.last_read_seq
        ),
    )
    return [
        _room_view(
            room,
            participants[room.id],
            now=tx.now,
            folded=folded[stands[room.id]] if room.id in stands else 0,
            is_blocking=room.is_closed and room.id in stands,
            is_end_folded=room.id in folded_ends,
            first_unread_id=first.get(room.id),
            mentions=mentions.get((room.id, user_id, room.last_read_seq), NONE),
        )
        for room in rooms
    ]


def _room_view(
    room: RoomRow,
    participants: list[ParticipantView],
    *,
    now: datetime,
    folded: int,
    is_blocking: bool,
    is_end_folded: bool,
    first_unread_id: str | None,
    mentions: Unread,
) -> RoomView:
    other = None
    if room.other_id is not None:
        other = PersonView(
            id=room.other_id,
            username=room.other_username,
            name=room.other_name,
            avatar=room.other_avatar,
        )
    return RoomView(
        id=room.id,
        type=RoomType(room.type),
        name=other.name if other else room.name,
        avatar=other.avatar if other else room.avatar,
        last_message=None if is_end_folded else room.last_message,
        last_message_at=rfc3339_or_none(room.last_message_at),
        last_seq=room.last_seq,
        participants_count=room.participants_count,
        participants=participants,
        other_user=other or msgspec.UNSET,
        is_saved=room.other_id == room.user_id or msgspec.UNSET,
        me=MyPlace(
            role=Role(room.role),
            unread_count=room.unread - folded,
            last_read_seq=room.last_read_seq,
            first_unread_id=first_unread_id,
            mentions_count=mentions.total,
            first_mention_id=mentions.first_id,
            is_blocking=is_blocking,
            is_end_folded=is_end_folded,
            version=room.last_seq + room.last_read_seq + room.deleted_count + room.own_changes,
            **asdict(choices_at(now, room)),
        ),
        created_at=rfc3339(room.created_at),
        message_ttl_seconds=room.message_ttl_seconds,
        **_rules(room),
    )


def _rules(room: RoomRow) -> dict[str, Any]:
    if room.type == RoomType.DIRECT:
        return {}
    return {
        "description": room.description,
        "join_rule": JoinRule(room.join_rule),
        "is_announcement": room.is_announcement,
        "slow_mode_seconds": room.slow_mode_seconds,
        "retention_days": room.retention_days,
    }


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
