"""Rooms: finding or making the one of two people, or of somebody with themselves."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.features.chat.conversations import room_of
from kabar.features.chat.errors import CannotMessageSelf, RoomNotFound
from kabar.features.chat.groups.making import new_room
from kabar.features.chat.groups.participants import join_room, require_users
from kabar.features.chat.models import ChatRoom, Role, RoomType
from kabar.features.chat.schemas import RoomView
from kabar.features.follows.walls import require_no_wall
from kabar.infra.db import Transaction


def find_direct_room(tx: Transaction, *, user_id: str, other_id: str) -> str | None:
    """Return the id of the one room of these two, if they have it already and may use it."""
    room = tx.execute(
        select(ChatRoom.id, ChatRoom.is_closed).where(
            ChatRoom.direct_key == direct_key(user_id, other_id)
        )
    ).one_or_none()
    if room is None:
        return None
    if room.is_closed:
        require_no_wall(tx, user_id, [other_id])
    found: str = room.id
    return found


def get_or_create_direct_room(tx: Transaction, *, user_id: str, other_id: str) -> str:
    """Return the id of the one room of these two people, made now if need be.

    Two callers at the same moment get the same room: the second one's insert waits for the first
    one's commit, then finds the key taken.
    """
    if user_id == other_id:
        raise CannotMessageSelf
    require_users(tx, [other_id])
    require_no_wall(tx, user_id, [other_id])
    return _get_or_create(tx, user_id=user_id, other_id=other_id)


def get_or_create_saved_room(tx: Transaction, *, user_id: str) -> RoomView:
    """Return the room that somebody has with themselves: a direct room with one participant."""
    room_id = _get_or_create(tx, user_id=user_id, other_id=user_id)
    return room_of(tx, user_id=user_id, room_id=room_id)


def _get_or_create(tx: Transaction, *, user_id: str, other_id: str) -> str:
    room_id = new_id()
    insert_room = postgresql.insert if tx.is_postgresql else sqlite.insert
    made = tx.execute(
        insert_room(ChatRoom)
        .values(
            **new_room(tx, room_id, RoomType.DIRECT),
            user1_id=user_id,
            user2_id=other_id,
            direct_key=direct_key(user_id, other_id),
        )
        .on_conflict_do_nothing(index_elements=[ChatRoom.direct_key])
        .returning(ChatRoom.id)
    ).scalar_one_or_none()
    if made is None:
        found = find_direct_room(tx, user_id=user_id, other_id=other_id)
        if found is None:
            raise RoomNotFound  # deleted between two statements
        return found
    people = dict.fromkeys((user_id, other_id), Role.MEMBER)
    join_room(tx, room_id, list(people.items()), last_seq=0)
    return room_id


def direct_key(one: str, other: str) -> str:
    """Return what says whose direct room it is."""
    return ":".join(sorted((one, other)))
