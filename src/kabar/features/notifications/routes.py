"""The HTTP paths of notifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.notifications import inbox
from kabar.features.notifications.models import Filter
from kabar.features.notifications.queries import (
    NotificationCursor,
    bell_of,
    page_of_notifications,
)
from kabar.features.notifications.schemas import Counts, PageOfNotifications
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.inject import Db, SocketId

_TAGS = ["Notifications"]


@get("/api/notifications", tags=_TAGS, summary="List notifications")
async def list_notifications(
    caller: Caller,
    db: Db,
    only: Annotated[
        Filter | None, QueryParameter(name="filter", description="Absent: what is not archived.")
    ] = None,
    limit: Limit = 20,
    cursor: CursorText = None,
) -> PageOfNotifications:
    """The caller's list, what changed last first, and the counts of the bell."""
    return await db.read(
        page_of_notifications,
        user_id=caller.user_id,
        only=only,
        limit=limit,
        after=read_cursor(cursor, NotificationCursor),
    )


@post("/api/notifications/seen", status_code=200, tags=_TAGS, summary="Mark all seen")
async def see_notifications(caller: Caller, db: Db, socket_id: SocketId) -> Counts:
    """The caller has opened the list."""
    await db.write(inbox.mark_seen, user_id=caller.user_id, socket_id=socket_id)
    return await db.read(bell_of, caller.user_id)


@post("/api/notifications/read-all", status_code=200, tags=_TAGS, summary="Mark all read")
async def read_all_notifications(caller: Caller, db: Db, socket_id: SocketId) -> Counts:
    """The caller is done with everything in the list."""
    await db.write(inbox.mark_all_read, user_id=caller.user_id, socket_id=socket_id)
    return await db.read(bell_of, caller.user_id)


@post(
    "/api/notifications/{notification_id:str}/read",
    status_code=200,
    tags=_TAGS,
    summary="Mark one read",
)
async def read_notification(
    notification_id: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> Counts:
    """The caller has acted on it."""
    await db.write(
        inbox.mark_read,
        user_id=caller.user_id,
        notification_id=notification_id,
        socket_id=socket_id,
    )
    return await db.read(bell_of, caller.user_id)


@post(
    "/api/notifications/{notification_id:str}/unread",
    status_code=200,
    tags=_TAGS,
    summary="Mark one unread",
)
async def unread_notification(
    notification_id: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> Counts:
    """The caller wants to come back to it."""
    await db.write(
        inbox.mark_unread,
        user_id=caller.user_id,
        notification_id=notification_id,
        socket_id=socket_id,
    )
    return await db.read(bell_of, caller.user_id)


@post(
    "/api/notifications/{notification_id:str}/archive",
    status_code=200,
    tags=_TAGS,
    summary="Archive one",
)
async def archive_notification(
    notification_id: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> Counts:
    """The caller wants it out of the way, and can still find it."""
    await db.write(
        inbox.archive,
        user_id=caller.user_id,
        notification_id=notification_id,
        socket_id=socket_id,
    )
    return await db.read(bell_of, caller.user_id)


@delete("/api/notifications/{notification_id:str}", tags=_TAGS, summary="Remove one")
async def remove_notification(
    notification_id: FromPath[str], caller: Caller, db: Db, socket_id: SocketId
) -> None:
    """The caller wants it gone."""
    await db.write(
        inbox.remove,
        user_id=caller.user_id,
        notification_id=notification_id,
        socket_id=socket_id,
    )


ROUTES: Sequence[HTTPRouteHandler] = (
    list_notifications,
    see_notifications,
    read_all_notifications,
    read_notification,
    unread_notification,
    archive_notification,
    remove_notification,
)
