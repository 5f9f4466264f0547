"""Routes for applications that have users of their own: they call with an API key."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody

from kabar.features.accounts.inject import Key, Management
from kabar.features.accounts.key_schemas import UserDraft, UserTokenDraft
from kabar.features.accounts.schemas import NewToken, UserView
from kabar.features.keys.models import May
from kabar.infra.http.idempotency import IdempotencyKey
from kabar.infra.http.inject import Db

_USERS: dict[str, Any] = {"may": May.USERS}


@put(
    "/api/users/{user:str}",
    tags=["Applications"],
    summary="Make or change a user",
    responses={201: ResponseSpec(UserView, description="The user is new.")},
    opt=_USERS,
)
async def put_user(
    data: JSONBody[UserDraft], key: Key, db: Db, management: Management, user: FromPath[str]
) -> Response[UserView]:
    """The caller chooses the id. 201: the user is new; 200: there was one, who has changed."""
    answer = await management.put(db, user, data)
    return Response(answer.value, status_code=answer.status)


@delete("/api/users/{user:str}", tags=["Applications"], summary="Erase a user", opt=_USERS)
async def erase_user(key: Key, db: Db, management: Management, user: FromPath[str]) -> None:
    """Their messages stay, as those of nobody; everything else of them goes, for good."""
    await management.erase(db, user)


@post(
    "/api/users/{user:str}/tokens",
    tags=["Applications"],
    summary="Make a token with which a user's client signs in",
    opt=_USERS,
)
async def create_user_token(
    data: JSONBody[UserTokenDraft],
    key: Key,
    db: Db,
    management: Management,
    user: FromPath[str],
    idempotency_key: IdempotencyKey,
) -> Response[NewToken]:
    answer = await management.create_token(db, user, data, caller=key, key=idempotency_key)
    return Response(answer.value, status_code=answer.status)


ROUTES: list[HTTPRouteHandler] = [put_user, erase_user, create_user_token]
