"""Roles: who makes whom an admin, and to whom a group passes on."""

from __future__ import annotations

from sqlalchemy import func, select, update

from kabar.features.accounts.identity import Identity
from kabar.features.chat.errors import DirectRoomIsFixed, ParticipantNotFound
from kabar.features.chat.groups.errors import OwnerHandsOverFirst, TooManyAdmins
from kabar.features.chat.groups.events import RoleChanged
from kabar.features.chat.groups.lines import write_line
from kabar.features.chat.groups.lists import participant_entry
from kabar.features.chat.groups.schemas import ParticipantEntry
from kabar.features.chat.groups.staff import IS_STAFF, MOST_ADMINS, staff_of
from kabar.features.chat.happenings import Happening
from kabar.features.chat.models import ChatParticipant, Role, RoomType
from kabar.features.chat.permissions import Act, may, require_may
from kabar.features.chat.queries import Place, find_place, lock_room, require_place
from kabar.infra.db import Transaction

_TOLD_AS = {
    Role.OWNER: Happening.MADE_OWNER,
    Role.ADMIN: Happening.MADE_ADMIN,
    Role.MEMBER: Happening.MADE_MEMBER,
}


def change_role(
    tx: Transaction, *, caller: Identity, room_id: str, user_id: str, role: Role
) -> ParticipantEntry:
    """Give somebody another role. Who makes another the owner is an admin from then on."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, caller.user_id)
    if place.room_type == RoomType.DIRECT:
        raise DirectRoomIsFixed
    target = find_place(tx, room_id, user_id)
    if target is None:
        raise ParticipantNotFound
    require_may(place, _act(place, target, role))
    if role != target.role:
        if target.role == Role.OWNER:
            raise OwnerHandsOverFirst
        if role == Role.ADMIN and len(staff_of(tx, room_id)) > MOST_ADMINS:
            raise TooManyAdmins
        if role == Role.OWNER:
            _set_role(tx, place, Role.ADMIN, by=caller.user_id)
        _set_role(tx, target, role, by=caller.user_id)
        write_line(tx, room_id, _TOLD_AS[role], by=caller.user_id, subject_id=user_id)
    return participant_entry(tx, room_id, user_id)


def _act(place: Place, target: Place, role: Role) -> Act:
    if role == Role.OWNER:
        return Act.HAND_OVER
    is_oneself = place.user_id == target.user_id
    if is_oneself and role == Role.MEMBER and may(place.role, Act.STEP_DOWN):
        return Act.STEP_DOWN
    return Act.CHANGE_ROLES


def hand_over(tx: Transaction, room_id: str, *, by: str) -> None:
    """Make somebody the owner of a group whose owner has left: who has been an admin longest, or
    where there is none, who has been in it longest."""
    mine = ChatParticipant.room_id == room_id
    ids = select(ChatParticipant.user_id)
    longest = ids.where(mine).order_by(ChatParticipant.joined_at, ChatParticipant.id).limit(1)
    since = func.coalesce(ChatParticipant.role_at, ChatParticipant.joined_at)
    admin = (
        ids.where(mine, IS_STAFF)
        .order_by(since, ChatParticipant.joined_at, ChatParticipant.id)
        .limit(1)
    )
    heir = tx.execute(admin).scalar() or tx.execute(longest).scalar_one()
    place = require_place(tx, room_id, heir)
    _set_role(tx, place, Role.OWNER, by=by)
    write_line(tx, room_id, Happening.BECAME_OWNER, by=by, subject_id=heir)


def _set_role(tx: Transaction, place: Place, role: Role, *, by: str) -> None:
    tx.execute(
        update(ChatParticipant)
        .where(ChatParticipant.id == place.participant_id)
        .values(role=role, role_at=tx.now)
    )
    tx.emit(RoleChanged(room_id=place.room_id, user_id=place.user_id, role=role, by=by))
