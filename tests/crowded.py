"""A database with rows enough to matter, filled straight: what plans are for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import insert

from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, Role, RoomType
from kabar.infra.db import Database, Transaction

_AT_ONCE = 500


@dataclass(frozen=True)
class Crowded:
    """Who and what is there."""

    ann: Identity
    #: the first of Ann's direct rooms
    room_id: str
    #: groups by how many are in them; Ann and everybody else is
    groups: dict[int, str]


async def crowded(db: Database, *, direct_rooms: int = 2_000, groups: tuple[int, ...]) -> Crowded:
    """Fill a database: Ann is in ten of the direct rooms, and in each of the groups."""
    return await db.write(_fill, direct_rooms, groups)


def _fill(tx: Transaction, direct_rooms: int, groups: tuple[int, ...]) -> Crowded:
    users = ["ann", *(f"user{number}" for number in range(max(direct_rooms, *groups, 1)))]
    _insert(tx, User, [_user(tx, user_id) for user_id in users])
    rooms, participants, messages = [], [], []
    for number in range(direct_rooms):
        one = "ann" if number < 10 else f"user{(number * 7) % direct_rooms}"
        both = (one, f"user{number}")
        rooms.append(_room(tx, f"room{number}", RoomType.DIRECT, both, last_seq=3))
        participants += [_participant(tx, f"room{number}", user_id) for user_id in set(both)]
        messages += [_message(tx, f"room{number}", seq, f"user{number}") for seq in (1, 2, 3)]
    found = {}
    for size in groups:
        found[size] = room_id = f"group{size}"
        rooms.append(_room(tx, room_id, RoomType.GROUP, (None, None), last_seq=0, size=size))
        participants += [_participant(tx, room_id, user_id) for user_id in users[:size]]
    _insert(tx, ChatRoom, rooms)
    _insert(tx, ChatParticipant, participants)
    _insert(tx, Message, messages)
    ann = Identity("ann", "ann", "Ann", None, None, None, None)
    return Crowded(ann, "room0", found)


def _insert(tx: Transaction, table: Any, rows: list[dict[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        tx.execute(insert(table), some)


def _user(tx: Transaction, user_id: str) -> dict[str, Any]:
    return {
        "id": user_id,
        "username": user_id,
        "name": user_id.title(),
        "email": f"{user_id}@example.org",
        "is_private": False,
        "followers_count": 0,
        "following_count": 0,
        "search_text": f" {user_id} {user_id}",
        "created_at": tx.now,
        "updated_at": tx.now,
    }


def _room(
    tx: Transaction,
    room_id: str,
    room_type: RoomType,
    both: tuple[str | None, str | None],
    *,
    last_seq: int,
    size: int = 2,
) -> dict[str, Any]:
    return {
        "id": room_id,
        "type": room_type,
        "user1_id": both[0],
        "user2_id": both[1],
        "last_seq": last_seq,
        "last_message_at": tx.now,
        "participants_count": size,
        "is_active": True,
        "created_at": tx.now,
        "updated_at": tx.now,
    }


def _participant(tx: Transaction, room_id: str, user_id: str) -> dict[str, Any]:
    return {
        "id": f"{room_id}-{user_id}",
        "room_id": room_id,
        "user_id": user_id,
        "role": Role.MEMBER,
        "last_read_seq": 0,
        "is_muted": False,
        "is_pinned": False,
        "joined_at": tx.now,
    }


def _message(tx: Transaction, room_id: str, seq: int, sender_id: str) -> dict[str, Any]:
    return {
        "id": f"{room_id}-{seq}",
        "room_id": room_id,
        "seq": seq,
        "sender_id": sender_id,
        "content": "Hello",
        "type": "text",
        "is_read": False,
        "is_delivered": False,
        "created_at": tx.now,
    }
