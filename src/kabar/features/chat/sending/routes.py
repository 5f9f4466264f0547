"""The two paths that send."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from litestar.types import Scope

from kabar.features.accounts.inject import SIGNED_IN, caller_of
from kabar.features.accounts.signed_in import database_of
from kabar.features.chat.answers import Answer
from kabar.features.chat.before_send.screening import screened
from kabar.features.chat.inject import ChatRules
from kabar.features.chat.polls.asking import with_poll
from kabar.features.chat.room_routes import direct_room_of
from kabar.features.chat.scheduled.scheduling import schedule
from kabar.features.chat.scheduled.schemas import Scheduled
from kabar.features.chat.schemas import DirectDraft, MessageDraft, MessageView
from kabar.features.chat.seen_by import as_seen_by
from kabar.features.chat.sending import Send, send_messages
from kabar.infra.db import Database
from kabar.infra.http.idempotency import read_idempotency_key
from kabar.infra.http.inject import read_socket_id
from kabar.infra.http.parts import part

#: what the routes read from the request themselves, for the description of the API
_READING = {**SIGNED_IN, "reads": ("caller", "idempotency_key", "socket_id")}


# Each thing that Litestar hands a route by name costs about 6 µs; these two are the hottest, so
# they ask for nothing but the body.


@post("/api/messages", tags=["Chat"], opt=_READING)
async def send_to_user(data: JSONBody[DirectDraft], scope: Scope) -> Response[MessageView]:
    """Send to a user: in the one direct room of the two, made now if need be."""
    # Before the room is made: what may not be said makes none.
    data = with_poll(data)
    content, client_id = _content(data, scope), client_id_of(data, scope)
    sender = caller_of(scope)
    db = database_of(part(scope, Database), sender)
    draft = MessageDraft(
        room_id=await direct_room_of(db, sender.user_id, data.receiver_id),
        content=content,
        type=data.type,
        attachment_ids=data.attachment_ids,
        reply_to_id=data.reply_to_id,
        client_id=client_id,
        poll=data.poll,
        silent=data.silent,
    )
    return await _send(draft, scope, is_keyed=data.client_id is None)


@post("/api/chat/send", tags=["Chat"], opt=_READING)
async def send_to_room(
    data: JSONBody[MessageDraft], scope: Scope
) -> Response[MessageView] | Response[Scheduled]:
    """Send to a room. 200 instead of 201: the same client id was sent before; 202: with `sendAt`
    it is kept until then."""
    data = with_poll(data)
    draft = msgspec.structs.replace(
        data, content=_content(data, scope), client_id=client_id_of(data, scope)
    )
    if draft.send_at is not None:
        scheduled = await database_of(part(scope, Database), caller_of(scope)).write(
            schedule,
            user_id=caller_of(scope).user_id,
            draft=draft,
            is_keyed=data.client_id is None,
            most=part(scope, ChatRules).scheduled_messages_per_user,
        )
        if scheduled is not None:
            return Answer(Scheduled(scheduled=scheduled), status_code=202)
    return await _send(draft, scope, is_keyed=data.client_id is None)


def _content(draft: DirectDraft | MessageDraft, scope: Scope) -> str:
    return part(scope, ChatRules).content_of(draft.content, draft.attachment_ids)


async def _send(draft: MessageDraft, scope: Scope, *, is_keyed: bool) -> Response[MessageView]:
    sender, rules, db = caller_of(scope), part(scope, ChatRules), part(scope, Database)
    send = Send(sender, draft, read_socket_id(scope), rules.audience, is_keyed)
    send = await screened(rules.before_send, db, send)
    sent = await db.write_together(send_messages, send, caller=sender.user_id)
    if sent.is_new:
        return Answer(sent.message, status_code=201)
    again = await db.read(as_seen_by, sender.user_id, sent.message)
    return Answer(again, status_code=200)


def client_id_of(draft: DirectDraft | MessageDraft, scope: Scope) -> str | None:
    """Return the sender's own id; an Idempotency-Key says the same, so it is one."""
    # Also read where it is not needed: a wrong one is refused.
    key = read_idempotency_key(scope)
    return draft.client_id or key


ROUTES: Sequence[HTTPRouteHandler] = (send_to_user, send_to_room)
