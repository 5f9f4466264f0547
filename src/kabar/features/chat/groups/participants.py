"""Participants: coming into a room, and leaving it for good, whatever road led there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update

from kabar.core.ids import new_id
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.blocking.folding import note_comers
from kabar.features.chat.conversations import room_of
from kabar.features.chat.deleting.hiding import hide_again
from kabar.features.chat.errors import DirectRoomIsFixed, ParticipantNotFound
from kabar.features.chat.groups.closing import close_room
from kabar.features.chat.groups.counts import count_groups, count_one_less
from kabar.features.chat.groups.errors import RoomIsFull, UserIsBanned
from kabar.features.chat.groups.events import ParticipantJoined, ParticipantLeft
from kabar.features.chat.groups.lines import MOST_TOLD_OF, write_line
from kabar.features.chat.groups.roles import hand_over
from kabar.features.chat.groups.waiting import banned_of, end_requests
from kabar.features.chat.happenings import Happening
from kabar.features.chat.models import ChatParticipant, ChatRoom, Role, RoomType
from kabar.features.chat.muting.marks import note_muting_comers
from kabar.features.chat.permissions import Act, require_may
from kabar.features.chat.queries import Place, find_place, lock_room, require_place
from kabar.features.chat.schemas import RoomView
from kabar.features.chat.threads.following import leave_threads
from kabar.features.follows.walls import require_no_wall
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
    max_groups: int,
) -> RoomView:
    """Add users to a group; who is in it already stays as they are."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, caller.user_id)
    require_may(place, Act.ADD)
    names = require_users(tx, user_ids)
    require_no_wall(tx, caller.user_id, user_ids)
    present = set(
        tx.execute(
            select(ChatParticipant.user_id).where(
                ChatParticipant.room_id == room_id, ChatParticipant.user_id.in_(_THESE_USERS)
            ),
            _these_users(user_ids),
        ).scalars()
    )
    new = {user_id: name for user_id, name in names.items() if user_id not in present}
    if banned_of(tx, room_id, new):
        raise UserIsBanned
    come_in(
        tx,
        room_id,
        new,
        by=caller.user_id,
        happening=Happening.ADDED,
        max_participants=max_participants,
        max_groups=max_groups,
    )
    return room_of(tx, user_id=caller.user_id, room_id=room_id)


def come_in(
    tx: Transaction,
    room_id: str,
    people: Mapping[str, str],
    *,
    by: str,
    happening: Happening,
    max_participants: int,
    max_groups: int,
) -> None:
    """Let people, given with their names, into a group that is locked. They are not in it, and not
    banned: who lets them in has looked."""
    if not people:
        return
    room = tx.execute(_ROOM.where(ChatRoom.id == room_id)).one()
    if room.participants_count + len(people) > max_participants:
        raise RoomIsFull
    count_groups(tx, people, caller=by, most=max_groups)
    end_requests(tx, room_id, people)
    last_seq = room.last_seq
    if room.participants_count < MOST_TOLD_OF:
        is_of_others = happening != Happening.JOINED
        last_seq = write_line(
            tx,
            room_id,
            happening,
            by=by,
            subject_id=next(iter(people)) if is_of_others else None,
            count=len(people) if is_of_others else None,
        )
    join_room(tx, room_id, [(user_id, Role.MEMBER) for user_id in people], last_seq=last_seq)
    for user_id, name in people.items():
        tx.emit(ParticipantJoined(room_id=room_id, user_id=user_id, name=name, by=by))


_ROOM = select(ChatRoom.participants_count, ChatRoom.last_seq)


def remove_participant(tx: Transaction, *, caller: Identity, room_id: str, user_id: str) -> None:
    """Leave a group, or remove somebody from it. They hear nothing more, at once."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, caller.user_id)
    if user_id == caller.user_id:
        if place.room_type == RoomType.DIRECT:
            raise DirectRoomIsFixed
        take_out(tx, place, by=caller.user_id, happening=Happening.LEFT)
        return
    require_may(place, Act.REMOVE_MEMBER)
    leaving = find_place(tx, room_id, user_id)
    if leaving is None:
        raise ParticipantNotFound
    require_may(place, removal_of(leaving.role))
    take_out(tx, leaving, by=caller.user_id, happening=Happening.REMOVED)


def removal_of(role: str) -> Act:
    """Return what removing somebody with this role is. Nobody may remove an owner: there is one,
    who leaves."""
    return Act.REMOVE_MEMBER if role == Role.MEMBER else Act.REMOVE_ADMIN


def take_out(tx: Transaction, leaving: Place, *, by: str, happening: Happening) -> None:
    """End somebody's place in a group that is locked, and what hung on it.

    When the owner leaves, ownership passes on; with the last one the group is closed.
    """
    room_id, user_id = leaving.room_id, leaving.user_id
    name = tx.execute(select(User.name).where(User.id == user_id)).scalar_one()
    tx.execute(delete(ChatParticipant).where(ChatParticipant.id == leaving.participant_id))
    leave_threads(tx, room_id, user_id)
    _count(tx, room_id, -1)
    if leaving.room_type == RoomType.GROUP:
        count_one_less(tx, user_id)
    # Before the line: who was removed does not hear it.
    tx.emit(ParticipantLeft(room_id=room_id, user_id=user_id, name=name, by=by))
    if leaving.participants_count == 1:
        close_room(tx, room_id)
        return
    if leaving.room_type == RoomType.DIRECT:
        return  # who was in it is no more, and the other one stays alone
    if leaving.participants_count <= MOST_TOLD_OF:
        write_line(tx, room_id, happening, by=by, subject_id=user_id if user_id != by else None)
    if leaving.role == Role.OWNER:
        hand_over(tx, room_id, by=by)


def join_room(
    tx: Transaction, room_id: str, people: Sequence[tuple[str, Role]], *, last_seq: int
) -> None:
    """Write participants; what was said before they came does not count as unread.

    Who came at one time is listed by id: in the order in which they are given.
    """
    ids = sorted(new_id() for _ in people)
    tx.execute(
        insert(ChatParticipant),
        [
            {
                "id": participant_id,
                "room_id": room_id,
                "user_id": user_id,
                "role": role,
                "last_read_seq": last_seq,
                "is_muted": False,
                "is_pinned": False,
                "joined_at": tx.now,
            }
            for participant_id, (user_id, role) in zip(ids, people, strict=True)
        ],
    )
    user_ids = [user_id for user_id, _ in people]
    tx.execute(_LOCK_USERS, _these_users(user_ids))
    note_comers(tx, room_id, user_ids)
    note_muting_comers(tx, room_id, user_ids)
    hide_again(tx, room_id, user_ids)
    _count(tx, room_id, len(people))


# Who blocks somebody has locked both: until we are done, nobody does.
_LOCK_USERS = (
    select(User.id, User.name)
    .where(User.id.in_(_THESE_USERS), User.erased_at.is_(None))
    .order_by(User.id)
    .with_for_update(read=True)
)


def require_users(tx: Transaction, user_ids: Sequence[str]) -> dict[str, str]:
    """Return the names of users by id, in the order given, and lock them; one that does not exist
    raises."""
    rows = tx.execute(_LOCK_USERS, _these_users(user_ids))
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
