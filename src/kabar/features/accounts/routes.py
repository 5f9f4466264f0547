"""Routes of accounts."""

from __future__ import annotations

from litestar import Response, delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.types import Scope
from msgspec import UNSET

from kabar.core.times import rfc3339_or_none
from kabar.features.accounts import queries, tokens
from kabar.features.accounts.identity import Caller, Visitor
from kabar.features.accounts.inject import Accounts
from kabar.features.accounts.models import ServerRole
from kabar.features.accounts.schemas import (
    Credentials,
    Farewell,
    NewToken,
    OwnProfile,
    ProfileChanges,
    Registration,
    SessionView,
    SignedIn,
    TokenDraft,
    TokenPage,
)
from kabar.infra.http.bodies import SMALL_BODY_BYTES
from kabar.infra.http.cursors import CursorText, Limit, read_cursor
from kabar.infra.http.idempotency import IdempotencyKey
from kabar.infra.http.inject import ClientOf, Db


@post(
    "/api/auth/register",
    tags=["Accounts"],
    summary="Make an account and sign in",
    request_max_body_size=SMALL_BODY_BYTES,
)
async def register(
    data: JSONBody[Registration],
    accounts: Accounts,
    client: ClientOf,
    idempotency_key: IdempotencyKey,
    scope: Scope,
) -> Response[SignedIn]:
    admitted = await accounts.register(
        data, client=client, headers=scope["headers"], key=idempotency_key
    )
    return Response(
        SignedIn(admitted.user.value),
        status_code=admitted.user.status,
        cookies=admitted.cookies,
    )


@post(
    "/api/auth/login",
    status_code=200,
    tags=["Accounts"],
    summary="Sign in",
    request_max_body_size=SMALL_BODY_BYTES,
)
async def sign_in(
    data: JSONBody[Credentials], accounts: Accounts, client: ClientOf, scope: Scope
) -> Response[SignedIn]:
    admitted = await accounts.sign_in(data, client=client, headers=scope["headers"])
    return Response(SignedIn(admitted.user.value), cookies=admitted.cookies)


@post("/api/auth/logout", status_code=204, tags=["Accounts"], summary="Sign out")
async def sign_out(accounts: Accounts, client: ClientOf, scope: Scope) -> Response[None]:
    cookie = await accounts.sign_out(client=client, headers=scope["headers"])
    return Response(None, status_code=204, cookies=[cookie])


@get("/api/auth/session", tags=["Accounts"], summary="Who is signed in?")
async def session(visitor: Visitor, db: Db) -> SessionView:
    if visitor is None:
        return SessionView(None)
    user, role = await db.read(queries.user_and_role, visitor.user_id)
    shown = UNSET if role is ServerRole.USER else role
    return SessionView(user, rfc3339_or_none(visitor.expires_at), shown)


@post("/api/auth/tokens", tags=["Accounts"], summary="Make an access token")
async def create_token(
    data: JSONBody[TokenDraft], caller: Caller, accounts: Accounts, idempotency_key: IdempotencyKey
) -> Response[NewToken]:
    answer = await accounts.create_token(caller, data, key=idempotency_key)
    return Response(answer.value, status_code=answer.status)


@get("/api/auth/tokens", tags=["Accounts"], summary="List one's access tokens")
async def list_tokens(
    caller: Caller, db: Db, limit: Limit = 50, cursor: CursorText = None
) -> TokenPage:
    after = read_cursor(cursor, tokens.TokenCursor)
    return await db.read(tokens.page_of_tokens, user_id=caller.user_id, limit=limit, after=after)


@delete("/api/auth/tokens/{token_id:str}", tags=["Accounts"], summary="Revoke an access token")
async def revoke_token(caller: Caller, accounts: Accounts, token_id: FromPath[str]) -> None:
    await accounts.revoke_token(caller, token_id)


@get("/api/me", tags=["Accounts"], summary="One's own profile")
async def own_profile(caller: Caller, db: Db) -> OwnProfile:
    return await db.read(queries.require_own_profile, caller.user_id)


@patch("/api/me", tags=["Accounts"], summary="Change one's own profile")
async def change_profile(
    data: JSONBody[ProfileChanges], caller: Caller, accounts: Accounts, client: ClientOf
) -> Response[OwnProfile]:
    profile, cookies = await accounts.change_profile(caller, data, client=client)
    return Response(profile, cookies=cookies)


@delete(
    "/api/me",
    status_code=204,
    tags=["Accounts"],
    summary="Erase one's own account",
    request_max_body_size=SMALL_BODY_BYTES,
)
async def erase_account(
    data: JSONBody[Farewell], caller: Caller, accounts: Accounts, client: ClientOf
) -> Response[None]:
    """For good, and at once. What one said stays as that of nobody, or goes too, as the server is
    set up; groups that one owns pass on."""
    cookie = await accounts.erase(caller, data, client=client)
    return Response(None, status_code=204, cookies=[cookie])


ROUTES: list[HTTPRouteHandler] = [
    register,
    sign_in,
    sign_out,
    session,
    create_token,
    list_tokens,
    revoke_token,
    own_profile,
    change_profile,
    erase_account,
]
