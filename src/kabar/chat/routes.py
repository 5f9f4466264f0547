"""The HTTP paths of chat: who calls, what do they say; one call does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from kabar.accounts.identity import Caller, Identity
from kabar.chat.conversations import conversations, get_total_unread_count, room_of
from kabar.chat.events import typing_publication
from kabar.chat.inject import ChatRules, Rules
from kabar.chat.messages import delete_message, edit_message, get_messages
from kabar.chat.participants import add_participants, remove_participant
from kabar.chat.queries import require_place
from kabar.chat.receipts import mark_as_read
from kabar.chat.rooms import (
    change_my_room,
    change_room,
    create_group_room,
    find_direct_room,
    get_or_create_direct_room,
)
from kabar.chat.schemas import (
    Conversations,
    DirectDraft,
    DirectRoomRequest,
    GroupDraft,
    MessageDraft,
    MessageEdit,
    MessageView,
    MyRoomEdit,
    NewParticipants,
    PageOfMessages,
    ReadState,
    ReadUpTo,
    RoomEdit,
    RoomView,
    Typing,
    Unread,
)
from kabar.chat.sending import Send, send_messages
from kabar.chat.text import require_content
from kabar.db import Database
from kabar.http.cursors import CursorText, Limit
from kabar.http.idempotency import IdempotencyKey, once, repeatable
from kabar.http.inject import Db, SocketId


@get("/api/messages", tags=["Chat"])
async def list_conversations(
    caller: Caller, db: Db, limit: Limit = 20, cursor: CursorText = None
) -> Conversations:
    """The caller's conversations, pinned first, then newest."""
    return await db.read(conversations, user_id=caller.user_id, limit=limit, cursor=cursor)


@post("/api/messages", tags=["Chat"])
async def send_to_user(
    data: JSONBody[DirectDraft],
    caller: Caller,
    db: Db,
    rules: Rules,
    socket_id: SocketId,
    idempotency_key: IdempotencyKey,
) -> Response[MessageView]:
    """Send to a user: in the one direct room of the two, made now if need be."""
    content = require_content(data.content, max_characters=rules.message_max_characters)
    room_id = await _direct_room(db, caller.user_id, data.receiver_id)
    draft = MessageDraft(room_id=room_id, content=content, type=data.type, client_id=data.client_id)
    return await _send(db, rules, caller, draft, socket_id, idempotency_key)


@post("/api/chat/send", tags=["Chat"])
async def send_to_room(
    data: JSONBody[MessageDraft],
    caller: Caller,
    db: Db,
    rules: Rules,
    socket_id: SocketId,
    idempotency_key: IdempotencyKey,
) -> Response[MessageView]:
    """Send to a room. 200 instead of 201: the same client id was sent before."""
    data.content = require_content(data.content, max_characters=rules.message_max_characters)
    return await _send(db, rules, caller, data, socket_id, idempotency_key)


@get("/api/chat/messages", tags=["Chat"])
async def list_messages(
    caller: Caller,
    db: Db,
    room_id: Annotated[str, QueryParameter(name="roomId", max_length=64)],
    limit: Limit = 50,
    before_id: Annotated[str | None, QueryParameter(name="beforeId", max_length=64)] = None,
    after_id: Annotated[str | None, QueryParameter(name="afterId", max_length=64)] = None,
    around_id: Annotated[str | None, QueryParameter(name="aroundId", max_length=64)] = None,
) -> PageOfMessages:
    """Messages of a room, oldest first."""
    return await db.read(
        get_messages,
        user_id=caller.user_id,
        room_id=room_id,
        limit=limit,
        before_id=before_id,
        after_id=after_id,
        around_id=around_id,
    )


@patch("/api/chat/messages", tags=["Chat"])
async def change_message(
    data: JSONBody[MessageEdit], caller: Caller, db: Db, rules: Rules, socket_id: SocketId
) -> MessageView:
    """Edit a message: its author only."""
    content = require_content(data.content, max_characters=rules.message_max_characters)
    return await db.write(
        edit_message,
        user_id=caller.user_id,
        message_id=data.message_id,
        content=content,
        socket_id=socket_id,
    )


@delete("/api/chat/messages", tags=["Chat"])
async def remove_message(
    caller: Caller,
    db: Db,
    socket_id: SocketId,
    message_id: Annotated[str, QueryParameter(name="messageId", max_length=64)],
    deleted_for: Annotated[
        str, QueryParameter(name="scope", pattern="^all$", description="For whom: `all`.")
    ] = "all",
) -> None:
    """Delete a message for all: its author, or who administers the room."""
    await db.write(
        delete_message, user_id=caller.user_id, message_id=message_id, socket_id=socket_id
    )


@post("/api/chat/read", tags=["Chat"], status_code=200)
async def read_room(
    data: JSONBody[ReadUpTo], caller: Caller, db: Db, socket_id: SocketId
) -> ReadState:
    """Mark a room read, up to a message or all of it; never back."""
    return await db.write(
        mark_as_read,
        user_id=caller.user_id,
        room_id=data.room_id,
        message_id=data.message_id,
        socket_id=socket_id,
    )


@post("/api/chat/typing", tags=["Chat"], status_code=204)
async def type_in_room(
    data: JSONBody[Typing],
    caller: Caller,
    db: Db,
    rules: Rules,
    socket_id: SocketId,
) -> None:
    """Tell the room that the caller is typing; passed on at most every 2 s."""
    await db.read(require_place, data.room_id, caller.user_id)
    if rules.publisher and rules.typing_gate.may_pass(
        data.room_id, caller.user_id, typing=data.typing
    ):
        rules.publisher.publish(
            [
                typing_publication(
                    room_id=data.room_id,
                    user_id=caller.user_id,
                    name=caller.name,
                    typing=data.typing,
                    except_socket=socket_id,
                )
            ]
        )


@get("/api/chat/unread", tags=["Chat"])
async def count_unread(caller: Caller, db: Db) -> Unread:
    """What the caller has not read; muted rooms are not counted."""
    return await db.read(get_total_unread_count, user_id=caller.user_id)


@post("/api/chat/rooms/direct", tags=["Chat"], status_code=200)
async def open_direct_room(data: JSONBody[DirectRoomRequest], caller: Caller, db: Db) -> RoomView:
    """The one room of the caller and another user, made now if need be."""
    room_id = await _direct_room(db, caller.user_id, data.user_id)
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


ROUTES: Sequence[HTTPRouteHandler] = (
    list_conversations,
    send_to_user,
    send_to_room,
    list_messages,
    change_message,
    remove_message,
    read_room,
    type_in_room,
    count_unread,
    open_direct_room,
    make_group,
    show_room,
    edit_room,
    edit_my_room,
    add_to_room,
    remove_from_room,
)


async def _direct_room(db: Database, user_id: str, other_id: str) -> str:
    """Return the room of these two; usually there is one, and nothing has to be written."""
    room_id = await db.read(find_direct_room, user_id=user_id, other_id=other_id)
    if room_id is None:
        room_id = await db.write(get_or_create_direct_room, user_id=user_id, other_id=other_id)
    return room_id


async def _send(
    db: Database,
    rules: ChatRules,
    sender: Identity,
    draft: MessageDraft,
    socket_id: str | None,
    idempotency_key: str | None,
) -> Response[MessageView]:
    # An Idempotency-Key says the same as a client id, so it is one.
    draft.client_id = draft.client_id or idempotency_key
    sent = await db.write_together(
        send_messages, Send(sender, draft, socket_id, rules.tell_at_most)
    )
    return Response(sent.message, status_code=201 if sent.is_new else 200)
