"""Routes of the roads into a group: joining, asking, invites; and of bans, which close them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.identity import Caller
from kabar.features.chat.groups import bans, invites, joining
from kabar.features.chat.groups.schemas import (
    BanDraft,
    Bans,
    Invitation,
    InviteDraft,
    Invites,
    InviteView,
    Joined,
    JoinRequests,
)
from kabar.features.chat.inject import Rules
from kabar.features.chat.schemas import RoomView
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.idempotency import IdempotencyKey, once, repeatable
from kabar.infra.http.inject import Configured, Db

_ROOM = "/api/chat/rooms/{room_id:str}"
_REQUEST = _ROOM + "/join-requests/{user_id:str}"
_BAN = _ROOM + "/bans/{user_id:str}"


@post(_ROOM + "/join", tags=["Groups"], status_code=200)
async def join_room(room_id: FromPath[str], caller: Caller, db: Db, rules: Rules) -> Joined:
    """Join an open group, or ask to join one that lets people ask."""
    return await db.write(
        joining.join,
        caller=caller,
        room_id=room_id,
        max_participants=rules.room_max_participants,
        max_groups=rules.groups_per_user,
    )


@delete(_ROOM + "/join", tags=["Groups"])
async def withdraw_join_request(room_id: FromPath[str], caller: Caller, db: Db) -> None:
    """Take back that one asks to join."""
    await db.write(joining.withdraw_request, user_id=caller.user_id, room_id=room_id)


@get(_ROOM + "/join-requests", tags=["Groups"])
async def list_join_requests(
    room_id: FromPath[str], caller: Caller, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> JoinRequests:
    """Who asks to join: for the owner and admins."""
    return await db.read(
        joining.page_of_join_requests,
        user_id=caller.user_id,
        room_id=room_id,
        limit=limit,
        after=read_cursor(cursor, joining.JoinRequestsCursor),
    )


@post(_REQUEST + "/accept", tags=["Groups"], status_code=204)
async def accept_join_request(
    room_id: FromPath[str], user_id: FromPath[str], caller: Caller, db: Db, rules: Rules
) -> None:
    """Let in who asks to join."""
    await db.write(
        joining.accept_request,
        caller=caller,
        room_id=room_id,
        user_id=user_id,
        max_participants=rules.room_max_participants,
        max_groups=rules.groups_per_user,
    )


@post(_REQUEST + "/reject", tags=["Groups"], status_code=204)
async def reject_join_request(
    room_id: FromPath[str], user_id: FromPath[str], caller: Caller, db: Db
) -> None:
    """Do not let in who asks to join; they are not told."""
    await db.write(joining.reject_request, caller=caller, room_id=room_id, user_id=user_id)


@post(_ROOM + "/invites", tags=["Groups"])
async def make_invite(
    room_id: FromPath[str],
    data: JSONBody[InviteDraft],
    caller: Caller,
    db: Db,
    rules: Rules,
    settings: Configured,
    idempotency_key: IdempotencyKey,
) -> Response[InviteView]:
    """Make a link into a group: its owner and admins."""
    mark = repeatable(
        idempotency_key,
        owner=caller.user_id,
        operation=f"invite {room_id}",
        body=data,
        secret=rules.secret,
    )
    still = partial(
        invites.require_invite, user_id=caller.user_id, room_id=room_id, origin=_origin(settings)
    )
    answer = await db.write(
        once(mark, InviteView, invites.make_invite, now=still),
        caller=caller,
        room_id=room_id,
        draft=data,
        origin=_origin(settings),
    )
    return Response(answer.value, status_code=answer.status)


@get(_ROOM + "/invites", tags=["Groups"])
async def list_invites(
    room_id: FromPath[str],
    caller: Caller,
    db: Db,
    settings: Configured,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Invites:
    """The links into a group, newest first."""
    return await db.read(
        invites.page_of_invites,
        user_id=caller.user_id,
        room_id=room_id,
        limit=limit,
        after=read_cursor(cursor, invites.InvitesCursor),
        origin=_origin(settings),
    )


@delete(_ROOM + "/invites/{invite_id:str}", tags=["Groups"])
async def revoke_invite(
    room_id: FromPath[str], invite_id: FromPath[str], caller: Caller, db: Db
) -> None:
    """Make a link useless."""
    await db.write(invites.revoke_invite, caller=caller, room_id=room_id, invite_id=invite_id)


@get("/api/chat/invites/{code:str}", tags=["Groups"])
async def show_invite(code: FromPath[str], caller: Caller, db: Db) -> Invitation:
    """Which group an invite leads into; nothing else of it is told."""
    return await db.read(invites.look_at_invite, user_id=caller.user_id, code=code)


@post("/api/chat/invites/{code:str}/accept", tags=["Groups"], status_code=200)
async def accept_invite(code: FromPath[str], caller: Caller, db: Db, rules: Rules) -> RoomView:
    """Come into a group by an invite."""
    return await db.write(
        invites.accept_invite,
        caller=caller,
        code=code,
        max_participants=rules.room_max_participants,
        max_groups=rules.groups_per_user,
    )


@get(_ROOM + "/bans", tags=["Groups"])
async def list_bans(
    room_id: FromPath[str], caller: Caller, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> Bans:
    """Who is banned now, newest first: for the owner and admins."""
    return await db.read(
        bans.page_of_bans,
        user_id=caller.user_id,
        room_id=room_id,
        limit=limit,
        after=read_cursor(cursor, bans.BansCursor),
    )


@put(_BAN, tags=["Groups"], status_code=204)
async def ban_from_room(
    room_id: FromPath[str], user_id: FromPath[str], data: JSONBody[BanDraft], caller: Caller, db: Db
) -> None:
    """Ban somebody, in the group or not, for ever or until a time."""
    await db.write(bans.ban, caller=caller, room_id=room_id, user_id=user_id, draft=data)


@delete(_BAN, tags=["Groups"])
async def lift_ban(room_id: FromPath[str], user_id: FromPath[str], caller: Caller, db: Db) -> None:
    """Let somebody come in again."""
    await db.write(bans.lift_ban, caller=caller, room_id=room_id, user_id=user_id)


def _origin(settings: Configured) -> str:
    """Return what an invite's address begins with; nothing: it is on the server that says it."""
    return (settings.public_url or "").rstrip("/")


JOINING_ROUTES: Sequence[HTTPRouteHandler] = (
    join_room,
    withdraw_join_request,
    list_join_requests,
    accept_join_request,
    reject_join_request,
    make_invite,
    list_invites,
    revoke_invite,
    show_invite,
    accept_invite,
    list_bans,
    ban_from_room,
    lift_ban,
)
