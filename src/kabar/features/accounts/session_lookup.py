"""Who brings this cookie or token? Mostly answered from memory, without the database."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, bindparam, null, select, union_all

from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import AccessToken, Session, User
from kabar.infra.db import Database, Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cookies import named_cookie

COOKIE = "kabar_session"
_COOKIE_BYTES = COOKIE.encode()
REMEMBER_SECONDS = 30.0
_REMEMBER_MOST = 100_000


class _Known(NamedTuple):
    identity: Identity
    until: float


class SessionLookup:
    """Finds users by the SHA-256 of their token, which is all that the database holds of it.

    It remembers what it has found for 30 seconds. So long may a sign-out on another node go
    unnoticed; one on this node is noticed at once.
    """

    def __init__(self, db: Database, now: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._now = now
        # Oldest first. No TLRUCache, because looking through all for one user's takes it five times
        # as long; and no dict, which finds its first slowly after it has lost many.
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._forgotten = 0

    async def identify(self, headers: Iterable[tuple[bytes, bytes]]) -> Identity | None:
        """Return the user whose token is in these headers (ASGI's), or None."""
        token = token_of(headers)
        if token is None:
            return None
        token_hash = hash_token(token)
        known = self._known.get(token_hash)
        if known is not None and self._now() < known.until:
            return known.identity
        return await self._look_up(token_hash)

    def forget_token(self, token_hash: str) -> None:
        """A session was signed out, or a token revoked: it must not be remembered."""
        self._forgotten += 1
        self._known.pop(token_hash, None)

    def forget_user(self, user_id: str) -> None:
        """The user's name has changed, or sessions of theirs have ended."""
        self._forgotten += 1
        of_theirs = [h for h, known in self._known.items() if known.identity.user_id == user_id]
        for token_hash in of_theirs:
            del self._known[token_hash]

    async def _look_up(self, token_hash: str) -> Identity | None:
        forgotten = self._forgotten
        identity = await self._db.read_first(find_identity, token_hash)
        # If anything was forgotten while we read, this may be out of date: do not remember it.
        if identity is not None and forgotten == self._forgotten:
            self._remember(token_hash, identity)
        elif identity is None:
            self._known.pop(token_hash, None)
        return identity

    def _remember(self, token_hash: str, identity: Identity) -> None:
        seconds = REMEMBER_SECONDS
        if identity.expires_at is not None:
            seconds = min(seconds, identity.expires_at.timestamp() - time.time())
        now = self._now()
        self._known[token_hash] = _Known(identity, now + seconds)
        self._known.move_to_end(token_hash)
        while self._known:
            oldest = next(iter(self._known.values()))
            if len(self._known) <= _REMEMBER_MOST and now < oldest.until:
                break
            self._known.popitem(last=False)


def token_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """Return the token of the Authorization header, or, only without one, of the cookie."""
    cookies: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.partition(b" ")
            return token.strip() if scheme.lower() == b"bearer" else None
        if name == b"cookie":
            cookies.append((name, value))
    return named_cookie(cookies, _COOKIE_BYTES) if cookies else None


def hash_token(token: bytes) -> str:
    """Return the hash that the database holds. Tokens are long and random: they need no salt."""
    return hashlib.sha256(token).hexdigest()


#: what an `Identity` says of its user
WHO: dict[str, Any] = {
    "user_id": User.id,
    "username": User.username,
    "name": User.name,
    "avatar": User.avatar,
}
_FIND: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        *columns_of(
            Identity,
            **WHO,
            session_id=Session.id,
            token_id=null(),
            expires_at=Session.expires_at,
            key_id=null(),
        )
    )
    .join(User, User.id == Session.user_id)
    .where(Session.token_hash == bindparam("hash")),
    select(
        *columns_of(
            Identity,
            **WHO,
            session_id=null(),
            token_id=AccessToken.id,
            expires_at=AccessToken.expires_at,
            key_id=null(),
        )
    )
    .join(User, User.id == AccessToken.user_id)
    .where(AccessToken.token_hash == bindparam("hash")),
)


def find_identity(tx: Transaction, token_hash: str) -> Identity | None:
    """Return the user whose session or access token this is, unless it has expired."""
    row = tx.execute(_FIND, {"hash": token_hash}).first()
    if row is None:
        return None
    identity = Identity(*row)
    if identity.expires_at is not None and identity.expires_at <= tx.now:
        return None
    return identity
