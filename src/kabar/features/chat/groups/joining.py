"""Joining: coming into a group that lets people in, and asking to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, literal, select, tuple_

from kabar.core.times import rfc3339
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.errors import RoomNotFound
from kabar.features.chat.groups.errors import JoinRequestNotFound, TooManyJoinRequests
from kabar.features.chat.groups.events import JoinRequested
from kabar.features.chat.groups.lists import PERSON_COLUMNS, PersonRow, person_view
from kabar.features.chat.groups.models import JoinRequest
from kabar.features.chat.groups.participants import come_in, require_users
from kabar.features.chat.groups.schemas import Joined, JoinRequests, JoinRequestView
from kabar.features.chat.groups.staff import staff_of
from kabar.features.chat.groups.waiting import end_requests, is_banned
from kabar.features.chat.happenings import Happening
from kabar.features.chat.models import ChatRoom, JoinRule, RoomType
from kabar.features.chat.permissions import Act, require_may
from kabar.features.chat.queries import find_place, lock_room, require_place
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import TimeCursor, write_cursor

#: that wait for an answer of one group
MOST_REQUESTS = 1_000


class JoinRequestsCursor(TimeCursor, frozen=True, tag="join-requests"):
    """A place in the list of who asks to join."""


def join(
    tx: Transaction, *, caller: Identity, room_id: str, max_participants: int, max_groups: int
) -> Joined:
    """Come into an open group, or ask to. Of a group that one is invited to, one learns nothing."""
    lock_room(tx, room_id)
    if find_place(tx, room_id, caller.user_id) is not None:
        return Joined(joined=True, requested=False)
    rule = tx.execute(
        select(ChatRoom.join_rule).where(
            ChatRoom.id == room_id, ChatRoom.type == RoomType.GROUP, ChatRoom.is_active
        )
    ).scalar_one_or_none()
    if rule in {None, JoinRule.INVITE} or is_banned(tx, room_id, caller.user_id):
        raise RoomNotFound
    if rule == JoinRule.REQUEST:
        _ask(tx, caller, room_id)
        return Joined(joined=False, requested=True)
    come_in(
        tx,
        room_id,
        {caller.user_id: caller.name},
        by=caller.user_id,
        happening=Happening.JOINED,
        max_participants=max_participants,
        max_groups=max_groups,
    )
    return Joined(joined=True, requested=False)


def _ask(tx: Transaction, caller: Identity, room_id: str) -> None:
    mine = (JoinRequest.room_id == room_id, JoinRequest.user_id == caller.user_id)
    if tx.execute(select(JoinRequest.user_id).where(*mine)).first():
        return
    waiting = select(func.count()).select_from(JoinRequest).where(JoinRequest.room_id == room_id)
    if tx.execute(waiting).scalar_one() >= MOST_REQUESTS:
        raise TooManyJoinRequests
    tx.execute(
        insert(JoinRequest).values(room_id=room_id, user_id=caller.user_id, created_at=tx.now)
    )
    tx.emit(
        JoinRequested(
            room_id=room_id,
            user_id=caller.user_id,
            name=caller.name,
            username=caller.username,
            avatar=caller.avatar,
            staff=staff_of(tx, room_id),
        )
    )


def accept_request(
    tx: Transaction,
    *,
    caller: Identity,
    room_id: str,
    user_id: str,
    max_participants: int,
    max_groups: int,
) -> None:
    """Let in who asks to join."""
    _answer(tx, caller, room_id, user_id)
    come_in(
        tx,
        room_id,
        require_users(tx, [user_id]),
        by=caller.user_id,
        happening=Happening.ACCEPTED,
        max_participants=max_participants,
        max_groups=max_groups,
    )


def reject_request(tx: Transaction, *, caller: Identity, room_id: str, user_id: str) -> None:
    """Do not let in who asks to join; they are not told, and may ask again."""
    _answer(tx, caller, room_id, user_id)


def withdraw_request(tx: Transaction, *, user_id: str, room_id: str) -> None:
    """Ask no longer to join; who would have answered hears of it."""
    lock_room(tx, room_id)
    if not end_requests(tx, room_id, [user_id]):
        raise JoinRequestNotFound


def _answer(tx: Transaction, caller: Identity, room_id: str, user_id: str) -> None:
    lock_room(tx, room_id)
    require_may(require_place(tx, room_id, caller.user_id), Act.LET_IN)
    if not end_requests(tx, room_id, [user_id]):
        raise JoinRequestNotFound


class _Row(PersonRow, frozen=True):
    asked_at: datetime


def page_of_join_requests(
    tx: Transaction, *, user_id: str, room_id: str, limit: int, after: JoinRequestsCursor | None
) -> JoinRequests:
    """Return who asks to join, longest waiting first."""
    require_may(require_place(tx, room_id, user_id), Act.LET_IN)
    statement = (
        select(*columns_of(_Row, **PERSON_COLUMNS, asked_at=JoinRequest.created_at))
        .join_from(JoinRequest, User, User.id == JoinRequest.user_id)
        .where(JoinRequest.room_id == room_id)
        .order_by(JoinRequest.created_at, JoinRequest.user_id)
        .limit(limit + 1)
    )
    if after is not None:
        at = literal(after.time, JoinRequest.created_at.type)
        statement = statement.where(
            tuple_(JoinRequest.created_at, JoinRequest.user_id) > tuple_(at, literal(after.id))
        )
    rows = [_Row(*row) for row in tx.execute(statement)]
    more = rows[limit - 1] if len(rows) > limit else None
    return JoinRequests(
        requests=[
            JoinRequestView(user=person_view(row), created_at=rfc3339(row.asked_at))
            for row in rows[:limit]
        ],
        next_cursor=write_cursor(JoinRequestsCursor.at(more.asked_at, more.id)) if more else None,
    )
