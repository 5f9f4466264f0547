"""Routes of polls."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import Caller
from kabar.features.chat.polls.schemas import Ballot
from kabar.features.chat.polls.voting import close_poll, vote
from kabar.features.chat.schemas import MessageView
from kabar.infra.http.inject import Db, SocketId


@put("/api/chat/messages/{message_id:str}/votes", tags=["Chat"])
async def vote_in_poll(
    message_id: FromPath[str],
    data: JSONBody[Ballot],
    caller: Caller,
    db: Db,
    socket_id: SocketId,
) -> MessageView:
    """Choose in a poll, in place of what one chose before; nothing takes a vote back."""
    return await db.write(
        vote,
        voter=caller,
        message_id=message_id,
        option_ids=data.option_ids,
        socket_id=socket_id,
    )


@post("/api/chat/messages/{message_id:str}/poll/close", tags=["Chat"], status_code=200)
async def close(
    message_id: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> MessageView:
    """Close a poll of one's own: it takes no more votes. Twice is once."""
    return await db.write(close_poll, caller=caller, message_id=message_id, socket_id=socket_id)


POLL_ROUTES: Sequence[HTTPRouteHandler] = (vote_in_poll, close)
