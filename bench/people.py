"""Rooms and people for the measuring of sends, straight in the database."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import insert

from kabar.core.ids import new_id
from kabar.core.times import utc_now
from kabar.features.accounts.models import AccessToken, User
from kabar.features.accounts.name_parts import write_parts
from kabar.features.accounts.queries import search_text
from kabar.features.accounts.session_lookup import hash_token
from kabar.features.chat.groups.participants import join_room
from kabar.features.chat.models import ChatRoom, Role, RoomType
from kabar.features.chat.rooms import get_or_create_direct_room
from kabar.infra.db import Transaction
from kabar.infra.db.engine import database_url, open_writer
from kabar.migrations.migrate import migrate

#: at once, each a sender of its own in a room of many
CONNECTIONS = 64
#: direct ones
ROOMS = 1_000


def fill(url: str | None, data: Path, participants: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Make rooms and people; return each room with the token of a sender, and who listens."""
    parsed = database_url(url, data)
    migrate(parsed)
    engine = open_writer(parsed, connections=1, synchronous="FULL")
    rooms: list[tuple[str, str]] = []
    listeners: list[str] = []
    with engine.begin() as connection:
        tx = Transaction(connection, utc_now())
        if participants > 2:
            people = [_user(tx) for _ in range(participants)]
            room_id = _group(tx, people)
            rooms = [(room_id, _token(tx, one)) for one in people[:CONNECTIONS]]
            listeners = people[CONNECTIONS : CONNECTIONS + participants // 10]
        else:
            for _ in range(ROOMS):
                one, other = _user(tx), _user(tx)
                room_id = get_or_create_direct_room(tx, user_id=one, other_id=other)
                rooms.append((room_id, _token(tx, one)))
    engine.dispose()
    return rooms, listeners


def _group(tx: Transaction, people: list[str]) -> str:
    room_id = new_id()
    tx.execute(
        insert(ChatRoom).values(
            id=room_id,
            type=RoomType.GROUP,
            name="Everybody",
            last_seq=0,
            participants_count=0,
            is_active=True,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    join_room(tx, room_id, [(one, Role.MEMBER) for one in people], last_seq=0)
    return room_id


def _token(tx: Transaction, user_id: str) -> str:
    token = secrets.token_urlsafe(24)
    tx.execute(
        insert(AccessToken).values(
            id=new_id(),
            user_id=user_id,
            name="bench",
            token_hash=hash_token(token.encode()),
            created_at=tx.now,
        )
    )
    return token


def _user(tx: Transaction) -> str:
    user_id = new_id()
    found_by = search_text(user_id, "Somebody")
    tx.execute(
        insert(User).values(
            id=user_id,
            username=user_id,
            name="Somebody",
            email=f"{user_id}@example.org",
            is_private=False,
            followers_count=0,
            following_count=0,
            search_text=found_by,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    write_parts(tx, user_id, found_by)
    return user_id
