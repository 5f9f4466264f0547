"""Routes of blocking: they stand in chat, because a block closes rooms at the same moment."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kabar.features.accounts.identity import Caller
from kabar.features.chat.blocking.blocks import block_user, unblock_user
from kabar.features.follows.blocks import BlockedCursor, page_of_blocked
from kabar.features.follows.schemas import BlockState, FollowList
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.inject import Db, SocketId

_BLOCK = "/api/users/{user:str}/block"


@put(_BLOCK, tags=["Follow"], summary="Block a user")
async def block(caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]) -> BlockState:
    return await db.write(block_user, caller=caller, user=user, socket_id=socket_id)


@delete(_BLOCK, status_code=200, tags=["Follow"], summary="No longer block a user")
async def unblock(caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]) -> BlockState:
    return await db.write(unblock_user, caller=caller, user=user, socket_id=socket_id)


@get("/api/me/blocked", tags=["Follow"], summary="Whom the caller blocks")
async def list_blocked(
    caller: Caller, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> FollowList:
    return await db.read(
        page_of_blocked,
        caller_id=caller.user_id,
        limit=limit,
        after=read_cursor(cursor, BlockedCursor),
    )


BLOCK_ROUTES: Sequence[HTTPRouteHandler] = (block, unblock, list_blocked)
