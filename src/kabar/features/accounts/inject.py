"""Dependencies that routes ask for by name: the caller, and the services of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.types import Scope

from kabar.core.errors import NotSignedIn
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.service import AccountService
from kabar.features.accounts.session_lookup import SessionLookup
from kabar.infra.http.idempotency import IdempotencyKey

Accounts = NamedDependency[AccountService]
Lookup = NamedDependency[SessionLookup]
#: the `opt` of a route that finds its caller by `caller_of`
SIGNED_IN: dict[str, Any] = {"signed_in": True}


def account_dependencies(lookup: SessionLookup, accounts: AccountService) -> Mapping[str, Provide]:
    """Return the providers of `caller`, `visitor`, `accounts` and `lookup`."""

    # Both ask for `idempotency_key` only to be resolved after it: see `infra/http/inject.py`.
    async def provide_caller(
        scope: Scope,
        idempotency_key: IdempotencyKey,  # noqa: ARG001
    ) -> Identity:
        found: Identity | None = scope.get("user") or await lookup.identify(scope["headers"])
        if found is None:
            raise sign_in_first()
        return found

    async def provide_visitor(
        scope: Scope,
        idempotency_key: IdempotencyKey,  # noqa: ARG001
    ) -> Identity | None:
        return await lookup.identify(scope["headers"])

    def provide_accounts() -> AccountService:
        return accounts

    def provide_lookup() -> SessionLookup:
        return lookup

    return {
        "caller": Provide(provide_caller),
        "visitor": Provide(provide_visitor),
        "accounts": Provide(provide_accounts, sync_to_thread=False),
        "lookup": Provide(provide_lookup, sync_to_thread=False),
    }


def caller_of(scope: Scope) -> Identity:
    """Return the caller of a route that is `SIGNED_IN`."""
    caller: Identity = scope["user"]
    return caller


class SignInCheck:
    """Refuses requests without sign-in to routes that ask for `caller`, or are `SIGNED_IN`.

    Litestar reads the body before it calls the providers; this check comes before the body.
    """

    def __init__(self, lookup: SessionLookup) -> None:
        self._lookup = lookup

    async def check(self, request: Request[Any, Any, Any]) -> None:
        route = request.route_handler
        if "signed_in" in route.opt or "caller" in route.parsed_fn_signature.parameters:
            identity = await self._lookup.identify(request.scope["headers"])
            if identity is None:
                raise sign_in_first()
            request.scope["user"] = identity


def sign_in_first() -> NotSignedIn:
    """Return the error for a request without a good cookie or token."""
    return NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
