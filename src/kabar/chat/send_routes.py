"""The two paths that send."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from litestar.types import Scope

from kabar.accounts.inject import SIGNED_IN, caller_of
from kabar.chat.inject import ChatRules
from kabar.chat.room_routes import direct_room_of
from kabar.chat.schemas import DirectDraft, MessageDraft, MessageView
from kabar.chat.sending import Send, send_messages
from kabar.chat.text import require_content
from kabar.db import Database
from kabar.http.idempotency import read_idempotency_key
from kabar.http.inject import read_socket_id


def send_routes(db: Database, rules: ChatRules) -> Sequence[HTTPRouteHandler]:
    """Return the routes, with what they need in hand.

    Each thing that Litestar hands a route by name costs about 6 µs; these two are the hottest, so
    they ask for nothing but the body.
    """

    @post("/api/messages", tags=["Chat"], opt=SIGNED_IN)
    async def send_to_user(data: JSONBody[DirectDraft], scope: Scope) -> Response[MessageView]:
        """Send to a user: in the one direct room of the two, made now if need be."""
        # Before the room is made: what may not be said makes none.
        require_content(data.content, max_characters=rules.message_max_characters)
        draft = MessageDraft(
            room_id=await direct_room_of(db, caller_of(scope).user_id, data.receiver_id),
            content=data.content,
            type=data.type,
            reply_to_id=data.reply_to_id,
            client_id=data.client_id,
        )
        return await send(draft, scope)

    @post("/api/chat/send", tags=["Chat"], opt=SIGNED_IN)
    async def send_to_room(data: JSONBody[MessageDraft], scope: Scope) -> Response[MessageView]:
        """Send to a room. 200 instead of 201: the same client id was sent before."""
        return await send(data, scope)

    async def send(draft: MessageDraft, scope: Scope) -> Response[MessageView]:
        said = msgspec.structs.replace(
            draft,
            content=require_content(draft.content, max_characters=rules.message_max_characters),
            # An Idempotency-Key says the same as a client id, so it is one.
            client_id=draft.client_id or read_idempotency_key(scope),
        )
        sent = await db.write_together(
            send_messages,
            Send(caller_of(scope), said, read_socket_id(scope), rules.tell_at_most),
        )
        return Response(sent.message, status_code=201 if sent.is_new else 200)

    return (send_to_user, send_to_room)
