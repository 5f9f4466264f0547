"""Sessions: beginning and ending those of signed-in browsers."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert, update

from kabar.core.ids import new_id
from kabar.features.accounts.models import Session, User
from kabar.features.accounts.session_lookup import hash_token
from kabar.features.accounts.suspension import require_not_suspended
from kabar.infra.db import Transaction


class NewSession(NamedTuple):
    """A session that has just begun, with the token for the browser's cookie."""

    token: str
    expires_at: datetime
    #: the user whose session the browser had before
    ended: str | None


def start_session(
    tx: Transaction,
    *,
    user_id: str,
    lasts: timedelta,
    instead_of: str | None,
    better_hash: str | None = None,
) -> NewSession:
    """Begin a session with a new token; the session that the browser had before ends.

    So a token that an attacker planted in the browser is worth nothing after the sign-in. Who is
    suspended gets none; only who knows the password comes so far, and learns of it.
    """
    require_not_suspended(tx, user_id)
    ended = end_session(tx, token_hash=instead_of) if instead_of is not None else None
    if better_hash is not None:
        tx.execute(update(User).where(User.id == user_id).values(password_hash=better_hash))
    session = NewSession(secrets.token_urlsafe(32), tx.now + lasts, ended)
    tx.execute(
        insert(Session).values(
            id=new_id(),
            user_id=user_id,
            token_hash=hash_token(session.token.encode()),
            created_at=tx.now,
            expires_at=session.expires_at,
        )
    )
    return session


def end_session(tx: Transaction, *, token_hash: str) -> str | None:
    """End the session of a browser; return the user who was signed in."""
    user_id: str | None = tx.execute(
        delete(Session).where(Session.token_hash == token_hash).returning(Session.user_id)
    ).scalar_one_or_none()
    return user_id


def end_other_sessions(tx: Transaction, *, user_id: str, keep: str | None) -> None:
    """Sign out everywhere but in the session with the id `keep`."""
    tx.execute(delete(Session).where(Session.user_id == user_id, Session.id != (keep or "")))


def end_expired_sessions(tx: Transaction) -> set[str]:
    """Delete the sessions whose time is over, and return their users."""
    ended = delete(Session).where(Session.expires_at <= tx.now).returning(Session.user_id)
    return set(tx.execute(ended).scalars())
