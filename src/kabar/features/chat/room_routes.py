"""Routes of rooms: the conversations, and rooms of two people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.chat.conversations import conversations, room_of
from kabar.features.chat.rooms import (
    find_direct_room,
    get_or_create_direct_room,
    get_or_create_saved_room,
)
from kabar.features.chat.schemas import Conversations, DirectRoomRequest, RoomView
from kabar.infra.db import Units
from kabar.infra.http.cursors import CursorText, Limit
from kabar.infra.http.inject import Db


@get("/api/messages", tags=["Chat"])
async def list_conversations(
    caller: Caller,
    db: Db,
    limit: Limit = 20,
    cursor: CursorText = None,
    only: Annotated[Literal["archived"] | None, QueryParameter(name="filter")] = None,
) -> Conversations:
    """The caller's conversations, pinned first, then newest; or those that they have archived."""
    return await db.read(
        conversations, user_id=caller.user_id, limit=limit, cursor=cursor, only=only
    )


@post("/api/chat/rooms/direct", tags=["Chat"], status_code=200)
async def open_direct_room(data: JSONBody[DirectRoomRequest], caller: Caller, db: Db) -> RoomView:
    """The one room of the caller and another user, made now if need be."""
    room_id = await direct_room_of(db, caller.user_id, data.user_id)
    return await db.read(room_of, user_id=caller.user_id, room_id=room_id)


@post("/api/chat/rooms/saved", tags=["Chat"], status_code=200)
async def open_saved_room(caller: Caller, db: Db) -> RoomView:
    """The room of the caller with themselves, made now if need be."""
    return await db.write(get_or_create_saved_room, user_id=caller.user_id)


@get("/api/chat/rooms/{room_id:str}", tags=["Chat"])
async def show_room(room_id: FromPath[str], caller: Caller, db: Db) -> RoomView:
    """A room the caller is in."""
    return await db.read(room_of, user_id=caller.user_id, room_id=room_id)


ROOM_ROUTES: Sequence[HTTPRouteHandler] = (
    list_conversations,
    open_direct_room,
    open_saved_room,
    show_room,
)


async def direct_room_of(db: Units, user_id: str, other_id: str) -> str:
    """Return the room of these two; usually there is one, and nothing has to be written."""
    room_id = await db.read(find_direct_room, user_id=user_id, other_id=other_id)
    if room_id is None:
        room_id = await db.write(get_or_create_direct_room, user_id=user_id, other_id=other_id)
    return room_id
