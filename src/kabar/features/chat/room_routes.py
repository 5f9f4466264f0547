"""Routes of rooms: conversations, direct rooms, groups and their participants."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import Caller
from kabar.features.chat.conversations import conversations, room_of
from kabar.features.chat.inject import Rules
from kabar.features.chat.participants import add_participants, remove_participant
from kabar.features.chat.rooms import (
    change_my_room,
    change_room,
    create_group_room,
    find_direct_room,
    get_or_create_direct_room,
)
from kabar.features.chat.schemas import (
    Conversations,
    DirectRoomRequest,
    GroupDraft,
    MyRoomEdit,
    NewParticipants,
    RoomEdit,
    RoomView,
)
from kabar.infra.db import Units
from kabar.infra.http.cursors import CursorText, Limit
from kabar.infra.http.idempotency import IdempotencyKey, once, repeatable
from kabar.infra.http.inject import Db


@get("/api/messages", tags=["Chat"])
async def list_conversations(
    caller: Caller, db: Db, limit: Limit = 20, cursor: CursorText = None
) -> Conversations:
    """The caller's conversations, pinned first, then newest."""
    return await db.read(conversations, user_id=caller.user_id, limit=limit, cursor=cursor)


@post("/api/chat/rooms/direct", tags=["Chat"], status_code=200)
async def open_direct_room(data: JSONBody[DirectRoomRequest], caller: Caller, db: Db) -> RoomView:
    """The one room of the caller and another user, made now if need be."""
    room_id = await direct_room_of(db, caller.user_id, data.user_id)
    return await db.read(room_of, user_id=caller.user_id, room_id=room_id)


@post("/api/chat/rooms", tags=["Chat"])
async def make_group(
    data: JSONBody[GroupDraft],
    caller: Caller,
    db: Db,
    rules: Rules,
    idempotency_key: IdempotencyKey,
) -> Response[RoomView]:
    """Make a group; the caller is its owner."""
    mark = repeatable(
        idempotency_key, owner=caller.user_id, operation="room", body=data, secret=rules.secret
    )
    answer = await db.write(
        once(mark, RoomView, create_group_room),
        owner=caller,
        draft=data,
        max_participants=rules.room_max_participants,
    )
    return Response(answer.value, status_code=answer.status)


@get("/api/chat/rooms/{room_id:str}", tags=["Chat"])
async def show_room(room_id: FromPath[str], caller: Caller, db: Db) -> RoomView:
    """A room the caller is in."""
    return await db.read(room_of, user_id=caller.user_id, room_id=room_id)


@patch("/api/chat/rooms/{room_id:str}", tags=["Chat"])
async def edit_room(
    room_id: FromPath[str], data: JSONBody[RoomEdit], caller: Caller, db: Db
) -> RoomView:
    """Give a group another name or picture: its owner and admins."""
    return await db.write(change_room, caller=caller, room_id=room_id, edit=data)


@patch("/api/chat/rooms/{room_id:str}/me", tags=["Chat"])
async def edit_my_room(
    room_id: FromPath[str], data: JSONBody[MyRoomEdit], caller: Caller, db: Db
) -> RoomView:
    """Mute or pin a room for oneself."""
    return await db.write(change_my_room, user_id=caller.user_id, room_id=room_id, edit=data)


@post("/api/chat/rooms/{room_id:str}/participants", tags=["Chat"], status_code=200)
async def add_to_room(
    room_id: FromPath[str], data: JSONBody[NewParticipants], caller: Caller, db: Db, rules: Rules
) -> RoomView:
    """Add users to a group: its owner and admins."""
    return await db.write(
        add_participants,
        caller=caller,
        room_id=room_id,
        user_ids=data.user_ids,
        max_participants=rules.room_max_participants,
    )


@delete("/api/chat/rooms/{room_id:str}/participants/{user_id:str}", tags=["Chat"])
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


ROOM_ROUTES: Sequence[HTTPRouteHandler] = (
    list_conversations,
    open_direct_room,
    make_group,
    show_room,
    edit_room,
    edit_my_room,
    add_to_room,
    remove_from_room,
)


async def direct_room_of(db: Units, user_id: str, other_id: str) -> str:
    """Return the room of these two; usually there is one, and nothing has to be written."""
    room_id = await db.read(find_direct_room, user_id=user_id, other_id=other_id)
    if room_id is None:
        room_id = await db.write(get_or_create_direct_room, user_id=user_id, other_id=other_id)
    return room_id
