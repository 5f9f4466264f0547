"""Routes of reactions."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kabar.features.accounts.identity import Caller
from kabar.features.chat.reactions.listing import page_of_reactions
from kabar.features.chat.reactions.reacting import react, unreact
from kabar.features.chat.reactions.schemas import PageOfReactions
from kabar.features.chat.schemas import MessageView
from kabar.infra.http.cursors import CursorText, Limit
from kabar.infra.http.inject import Db, SocketId

_REACTION = "/api/chat/messages/{message_id:str}/reactions/{emoji:str}"


@put(_REACTION, tags=["Chat"])
async def add_reaction(
    message_id: FromPath[str], emoji: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> MessageView:
    """Put an emoji on a message; twice is once."""
    return await db.write(
        react, caller=caller, message_id=message_id, emoji=emoji, socket_id=socket_id
    )


@delete(_REACTION, tags=["Chat"], status_code=200)
async def take_reaction(
    message_id: FromPath[str], emoji: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> MessageView:
    """Take an emoji of one's own from a message; twice is once."""
    return await db.write(
        unreact, caller=caller, message_id=message_id, emoji=emoji, socket_id=socket_id
    )


@get("/api/chat/messages/{message_id:str}/reactions", tags=["Chat"])
async def list_reactions(
    message_id: FromPath[str], caller: Caller, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> PageOfReactions:
    """Who reacted to a message, newest first."""
    return await db.read(
        page_of_reactions,
        user_id=caller.user_id,
        message_id=message_id,
        limit=limit,
        cursor=cursor,
    )


REACTION_ROUTES: Sequence[HTTPRouteHandler] = (add_reaction, take_reaction, list_reactions)
