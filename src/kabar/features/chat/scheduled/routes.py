"""Routes of messages that are said later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import delete, get, patch
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from kabar.features.accounts.identity import Caller
from kabar.features.chat.inject import Rules
from kabar.features.chat.scheduled.scheduling import (
    ScheduledCursor,
    change_scheduled,
    page_of_scheduled,
    take_back,
)
from kabar.features.chat.scheduled.schemas import PageOfScheduled, ScheduledEdit, ScheduledView
from kabar.features.chat.text import require_content
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.inject import Db


@get("/api/chat/scheduled", tags=["Chat"])
async def list_scheduled(
    caller: Caller,
    db: Db,
    room_id: Annotated[str | None, QueryParameter(name="roomId", max_length=64)] = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> PageOfScheduled:
    """The caller's messages that wait for their time, the next first."""
    after = read_cursor(cursor, ScheduledCursor)
    return await db.read(
        page_of_scheduled, user_id=caller.user_id, room_id=room_id, limit=limit, after=after
    )


@patch("/api/chat/scheduled/{scheduled_id:str}", tags=["Chat"])
async def edit_scheduled(
    scheduled_id: FromPath[str],
    data: JSONBody[ScheduledEdit],
    caller: Caller,
    db: Db,
    rules: Rules,
) -> ScheduledView:
    """Change the words or the time of a message that waits."""
    content = None
    if data.content is not UNSET:
        content = require_content(
            data.content, max_characters=rules.message_max_characters, may_be_empty=True
        )
    return await db.write(
        change_scheduled,
        user_id=caller.user_id,
        scheduled_id=scheduled_id,
        edit=data,
        content=content,
    )


@delete("/api/chat/scheduled/{scheduled_id:str}", tags=["Chat"])
async def unschedule(scheduled_id: FromPath[str], caller: Caller, db: Db) -> None:
    """Take a message back that has not been said yet."""
    await db.write(take_back, user_id=caller.user_id, scheduled_id=scheduled_id)


SCHEDULED_ROUTES: Sequence[HTTPRouteHandler] = (list_scheduled, edit_scheduled, unschedule)
