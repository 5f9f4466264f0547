"""Routes of groups: making and changing them, and who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.chat.conversations import room_of
from kabar.features.chat.groups.joining_routes import JOINING_ROUTES
from kabar.features.chat.groups.lists import ParticipantsCursor, page_of_participants
from kabar.features.chat.groups.making import change_room, create_group_room
from kabar.features.chat.groups.participants import add_participants, remove_participant
from kabar.features.chat.groups.roles import change_role
from kabar.features.chat.groups.schemas import (
    GroupDraft,
    NewParticipants,
    ParticipantEntry,
    Participants,
    RoleEdit,
    RoomEdit,
)
from kabar.features.chat.inject import Rules
from kabar.features.chat.schemas import RoomView
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.idempotency import IdempotencyKey, once, repeatable
from kabar.infra.http.inject import Db

_ROOM = "/api/chat/rooms/{room_id:str}"
_PARTICIPANT = _ROOM + "/participants/{user_id:str}"
#: what is looked for; `query` itself is a reserved name in Litestar
Wanted = Annotated[
    str,
    QueryParameter(
        name="query", max_length=100, description="Part of a username or name; empty: everybody."
    ),
]


@post("/api/chat/rooms", tags=["Groups"])
async def make_group(
    data: JSONBody[GroupDraft],
    caller: Caller,
    db: Db,
    rules: Rules,
    idempotency_key: IdempotencyKey,
) -> Response[RoomView]:
    """Make a group; the caller is its owner."""
    rules.groups_made.spend(caller.user_id)
    mark = repeatable(
        idempotency_key, owner=caller.user_id, operation="room", body=data, secret=rules.secret
    )
    answer = await db.write(
        once(
            mark,
            RoomView,
            create_group_room,
            now=lambda tx, room: room_of(tx, user_id=caller.user_id, room_id=room.id),
        ),
        owner=caller,
        draft=data,
        max_participants=rules.room_max_participants,
        max_groups=rules.groups_per_user,
    )
    return Response(answer.value, status_code=answer.status)


@patch(_ROOM, tags=["Groups"])
async def edit_room(
    room_id: FromPath[str], data: JSONBody[RoomEdit], caller: Caller, db: Db
) -> RoomView:
    """Change what a group is called, how it looks, and its rules: its owner and admins."""
    return await db.write(change_room, caller=caller, room_id=room_id, edit=data)


@get(_ROOM + "/participants", tags=["Groups"])
async def list_participants(
    room_id: FromPath[str],
    caller: Caller,
    db: Db,
    wanted: Wanted = "",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Participants:
    """Who is in a room, longest first."""
    return await db.read(
        page_of_participants,
        user_id=caller.user_id,
        room_id=room_id,
        query=wanted,
        limit=limit,
        after=read_cursor(cursor, ParticipantsCursor),
    )


@post(_ROOM + "/participants", tags=["Groups"], status_code=200)
async def add_to_room(
    room_id: FromPath[str], data: JSONBody[NewParticipants], caller: Caller, db: Db, rules: Rules
) -> RoomView:
    """Add up to 100 users to a group: its owner and admins."""
    return await db.write(
        add_participants,
        caller=caller,
        room_id=room_id,
        user_ids=data.user_ids,
        max_participants=rules.room_max_participants,
        max_groups=rules.groups_per_user,
    )


@patch(_PARTICIPANT, tags=["Groups"])
async def edit_role(
    room_id: FromPath[str],
    user_id: FromPath[str],
    data: JSONBody[RoleEdit],
    caller: Caller,
    db: Db,
) -> ParticipantEntry:
    """Give somebody (`me`: oneself) another role: the owner; admins may become members again."""
    return await db.write(
        change_role,
        caller=caller,
        room_id=room_id,
        user_id=caller.user_id if user_id == "me" else user_id,
        role=data.role,
    )


@delete(_PARTICIPANT, tags=["Groups"])
async def remove_from_room(
    room_id: FromPath[str], user_id: FromPath[str], caller: Caller, db: Db
) -> None:
    """Leave a group (`me`), or remove somebody from it; they hear nothing more, at once."""
    await db.write(
        remove_participant,
        caller=caller,
        room_id=room_id,
        user_id=caller.user_id if user_id == "me" else user_id,
    )


GROUP_ROUTES: Sequence[HTTPRouteHandler] = (
    make_group,
    edit_room,
    list_participants,
    add_to_room,
    edit_role,
    remove_from_room,
    *JOINING_ROUTES,
)
