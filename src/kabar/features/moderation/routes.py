"""Routes of moderation: for moderators, and for applications that may moderate."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import CallingModerator
from kabar.features.accounts.inject import Lookup
from kabar.features.moderation import acts, suspensions
from kabar.features.moderation.schemas import Acts, SuspensionDraft, Suspensions
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.inject import Db

_SUSPENSION = "/api/moderation/users/{user:str}/suspension"


@put(_SUSPENSION, tags=["Moderation"], status_code=204)
async def suspend_user(
    data: JSONBody[SuspensionDraft],
    moderator: CallingModerator,
    db: Db,
    lookup: Lookup,
    user: FromPath[str],
) -> None:
    """Sign a user out everywhere and let them in no more, until then or without an end."""
    user_id = await db.write(suspensions.suspend, by=moderator, user=user, draft=data)
    lookup.forget_user(user_id)


@delete(_SUSPENSION, tags=["Moderation"])
async def lift_suspension(moderator: CallingModerator, db: Db, user: FromPath[str]) -> None:
    """Let a user sign in again, however often it is called."""
    await db.write(suspensions.lift_suspension, by=moderator, user=user)


@get("/api/moderation/suspensions", tags=["Moderation"])
async def list_suspended(
    moderator: CallingModerator, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> Suspensions:
    """Who is suspended now, the latest first."""
    after = read_cursor(cursor, suspensions.SuspendedCursor)
    return await db.read(suspensions.page_of_suspended, caller=moderator, limit=limit, after=after)


@get("/api/moderation/acts", tags=["Moderation"])
async def list_acts(
    moderator: CallingModerator, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> Acts:
    """What moderators did, the latest first: for admins."""
    after = read_cursor(cursor, acts.ActsCursor)
    return await db.read(acts.page_of_acts, caller=moderator, limit=limit, after=after)


ROUTES: Sequence[HTTPRouteHandler] = (suspend_user, lift_suspension, list_suspended, list_acts)
