"""Entering: the units of work that let somebody in, new or known."""

from __future__ import annotations

from datetime import timedelta

from kabar.features.accounts import queries, registration, sessions
from kabar.features.accounts.errors import BadCredentials
from kabar.features.accounts.schemas import Registration, UserView
from kabar.features.accounts.sessions import NewSession
from kabar.infra.db import Transaction
from kabar.infra.http.idempotency import Answer, Repeatable, once


def register_and_sign_in(
    tx: Transaction,
    *,
    mark: Repeatable | None,
    draft: Registration,
    password_hash: str,
    lasts: timedelta,
    instead_of: str | None,
) -> tuple[Answer[UserView], NewSession | None]:
    """Register and begin a session; a repeated request gets the first answer, but no session."""
    register_once = once(mark, UserView, registration.register, now=registration.still_there)
    answer = register_once(tx, draft=draft, password_hash=password_hash)
    if not answer.first:
        return answer, None
    session = sessions.start_session(
        tx, user_id=answer.value.id, lasts=lasts, instead_of=instead_of
    )
    return answer, session


def sign_in(
    tx: Transaction,
    *,
    user_id: str,
    verified_hash: str | None,
    lasts: timedelta,
    instead_of: str | None,
    better_hash: str | None,
) -> tuple[UserView, NewSession]:
    # Verifying took a while: a password that was changed meanwhile must not sign in any more.
    if queries.lock_password_hash(tx, user_id) != verified_hash:
        raise BadCredentials
    user = queries.require_user(tx, user_id)
    session = sessions.start_session(
        tx, user_id=user_id, lasts=lasts, instead_of=instead_of, better_hash=better_hash
    )
    return user, session
