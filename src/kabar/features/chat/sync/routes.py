"""The HTTP path of sync: who was away, and since when."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.chat.inject import Rules
from kabar.features.chat.sync.schemas import Synced
from kabar.features.chat.sync.syncing import sync
from kabar.infra.http.inject import Db


@get("/api/chat/sync", tags=["Chat"])
async def sync_rooms(
    caller: Caller,
    db: Db,
    rules: Rules,
    since: Annotated[
        str | None, QueryParameter(description="`next` of the last answer; absent: now.")
    ] = None,
) -> Synced:
    """Everything that happened to the caller's rooms since, in order."""
    return await db.read(sync, user_id=caller.user_id, since=since, days=rules.sync_days)
