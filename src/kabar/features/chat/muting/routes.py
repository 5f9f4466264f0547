"""Routes of muting people: they stand in chat, because bells fall silent at the same moment."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import Caller
from kabar.features.chat.muting.muting import mute_user, unmute_user
from kabar.features.follows.mutes import MutedCursor, page_of_muted
from kabar.features.follows.schemas import MutedPeople, MuteDraft, MuteState
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.inject import Db, SocketId

_MUTE = "/api/users/{user:str}/mute"


@put(_MUTE, tags=["Follow"], summary="Mute a user, perhaps until some time")
async def mute(
    caller: Caller,
    db: Db,
    socket_id: SocketId,
    user: FromPath[str],
    data: JSONBody[MuteDraft | None] = None,
) -> MuteState:
    draft = data or MuteDraft()
    return await db.write(mute_user, caller=caller, user=user, draft=draft, socket_id=socket_id)


@delete(_MUTE, status_code=200, tags=["Follow"], summary="No longer mute a user")
async def unmute(caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]) -> MuteState:
    return await db.write(unmute_user, caller=caller, user=user, socket_id=socket_id)


@get("/api/me/muted", tags=["Follow"], summary="Whom the caller mutes")
async def list_muted(
    caller: Caller, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> MutedPeople:
    return await db.read(
        page_of_muted,
        caller_id=caller.user_id,
        limit=limit,
        after=read_cursor(cursor, MutedCursor),
    )


MUTING_ROUTES: Sequence[HTTPRouteHandler] = (mute, unmute, list_muted)
