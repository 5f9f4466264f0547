"""The route of forwarding."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import Caller
from kabar.features.chat.answers import Answer
from kabar.features.chat.before_send.screening import screened_forward
from kabar.features.chat.forwarding.forwarding import forward, still_forwarded
from kabar.features.chat.forwarding.schemas import ForwardDraft
from kabar.features.chat.inject import Rules
from kabar.features.chat.schemas import ForwardedMessages
from kabar.infra.http.idempotency import IdempotencyKey, once, repeatable
from kabar.infra.http.inject import Db, SocketId


@post("/api/chat/messages/{message_id:str}/forward", tags=["Chat"])
async def forward_message(
    message_id: FromPath[str],
    data: JSONBody[ForwardDraft],
    caller: Caller,
    db: Db,
    rules: Rules,
    socket_id: SocketId,
    idempotency_key: IdempotencyKey,
) -> Response[ForwardedMessages]:
    """Say a message of one's rooms again in other rooms: in all of them or in none."""
    mark = repeatable(
        idempotency_key,
        owner=caller.user_id,
        operation=f"forward {message_id}",
        body=data,
        secret=rules.secret,
    )
    contents = await screened_forward(rules.before_send, db, caller, message_id, data.room_ids)
    answer = await db.write(
        once(
            mark,
            ForwardedMessages,
            forward,
            now=lambda tx, first: still_forwarded(tx, caller.user_id, first),
        ),
        sender=caller,
        message_id=message_id,
        room_ids=data.room_ids,
        contents=contents,
        socket_id=socket_id,
        audience=rules.audience,
    )
    return Answer(answer.value, status_code=answer.status)


FORWARD_ROUTES: Sequence[HTTPRouteHandler] = (forward_message,)
