"""Routes of people and follows."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from kabar.features.accounts.identity import Caller
from kabar.features.accounts.key_schemas import ReservedId
from kabar.features.follows import follows, lists, people, people_search, requests
from kabar.features.follows.dismissals import dismiss
from kabar.features.follows.mutuals import MutualsCursor, page_of_mutuals
from kabar.features.follows.people_search import FoundCursor
from kabar.features.follows.requests import Direction, RequestsCursor
from kabar.features.follows.schemas import (
    FollowersCount,
    FollowList,
    FollowRequests,
    FollowState,
    FollowStatus,
    People,
    PersonView,
    Relationships,
    Suggestions,
)
from kabar.features.follows.suggestions import SuggestionsCursor, page_of_suggestions
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.inject import Db, SocketId

_FOLLOW = "/api/users/{user:str}/follow"
_MOST_RELATIONSHIPS = 100
#: what is looked for; `query` itself is a reserved name in Litestar
Wanted = Annotated[
    str,
    QueryParameter(
        name="query", max_length=100, description="Part of a username or name; empty: everybody."
    ),
]


@get("/api/users", tags=["People"], summary="Find people")
async def find_people(
    caller: Caller, db: Db, wanted: Wanted = "", limit: Limit = 20, cursor: CursorText = None
) -> People:
    return await db.read(
        people_search.find_people,
        caller_id=caller.user_id,
        query=wanted,
        limit=limit,
        after=read_cursor(cursor, FoundCursor),
    )


@put(
    ["/api/users/relationships", "/api/users/suggestions"],
    tags=["People"],
    summary="Always 422 reserved_id: no user can have this id",
    sync_to_thread=False,
)
def refuse_id() -> None:
    """Refuse an application that chooses this for a user's id: the address is taken."""
    raise ReservedId


@get("/api/users/relationships", tags=["People"], summary="How the caller and many users stand")
async def show_relationships(
    caller: Caller,
    db: Db,
    ids: Annotated[
        str,
        QueryParameter(
            max_length=6_500,
            pattern="^[!-~]*$",
            description="Up to 100 ids, with commas between them.",
        ),
    ],
) -> Relationships:
    wanted = [user_id for user_id in dict.fromkeys(ids.split(",")) if user_id]
    if len(wanted) > _MOST_RELATIONSHIPS:
        raise refuse("ids", f"At most {_MOST_RELATIONSHIPS} ids in one call.")
    return await db.read(people.relationships, caller_id=caller.user_id, user_ids=wanted)


@get("/api/users/suggestions", tags=["Follow"], summary="Whom the caller may want to follow")
async def list_suggestions(
    caller: Caller, db: Db, limit: Limit = 20, cursor: CursorText = None
) -> Suggestions:
    return await db.read(
        page_of_suggestions,
        caller_id=caller.user_id,
        limit=limit,
        after=read_cursor(cursor, SuggestionsCursor),
    )


@delete("/api/users/suggestions/{user:str}", tags=["Follow"], summary="Suggest somebody no longer")
async def dismiss_suggestion(caller: Caller, db: Db, user: FromPath[str]) -> None:
    await db.write(dismiss, caller_id=caller.user_id, user=user)


@get("/api/users/{user:str}", tags=["People"], summary="One user, by id or @username")
async def show_person(caller: Caller, db: Db, user: FromPath[str]) -> PersonView:
    return await db.read(people.require_person, caller_id=caller.user_id, user=user)


@get(_FOLLOW, tags=["Follow"], summary="Do we follow each other?")
async def follow_status(caller: Caller, db: Db, user: FromPath[str]) -> FollowStatus:
    return await db.read(people.follow_status, caller_id=caller.user_id, user=user)


@post(_FOLLOW, status_code=200, tags=["Follow"], summary="Follow, or unfollow whom one follows")
async def toggle_follow(
    caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]
) -> FollowState:
    return await db.write(follows.toggle_follow, follower=caller, user=user, socket_id=socket_id)


@put(_FOLLOW, tags=["Follow"], summary="Follow")
async def follow(caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]) -> FollowState:
    return await db.write(follows.follow, follower=caller, user=user, socket_id=socket_id)


@delete(_FOLLOW, status_code=200, tags=["Follow"], summary="Unfollow")
async def unfollow(caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]) -> FollowState:
    return await db.write(follows.unfollow, follower=caller, user=user, socket_id=socket_id)


@get("/api/users/{user:str}/followers", tags=["Follow"], summary="Who follows a user")
async def list_followers(
    caller: Caller,
    db: Db,
    user: FromPath[str],
    wanted: Wanted = "",
    only: Annotated[
        Literal["not-followed-back"] | None,
        QueryParameter(name="filter", description="Of one's own list: whom one does not follow."),
    ] = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> FollowList:
    return await db.read(
        lists.page_of_follows,
        which=lists.FOLLOWERS_LIST,
        caller_id=caller.user_id,
        user=user,
        query=wanted,
        unanswered=only is not None,
        limit=limit,
        after=read_cursor(cursor, lists.FollowersCursor, lists.FoundFollowersCursor),
    )


@get("/api/users/{user:str}/following", tags=["Follow"], summary="Whom a user follows")
async def list_following(
    caller: Caller,
    db: Db,
    user: FromPath[str],
    wanted: Wanted = "",
    only: Annotated[
        Literal["not-following-back"] | None,
        QueryParameter(name="filter", description="Of one's own list: who does not follow one."),
    ] = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> FollowList:
    return await db.read(
        lists.page_of_follows,
        which=lists.FOLLOWING_LIST,
        caller_id=caller.user_id,
        user=user,
        query=wanted,
        unanswered=only is not None,
        limit=limit,
        after=read_cursor(cursor, lists.FollowingCursor, lists.FoundFollowingCursor),
    )


@get(
    "/api/users/{user:str}/mutuals",
    tags=["Follow"],
    summary="Whom the caller follows who follow a user",
)
async def list_mutuals(
    caller: Caller, db: Db, user: FromPath[str], limit: Limit = 50, cursor: CursorText = None
) -> FollowList:
    return await db.read(
        page_of_mutuals,
        caller_id=caller.user_id,
        user=user,
        limit=limit,
        after=read_cursor(cursor, MutualsCursor),
    )


@delete(
    "/api/users/{user:str}/follower", tags=["Follow"], summary="Let a user no longer follow oneself"
)
async def remove_follower(caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]) -> None:
    await db.write(follows.remove_follower, caller=caller, user=user, socket_id=socket_id)


@get("/api/follow-requests", tags=["Follow"], summary="Who asks to follow, or is asked")
async def list_requests(
    caller: Caller,
    db: Db,
    direction: Annotated[
        Direction, QueryParameter(description="`in`: who asks the caller; `out`: whom they ask.")
    ] = "in",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> FollowRequests:
    return await db.read(
        requests.page_of_requests,
        caller_id=caller.user_id,
        direction=direction,
        limit=limit,
        after=read_cursor(cursor, RequestsCursor),
    )


_REQUEST = "/api/follow-requests/{user:str}"


@post(f"{_REQUEST}/accept", status_code=200, tags=["Follow"], summary="Accept a request")
async def accept_request(
    caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]
) -> FollowersCount:
    return await db.write(requests.accept, caller=caller, user=user, socket_id=socket_id)


@post(f"{_REQUEST}/reject", status_code=200, tags=["Follow"], summary="Reject a request")
async def reject_request(
    caller: Caller, db: Db, socket_id: SocketId, user: FromPath[str]
) -> FollowersCount:
    return await db.write(requests.reject, caller=caller, user=user, socket_id=socket_id)


ROUTES: list[HTTPRouteHandler] = [
    find_people,
    show_relationships,
    refuse_id,
    list_suggestions,
    dismiss_suggestion,
    show_person,
    follow_status,
    toggle_follow,
    follow,
    unfollow,
    list_followers,
    list_following,
    list_mutuals,
    remove_follower,
    list_requests,
    accept_request,
    reject_request,
]
