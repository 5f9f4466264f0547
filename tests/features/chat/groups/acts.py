"""What people do in the tests of groups, over HTTP."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from kabar.features.accounts.models import User
from kabar.features.chat.groups.participants import join_room
from kabar.features.chat.models import Role
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did, look_at
from tests.people import Person


def participants(room: Json) -> str:
    return f"{address(room)}/participants"


def address(room: Json) -> str:
    return f"/api/chat/rooms/{room['id']}"


async def add(person: Person, room: Json, *others: Person) -> Json:
    ids = [other.id for other in others]
    return did(await person.post(participants(room), {"userIds": ids}))


async def leave(person: Person, room: Json) -> None:
    assert (await person.delete(f"{participants(room)}/me")).status_code == 204


async def give_role(person: Person, other: Person, room: Json, role: str) -> Json:
    return did(await person.patch(f"{participants(room)}/{other.id}", {"role": role}))


async def change(person: Person, room: Json, **edit: Any) -> Json:
    return did(await person.patch(address(room), edit))


async def invite(person: Person, room: Json, **draft: Any) -> Json:
    return did(await person.post(f"{address(room)}/invites", draft), 201)


async def ban(person: Person, other: Person, room: Json, **draft: Any) -> None:
    answer = await person.put(f"{address(room)}/bans/{other.id}", draft)
    assert answer.status_code == 204, answer.text


async def crowd(kabar: Kabar, room: Json, count: int, *, role: Role = Role.MEMBER) -> None:
    """Let so many come into a room at once: `crowd0`, `crowd1` …"""
    people = [f"crowd{number}" for number in range(count)]

    def come(tx: Transaction) -> None:
        tx.execute(
            insert(User),
            [
                {
                    "id": one,
                    "username": one,
                    "name": one.title(),
                    "email": f"{one}@example.org",
                    "is_private": False,
                    "followers_count": 0,
                    "following_count": 0,
                    "search_text": f" {one} {one}",
                    "created_at": tx.now,
                    "updated_at": tx.now,
                }
                for one in people
            ],
        )
        join_room(tx, room["id"], [(one, role) for one in people], last_seq=0)

    await kabar.db.write(come)


async def roles(person: Person, room: Json) -> dict[str, str]:
    """Return who is in a small room, as somebody sees it."""
    return {p["username"]: p["role"] for p in (await look_at(person, room))["participants"]}
