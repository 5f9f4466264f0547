"""Dependencies that routes ask for by name: the caller, and the services of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.types import Scope

from kabar.features.accounts.identity import Identity
from kabar.features.accounts.service import AccountService
from kabar.features.accounts.session_lookup import SessionLookup
from kabar.features.accounts.signed_in import database_of, sign_in_first
from kabar.infra.db import Database, Units
from kabar.infra.http.idempotency import IdempotencyKey
from kabar.infra.http.parts import part

Accounts = NamedDependency[AccountService]
Lookup = NamedDependency[SessionLookup]
#: the `opt` of a route that finds its caller by `caller_of`
SIGNED_IN: dict[str, Any] = {"signed_in": True}


def provide_db(scope: Scope) -> Units:
    """Return the database; where a route asks for its caller, one that writes only for who is
    signed in when it writes."""
    db = part(scope, Database)
    caller: Identity | None = scope.get("user")
    return db if caller is None else database_of(db, caller)


# Both ask for `idempotency_key` only to be resolved after it: see `infra/http/inject.py`.
async def provide_caller(
    scope: Scope,
    idempotency_key: IdempotencyKey,  # noqa: ARG001
) -> Identity:
    """Return who calls."""
    # Again, now that the body is there: they may have been signed out while it came.
    found = await part(scope, SessionLookup).identify(scope["headers"])
    if found is None:
        raise sign_in_first()
    return found


async def provide_visitor(
    scope: Scope,
    idempotency_key: IdempotencyKey,  # noqa: ARG001
) -> Identity | None:
    """Return who calls, or None for somebody who is not signed in."""
    return await part(scope, SessionLookup).identify(scope["headers"])


def provide_accounts(scope: Scope) -> AccountService:
    """Return what signs up, in and out."""
    return part(scope, AccountService)


def provide_lookup(scope: Scope) -> SessionLookup:
    """Return what knows whose session it is."""
    return part(scope, SessionLookup)


ACCOUNT_DEPENDENCIES: Mapping[str, Provide] = {
    "db": Provide(provide_db, sync_to_thread=False),
    "caller": Provide(provide_caller),
    "visitor": Provide(provide_visitor),
    "accounts": Provide(provide_accounts, sync_to_thread=False),
    "lookup": Provide(provide_lookup, sync_to_thread=False),
}


def caller_of(scope: Scope) -> Identity:
    """Return the caller of a route that is `SIGNED_IN`."""
    caller: Identity = scope["user"]
    return caller


async def require_sign_in(request: Request[Any, Any, Any]) -> None:
    """Refuse requests without sign-in to routes that ask for `caller`, or are `SIGNED_IN`.

    Litestar reads the body before it calls the providers; this check comes before the body.
    """
    route = request.route_handler
    if "signed_in" in route.opt or "caller" in route.parsed_fn_signature.parameters:
        lookup = part(request.scope, SessionLookup)
        identity = await lookup.identify(request.scope["headers"])
        if identity is None:
            raise sign_in_first()
        request.scope["user"] = identity
