"""Participants: coming into a room, and leaving it for good."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from kabar.core.ids import new_id
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.conversations import room_of
from kabar.features.chat.errors import (
    DirectRoomIsFixed,
    NotARoomAdmin,
    ParticipantNotFound,
    RoomIsFull,
)
from kabar.features.chat.events import ParticipantJoined, ParticipantLeft
from kabar.features.chat.models import ChatParticipant, ChatRoom, Role, RoomType
from kabar.features.chat.queries import Place, find_place, lock_room, require_place
from kabar.features.chat.schemas import RoomView
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

_USER_IDS = Rows("user_ids")
_THESE_USERS = select(_USER_IDS.text(0)).select_from(_USER_IDS.table)


def add_participants(
    tx: Transaction,
    *,
    caller: Identity,
    room_id: str,
    user_ids: Sequence[str],
    max_participants: int,
) -> RoomView:
    """Add users to a group; who is in it already stays as they are."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, caller.user_id)
    if place.room_type == RoomType.DIRECT:
        raise DirectRoomIsFixed
    if not place.may_administer:
        raise NotARoomAdmin
    names = require_users(tx, user_ids)
    present = set(
        tx.execute(
            select(ChatParticipant.user_id).where(
                ChatParticipant.room_id == room_id, ChatParticipant.user_id.in_(_THESE_USERS)
            ),
            _these_users(user_ids),
        ).scalars()
    )
    new = [user_id for user_id in names if user_id not in present]
    if place.participants_count + len(new) > max_participants:
        raise RoomIsFull

    join_room(tx, room_id, [(user_id, Role.MEMBER) for user_id in new], last_seq=place.last_seq)
    for user_id in new:
        tx.emit(
            ParticipantJoined(
                room_id=room_id, user_id=user_id, name=names[user_id], by=caller.user_id
            )
        )
    return room_of(tx, user_id=caller.user_id, room_id=room_id)


def remove_participant(tx: Transaction, *, caller: Identity, room_id: str, user_id: str) -> None:
    """Leave a group, or remove somebody from it. They hear nothing more, at once.

    When the owner leaves, the one who has been there longest becomes owner.
    """
    lock_room(tx, room_id)
    place = require_place(tx, room_id, caller.user_id)
    if place.room_type == RoomType.DIRECT:
        raise DirectRoomIsFixed
    leaving = find_place(tx, room_id, user_id)
    if leaving is None:
        raise ParticipantNotFound
    if user_id != caller.user_id and (not place.may_administer or leaving.role == Role.OWNER):
        raise NotARoomAdmin
    take_out(tx, leaving, by=caller.user_id)


def take_out(tx: Transaction, leaving: Place, *, by: str) -> None:
    """Take somebody out of a room, which is locked."""
    room_id, user_id = leaving.room_id, leaving.user_id
    name = tx.execute(select(User.name).where(User.id == user_id)).scalar_one()
    tx.execute(delete(ChatParticipant).where(ChatParticipant.id == leaving.participant_id))
    _count(tx, room_id, -1)
    if leaving.role == Role.OWNER:
        _hand_over(tx, room_id)
    tx.emit(ParticipantLeft(room_id=room_id, user_id=user_id, name=name, by=by))


def join_room(
    tx: Transaction, room_id: str, people: Sequence[tuple[str, Role]], *, last_seq: int
) -> None:
    """Write participants; what was said before they came does not count as unread."""
    if not people:
        return
    tx.execute(
        insert(ChatParticipant),
        [
            {
                "id": new_id(),
                "room_id": room_id,
                "user_id": user_id,
                "role": role,
                "last_read_seq": last_seq,
                "is_muted": False,
                "is_pinned": False,
                "joined_at": tx.now,
            }
            for user_id, role in people
        ],
    )
    _count(tx, room_id, len(people))


def require_users(tx: Transaction, user_ids: Sequence[str]) -> dict[str, str]:
    """Return the names of users by id, in the order given; one that does not exist raises."""
    rows = tx.execute(
        select(User.id, User.name).where(User.id.in_(_THESE_USERS), User.erased_at.is_(None)),
        _these_users(user_ids),
    )
    found: dict[str, str] = {user_id: name for user_id, name in rows}  # noqa: C416  (typed)
    for user_id in user_ids:
        if user_id not in found:
            raise UserNotFound
    return {user_id: found[user_id] for user_id in user_ids}


def _these_users(user_ids: Sequence[str]) -> dict[str, list[str]]:
    return {"user_ids": as_rows((user_id,) for user_id in user_ids)}


def _count(tx: Transaction, room_id: str, change: int) -> None:
    tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(
            participants_count=ChatRoom.participants_count + change,
            participants_version=ChatRoom.participants_version + 1,
            updated_at=tx.now,
        )
    )


def _hand_over(tx: Transaction, room_id: str) -> None:
    heir = (
        select(ChatParticipant.id)
        .where(ChatParticipant.room_id == room_id)
        .order_by(
            # an admin before a member
            (ChatParticipant.role != Role.ADMIN),
            ChatParticipant.joined_at,
            ChatParticipant.id,
        )
        .limit(1)
        .scalar_subquery()
    )
    tx.execute(update(ChatParticipant).where(ChatParticipant.id == heir).values(role=Role.OWNER))
