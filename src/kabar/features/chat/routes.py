"""The HTTP paths of messages: who calls, what do they say; one call does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from litestar import delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.chat.before_send.screening import screened_edit
from kabar.features.chat.blocking.routes import BLOCK_ROUTES
from kabar.features.chat.conversations import get_total_unread_count
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.deleting.for_me import delete_for_me
from kabar.features.chat.errors import OnlyAdminsWrite
from kabar.features.chat.former_words import edits_of
from kabar.features.chat.forwarding.routes import FORWARD_ROUTES
from kabar.features.chat.groups.routes import GROUP_ROUTES
from kabar.features.chat.inject import Rules
from kabar.features.chat.link_previews.routes import PREVIEW_ROUTES
from kabar.features.chat.messages import edit_message, get_messages
from kabar.features.chat.mine.routes import MY_ROUTES
from kabar.features.chat.muting.routes import MUTING_ROUTES
from kabar.features.chat.pins.routes import PIN_ROUTES
from kabar.features.chat.polls.routes import POLL_ROUTES
from kabar.features.chat.queries import require_place
from kabar.features.chat.reactions.routes import REACTION_ROUTES
from kabar.features.chat.receipts.routes import RECEIPT_ROUTES
from kabar.features.chat.room_routes import ROOM_ROUTES
from kabar.features.chat.scheduled.routes import SCHEDULED_ROUTES
from kabar.features.chat.schemas import (
    EditsView,
    MessageEdit,
    MessageView,
    PageOfMessages,
    Typing,
    Unread,
)
from kabar.features.chat.search.routes import search_messages
from kabar.features.chat.sync.routes import sync_rooms
from kabar.features.chat.text import require_content
from kabar.infra.http.cursors import Limit
from kabar.infra.http.inject import Db, SocketId


@get("/api/chat/messages", tags=["Chat"])
async def list_messages(
    caller: Caller,
    db: Db,
    room_id: Annotated[str, QueryParameter(name="roomId", max_length=64)],
    limit: Limit = 50,
    thread_id: Annotated[str | None, QueryParameter(name="threadId", max_length=64)] = None,
    before_id: Annotated[str | None, QueryParameter(name="beforeId", max_length=64)] = None,
    after_id: Annotated[str | None, QueryParameter(name="afterId", max_length=64)] = None,
    around_id: Annotated[str | None, QueryParameter(name="aroundId", max_length=64)] = None,
    around_seq: Annotated[int | None, QueryParameter(name="aroundSeq", ge=1)] = None,
) -> PageOfMessages:
    """Messages of a room, or of a thread in it, oldest first."""
    return await db.read(
        get_messages,
        user_id=caller.user_id,
        room_id=room_id,
        limit=limit,
        thread_id=thread_id,
        before_id=before_id,
        after_id=after_id,
        around_id=around_id,
        around_seq=around_seq,
    )


@patch("/api/chat/messages", tags=["Chat"])
async def change_message(
    data: JSONBody[MessageEdit], caller: Caller, db: Db, rules: Rules, socket_id: SocketId
) -> MessageView:
    """Edit a message: its author only."""
    content = require_content(data.content, max_characters=rules.message_max_characters)
    content = await screened_edit(rules.before_send, db, caller, data.message_id, content)
    return await db.write(
        edit_message,
        user_id=caller.user_id,
        message_id=data.message_id,
        content=content,
        socket_id=socket_id,
        audience=rules.audience,
    )


@delete("/api/chat/messages", tags=["Chat"])
async def remove_message(
    caller: Caller,
    db: Db,
    rules: Rules,
    socket_id: SocketId,
    message_id: Annotated[str, QueryParameter(name="messageId", max_length=64)],
    deleted_for: Annotated[
        Literal["all", "me"], QueryParameter(name="scope", description="For whom.")
    ] = "all",
) -> None:
    """Delete a message for all (its author, or who administers the room), or for oneself."""
    if deleted_for == "me":
        await db.write(
            delete_for_me, user_id=caller.user_id, message_id=message_id, socket_id=socket_id
        )
        return
    await db.write(
        delete_message,
        user_id=caller.user_id,
        message_id=message_id,
        socket_id=socket_id,
        audience=rules.audience,
    )


@get("/api/chat/messages/{message_id:str}/edits", tags=["Chat"])
async def list_edits(message_id: FromPath[str], caller: Caller, db: Db) -> EditsView:
    """What a message said before it was edited, oldest first."""
    return await db.read(edits_of, user_id=caller.user_id, message_id=message_id)


@post("/api/chat/typing", tags=["Chat"], status_code=204)
async def type_in_room(
    data: JSONBody[Typing],
    caller: Caller,
    db: Db,
    rules: Rules,
    socket_id: SocketId,
) -> None:
    """Tell the room that the caller is typing; passed on at most every 2 s."""
    place = await db.read(require_place, data.room_id, caller.user_id)
    if not place.may_write:
        raise OnlyAdminsWrite
    if not place.is_closed:
        rules.tell_typing(data.room_id, caller, typing=data.typing, socket_id=socket_id)


@get("/api/chat/unread", tags=["Chat"])
async def count_unread(caller: Caller, db: Db) -> Unread:
    """What the caller has not read; muted rooms are not counted."""
    return await db.read(get_total_unread_count, user_id=caller.user_id)


#: all of chat but `send_routes`
ROUTES: Sequence[HTTPRouteHandler] = (
    *ROOM_ROUTES,
    *MY_ROUTES,
    *REACTION_ROUTES,
    *PIN_ROUTES,
    *POLL_ROUTES,
    *FORWARD_ROUTES,
    *PREVIEW_ROUTES,
    *RECEIPT_ROUTES,
    *GROUP_ROUTES,
    *SCHEDULED_ROUTES,
    *BLOCK_ROUTES,
    *MUTING_ROUTES,
    list_messages,
    change_message,
    remove_message,
    list_edits,
    type_in_room,
    count_unread,
    search_messages,
    sync_rooms,
)
