"""Access tokens: making, listing and revoking those with which a user's programs sign in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from kabar.core.ids import new_id
from kabar.features.accounts.errors import TokenNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.key_schemas import UserTokenDraft
from kabar.features.accounts.models import AccessToken
from kabar.features.accounts.queries import lock_user
from kabar.features.accounts.schemas import NewToken, TokenPage, TokenView
from kabar.features.accounts.session_lookup import REMEMBER_SECONDS, hash_token
from kabar.features.accounts.signed_in import lock_signed_in
from kabar.features.accounts.suspension import require_not_suspended
from kabar.infra.db import Transaction
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor
from kabar.infra.http.idempotency import Answer, Repeatable, once

#: lets scanners of source code find tokens that were checked in by mistake
_PREFIX = "kabar_"


def create_token(
    tx: Transaction, *, mark: Repeatable | None, caller: Identity, name: str, secret: bytes
) -> Answer[NewToken]:
    """Make a token. Who repeats the request sees it again, though it is stored nowhere, for as
    long as it is good."""
    lock_signed_in(tx, caller=caller)
    return _create(
        tx,
        mark,
        user_id=caller.user_id,
        secret=secret,
        name=name,
        expires_at=None,
        key_id=caller.key_id,
    )


def create_token_for(
    tx: Transaction,
    *,
    mark: Repeatable | None,
    user_id: str,
    draft: UserTokenDraft,
    key_id: str,
    secret: bytes,
) -> Answer[NewToken]:
    """The same for an application, with whose key it ends."""
    lock_user(tx, user_id)
    require_not_suspended(tx, user_id)
    return _create(
        tx,
        mark,
        user_id=user_id,
        secret=secret,
        name=draft.name,
        expires_at=draft.ends_after(tx.now),
        key_id=key_id,
    )


def _create(
    tx: Transaction, mark: Repeatable | None, *, user_id: str, secret: bytes, **fields: Any
) -> Answer[NewToken]:
    key = mark.key if mark else secrets.token_urlsafe(32)
    keep = once(mark, str, _keep_token, now=_still_kept)
    answer = keep(tx, user_id=user_id, key=key, secret=secret, **fields)
    token = _token(secret, user_id, key, answer.value)
    return Answer(NewToken(answer.value, token), answer.first)


def _still_kept(tx: Transaction, token_id: str) -> str:
    if tx.execute(select(AccessToken.id).where(AccessToken.id == token_id)).first() is None:
        raise TokenNotFound
    return token_id


def _keep_token(
    tx: Transaction,
    *,
    user_id: str,
    key: str,
    secret: bytes,
    name: str,
    expires_at: datetime | None,
    key_id: str | None,
) -> str:
    token_id = new_id()
    token = _token(secret, user_id, key, token_id)
    tx.execute(
        insert(AccessToken).values(
            id=token_id,
            user_id=user_id,
            name=name,
            token_hash=hash_token(token.encode()),
            created_at=tx.now,
            expires_at=expires_at,
            key_id=key_id,
        )
    )
    return token_id


def _token(secret: bytes, user_id: str, key: str, token_id: str) -> str:
    """Return the token, made with the server's secret: nobody else can make it."""
    written = f"access token\n{user_id}\n{key}\n{token_id}"
    digest = hmac.new(secret, written.encode(), hashlib.sha256).digest()
    return _PREFIX + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class TokenCursor(TimeCursor, frozen=True, tag="tokens"):
    """A place in the list of tokens."""


def page_of_tokens(
    tx: Transaction, *, user_id: str, limit: int, after: TokenCursor | None
) -> TokenPage:
    """Return the user's tokens, newest first."""
    statement = (
        select(AccessToken.id, AccessToken.name, AccessToken.created_at, AccessToken.expires_at)
        .where(AccessToken.user_id == user_id)
        .order_by(AccessToken.created_at.desc(), AccessToken.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(AccessToken.created_at, AccessToken.id, after))
    rows = tx.execute(statement).all()
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return TokenPage(
        tokens=[TokenView.of(*row) for row in rows[:limit]],
        next_cursor=write_cursor(TokenCursor.at(last[2], last[0])) if last is not None else None,
    )


def end_tokens(tx: Transaction, *, user_id: str, keep: str | None) -> None:
    """Revoke all of a user's tokens but the one with the id `keep`."""
    tx.execute(
        delete(AccessToken).where(AccessToken.user_id == user_id, AccessToken.id != (keep or ""))
    )


def end_tokens_of_key(tx: Transaction, *, key_id: str) -> None:
    """What an application has made ends with its key: now for whoever asks the database, and
    within two minutes for what is remembered and for open sockets (`end_expired_tokens`)."""
    tx.execute(update(AccessToken).where(AccessToken.key_id == key_id).values(expires_at=tx.now))


def end_expired_tokens(tx: Transaction) -> set[str]:
    """Delete the tokens whose time is over, and return whose they were.

    Only when no node remembers them any more: a socket that is closed now comes back at once.
    """
    forgotten = tx.now - timedelta(seconds=REMEMBER_SECONDS)
    ended = delete(AccessToken).where(AccessToken.expires_at <= forgotten)
    return set(tx.execute(ended.returning(AccessToken.user_id)).scalars())


def revoke_token(tx: Transaction, *, user_id: str, token_id: str) -> str:
    """Delete one of the user's tokens; return its hash."""
    row = tx.execute(
        delete(AccessToken)
        .where(AccessToken.id == token_id, AccessToken.user_id == user_id)
        .returning(AccessToken.token_hash)
    ).first()
    if row is None:
        raise TokenNotFound
    token_hash: str = row[0]
    return token_hash
