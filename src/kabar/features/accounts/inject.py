"""Dependencies that routes ask for by name: the caller, and the services of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.types import Scope

from kabar.features.accounts.callers import Callers
from kabar.features.accounts.identity import Identity, Moderator
from kabar.features.accounts.managing import UserManagement
from kabar.features.accounts.service import AccountService
from kabar.features.accounts.signed_in import database_of, sign_in_first
from kabar.features.keys.keys import ApiKey, require_key
from kabar.infra.db import CheckedDatabase, Database, Units
from kabar.infra.http.idempotency import IdempotencyKey
from kabar.infra.http.parts import part

Accounts = NamedDependency[AccountService]
Lookup = NamedDependency[Callers]
Key = NamedDependency[ApiKey]
Management = NamedDependency[UserManagement]
#: the `opt` of a route that finds its caller by `caller_of`
SIGNED_IN: dict[str, Any] = {"signed_in": True}


def provide_db(scope: Scope) -> Units:
    """Return the database; where a route asks for its caller, one that writes only for who is
    signed in when it writes, and where it asks for a key, only as long as that is good."""
    db = part(scope, Database)
    caller: Identity | None = scope.get("user")
    if caller is not None:
        return database_of(db, caller)
    key: ApiKey | None = scope.get("auth")
    return db if key is None else CheckedDatabase(db, key.id, partial(require_key, key_id=key.id))


# Both ask for `idempotency_key` only to be resolved after it: see `infra/http/inject.py`.
async def provide_caller(
    scope: Scope,
    idempotency_key: IdempotencyKey,  # noqa: ARG001
) -> Identity:
    """Return who calls."""
    # Again, now that the body is there: they may have been signed out while it came.
    found = await part(scope, Callers).identify(scope["headers"])
    if found is None:
        raise sign_in_first()
    return found


async def provide_visitor(
    scope: Scope,
    idempotency_key: IdempotencyKey,  # noqa: ARG001
) -> Identity | None:
    """Return who calls, or None for somebody who is not signed in."""
    return await part(scope, Callers).identify(scope["headers"])


def provide_accounts(scope: Scope) -> AccountService:
    """Return what signs up, in and out."""
    return part(scope, AccountService)


def provide_lookup(scope: Scope) -> Callers:
    """Return what knows who calls."""
    return part(scope, Callers)


async def provide_key(
    scope: Scope,
    idempotency_key: IdempotencyKey,  # noqa: ARG001
) -> ApiKey:
    """Return the key of the application that calls."""
    # Again, as for the caller: it may have been revoked while the body came.
    may = scope["route_handler"].opt["may"]
    return await part(scope, Callers).require_key(scope["headers"], may)


async def provide_moderator(
    scope: Scope,
    idempotency_key: IdempotencyKey,  # noqa: ARG001
) -> Moderator:
    """Return who calls for what moderators may."""
    found = await part(scope, Callers).identify_moderator(scope["headers"])
    if found is None:
        raise sign_in_first()
    return found


def provide_management(scope: Scope) -> UserManagement:
    """Return what applications manage their users with."""
    return part(scope, UserManagement)


ACCOUNT_DEPENDENCIES: Mapping[str, Provide] = {
    "db": Provide(provide_db, sync_to_thread=False),
    "caller": Provide(provide_caller),
    "visitor": Provide(provide_visitor),
    "key": Provide(provide_key),
    "moderator": Provide(provide_moderator),
    "management": Provide(provide_management, sync_to_thread=False),
    "accounts": Provide(provide_accounts, sync_to_thread=False),
    "lookup": Provide(provide_lookup, sync_to_thread=False),
}


def caller_of(scope: Scope) -> Identity:
    """Return the caller of a route that is `SIGNED_IN`."""
    caller: Identity = scope["user"]
    return caller


async def require_sign_in(request: Request[Any, Any, Any]) -> None:
    """Refuse requests without sign-in to routes that ask for `caller`, or are `SIGNED_IN`, and
    those without the right key to routes whose `opt` says what it `may`.

    Litestar reads the body before it calls the providers; this check comes before the body.
    """
    route, headers = request.route_handler, request.scope["headers"]
    if "signed_in" in route.opt or "caller" in route.parsed_fn_signature.parameters:
        identity = await part(request.scope, Callers).identify(headers)
        if identity is None:
            raise sign_in_first()
        request.scope["user"] = identity
    elif "moderator" in route.parsed_fn_signature.parameters:
        moderator = await part(request.scope, Callers).identify_moderator(headers)
        if moderator is None:
            raise sign_in_first()
        request.scope["user"], request.scope["auth"] = moderator
    elif "may" in route.opt:
        callers = part(request.scope, Callers)
        request.scope["auth"] = await callers.require_key(headers, route.opt["may"])
