"""The HTTP path of search: who looks for what; one call finds it."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.chat.inject import Rules
from kabar.features.chat.search.find import find_messages
from kabar.features.chat.search.kinds import Kind
from kabar.features.chat.search.query import MAX_CHARACTERS, read_query, read_time
from kabar.features.chat.search.schemas import PageOfFound
from kabar.infra.http.cursors import CursorText
from kabar.infra.http.inject import Db

_PageSize = Annotated[int, QueryParameter(ge=1, le=50, description="At most so many.")]


@get("/api/chat/search", tags=["Chat"])
async def search_messages(
    caller: Caller,
    db: Db,
    rules: Rules,
    q: Annotated[str, QueryParameter(max_length=MAX_CHARACTERS)] = "",
    room_id: Annotated[str | None, QueryParameter(name="roomId", max_length=64)] = None,
    sender_id: Annotated[str | None, QueryParameter(name="senderId", max_length=64)] = None,
    before: Annotated[str | None, QueryParameter(description="Said before (a time).")] = None,
    after: Annotated[str | None, QueryParameter(description="Said then or later.")] = None,
    has: Annotated[Kind | None, QueryParameter(description="What it has.")] = None,
    limit: _PageSize = 20,
    cursor: CursorText = None,
) -> PageOfFound:
    """Messages of the caller's rooms that have all the words, newest first."""
    query = read_query(
        q,
        sender_id=sender_id,
        kind=has,
        before=read_time("before", before),
        after=read_time("after", after),
    )
    async with rules.searches.of(caller.user_id):
        return await db.read(
            find_messages,
            user_id=caller.user_id,
            query=query,
            room_id=room_id,
            limit=limit,
            cursor=cursor,
        )
