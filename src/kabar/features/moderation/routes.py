"""Routes of moderation: for moderators, and for applications that may moderate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import Scope

from kabar.features.accounts.identity import Caller, CallingModerator
from kabar.features.accounts.inject import Lookup
from kabar.features.chat.inject import ChatRules
from kabar.features.moderation import acts, queue, suspensions
from kabar.features.moderation.inject import ModerationRules
from kabar.features.moderation.models import Action
from kabar.features.moderation.reports import report
from kabar.features.moderation.resolving import resolve
from kabar.features.moderation.schemas import (
    Acts,
    ReportDraft,
    Reported,
    ReportInContext,
    Reports,
    ReportView,
    ResolutionDraft,
    SuspensionDraft,
    Suspensions,
)
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.inject import Db
from kabar.infra.http.parts import part

_SUSPENSION = "/api/moderation/users/{user:str}/suspension"


_REPORT = "/api/moderation/reports/{report_id:str}"


@post(
    "/api/reports",
    tags=["Moderation"],
    responses={200: ResponseSpec(Reported, description="It was reported before.")},
)
async def report_something(
    data: JSONBody[ReportDraft], caller: Caller, db: Db, scope: Scope
) -> Response[Reported]:
    """Report a message, a user or a room to the moderators; the same once more is the same report.

    Who is reported does not learn by whom.
    """
    part(scope, ModerationRules).reports_made.spend(caller.user_id)
    answer = await db.write(report, user_id=caller.user_id, draft=data)
    return Response(answer.value, status_code=answer.status)


@get("/api/moderation/reports", tags=["Moderation"])
async def list_reports(
    moderator: CallingModerator,
    db: Db,
    resolved: Annotated[
        bool, QueryParameter(description="What is settled, in place of what waits.")
    ] = False,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Reports:
    """What was reported and waits, or was settled, the latest first."""
    return await db.read(
        queue.page_of_reports,
        caller=moderator,
        is_resolved=resolved,
        limit=limit,
        after=read_cursor(cursor, queue.ReportsCursor),
    )


@get(_REPORT, tags=["Moderation"])
async def show_report(
    report_id: FromPath[str], moderator: CallingModerator, db: Db
) -> ReportInContext:
    """A report, with the message as it is now and a few around it."""
    return await db.read(queue.report_in_context, caller=moderator, report_id=report_id)


@post(_REPORT + "/resolve", tags=["Moderation"], status_code=200)
async def resolve_report(
    data: JSONBody[ResolutionDraft],
    report_id: FromPath[str],
    moderator: CallingModerator,
    db: Db,
    scope: Scope,
    lookup: Lookup,
) -> ReportView:
    """Settle a report, and all that wait of the same thing. The same once more changes nothing."""
    audience = part(scope, ChatRules).audience
    settled = await db.write(
        resolve, by=moderator, report_id=report_id, draft=data, audience=audience
    )
    if data.action is Action.SUSPEND and settled.user is not None:
        lookup.forget_user(settled.user.id)
    return settled


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


ROUTES: Sequence[HTTPRouteHandler] = (
    report_something,
    list_reports,
    show_report,
    resolve_report,
    suspend_user,
    lift_suspension,
    list_suspended,
    list_acts,
)
