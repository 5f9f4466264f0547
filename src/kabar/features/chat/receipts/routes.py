"""Routes of receipts: what one has read or has on a device, and what the others have."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import Caller
from kabar.features.chat.receipts.lists import receipts_of
from kabar.features.chat.receipts.marking import mark_as_delivered, mark_as_read
from kabar.features.chat.receipts.schemas import DeliveredUpTo, ReadUpTo, Receipts, UnreadFrom
from kabar.features.chat.receipts.unreading import mark_as_unread
from kabar.features.chat.schemas import ReadState
from kabar.features.chat.threads.reading import mark_thread_as_read
from kabar.infra.http.inject import Db, SocketId


@post("/api/chat/read", tags=["Chat"], status_code=200)
async def read_room(
    data: JSONBody[ReadUpTo], caller: Caller, db: Db, socket_id: SocketId
) -> ReadState:
    """Mark a room read, or a thread of it, up to a message or all of it; never back."""
    if data.thread_id is not None:
        return await db.write(
            mark_thread_as_read,
            user_id=caller.user_id,
            room_id=data.room_id,
            thread_id=data.thread_id,
            message_id=data.message_id,
            socket_id=socket_id,
        )
    return await db.write(
        mark_as_read,
        user_id=caller.user_id,
        room_id=data.room_id,
        message_id=data.message_id,
        socket_id=socket_id,
    )


@post("/api/chat/unread", tags=["Chat"], status_code=200)
async def unread_room(
    data: JSONBody[UnreadFrom], caller: Caller, db: Db, socket_id: SocketId
) -> ReadState:
    """Mark a room unread from a message on: the one thing that moves back."""
    return await db.write(
        mark_as_unread,
        user_id=caller.user_id,
        room_id=data.room_id,
        message_id=data.message_id,
        socket_id=socket_id,
    )


@post("/api/chat/delivered", tags=["Chat"], status_code=204)
async def note_delivered(
    data: JSONBody[DeliveredUpTo], caller: Caller, db: Db, socket_id: SocketId
) -> None:
    """Say that a device has a room up to a message, or all of it; never back."""
    await db.write(
        mark_as_delivered,
        user_id=caller.user_id,
        room_id=data.room_id,
        message_id=data.message_id,
        socket_id=socket_id,
    )


@get("/api/chat/messages/{message_id:str}/receipts", tags=["Chat"])
async def list_receipts(message_id: FromPath[str], caller: Caller, db: Db) -> Receipts:
    """Who has read a message, and who has it; in rooms of up to 256."""
    return await db.read(receipts_of, user_id=caller.user_id, message_id=message_id)


RECEIPT_ROUTES: Sequence[HTTPRouteHandler] = (
    read_room,
    unread_room,
    note_delivered,
    list_receipts,
)
