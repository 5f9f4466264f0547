"""Who sends a request: a person with a cookie or token, or an application for one of its users?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from cachetools import TTLCache
from sqlalchemy import bindparam, null, select

from kabar.core.errors import BadRequest, Forbidden, NotSignedIn
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity, Moderator
from kabar.features.accounts.models import User
from kabar.features.accounts.session_lookup import WHO, SessionLookup
from kabar.features.accounts.suspension import NOT_SUSPENDED, require_not_suspended
from kabar.features.keys.errors import BadKey, KeyNeeded
from kabar.features.keys.keys import PREFIX, ApiKey, find_key, hash_key, note_use
from kabar.features.keys.models import May
from kabar.infra.db import Database, Transaction
from kabar.infra.db.named_rows import columns_of

Headers = Iterable[tuple[bytes, bytes]]

_NOTE_EVERY_SECONDS = 60.0
_MOST_NOTED = 10_000


class RepeatedHeader(BadRequest):
    """Send Authorization once, and X-Kabar-User once: who calls must have one answer."""


class NoUserNamed(NotSignedIn):
    """Name the user for whom this is done: `X-Kabar-User`, with their id."""


class OnlyKeysAct(Forbidden):
    """X-Kabar-User is for API keys: this is no API key."""


class Shown(NamedTuple):
    """What a request shows of who sends it."""

    #: an API key, if it brings one
    key: bytes | None
    #: for whom
    user_id: str | None


class Callers:
    """Finds who sends a request.

    Of people it remembers what it has found (`SessionLookup`); of keys nothing: `kabar keys revoke`
    is another process, and a key that is revoked must be worth nothing at once.
    """

    def __init__(
        self, db: Database, sessions: SessionLookup, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._noted: TTLCache[str, None] = TTLCache(_MOST_NOTED, _NOTE_EVERY_SECONDS, clock)

    async def identify(self, headers: Headers) -> Identity | None:
        """Return the user for whom the request is, or None; of a key that may not, say why."""
        shown = shown_by(headers)
        if shown.key is None:
            if shown.user_id is not None:
                raise OnlyKeysAct
            return await self._sessions.identify(headers)
        found, identity = await self._db.read_first(_find_acting, shown)
        key = _good(found)
        key.require(May.ACT)
        await self._note(key)
        if shown.user_id is None:
            raise NoUserNamed(headers={"WWW-Authenticate": "Bearer"})
        if identity is None:
            raise UserNotFound
        return identity

    async def identify_moderator(self, headers: Headers) -> Moderator | None:
        """Return a user who may be a moderator, or the application that may moderate. Of one that
        acts for a moderator, the key must have that right, too."""
        shown = shown_by(headers)
        if shown.key is None:
            identity = await self.identify(headers)
            return None if identity is None else Moderator(identity)
        key = await self.require_key(headers, May.MODERATE)
        identity = None if shown.user_id is None else await self.identify(headers)
        return Moderator(identity, key)

    def forget_user(self, user_id: str) -> None:
        """Sessions of theirs have ended."""
        self._sessions.forget_user(user_id)

    async def require_key(self, headers: Headers, right: May) -> ApiKey:
        """Return the application that calls for itself, and may do this."""
        shown = shown_by(headers)
        if shown.key is None:
            raise KeyNeeded
        key = _good(await self._db.read_first(find_key, hash_key(shown.key)))
        key.require(right)
        await self._note(key)
        return key

    async def _note(self, key: ApiKey) -> None:
        if key.id not in self._noted:
            self._noted[key.id] = None
            await self._db.write(note_use, key_id=key.id)


def shown_by(headers: Headers) -> Shown:
    """Return the key and the user that a request names."""
    authorization: bytes | None = None
    user: bytes | None = None
    for name, value in headers:
        if name == b"authorization":
            if authorization is not None:
                raise RepeatedHeader
            authorization = value
        elif name == b"x-kabar-user":
            if user is not None:
                raise RepeatedHeader
            user = value
    return Shown(_key_in(authorization), None if user is None else user.decode("latin-1").strip())


def _good(key: ApiKey | None) -> ApiKey:
    if key is None:
        raise BadKey
    return key


def _key_in(authorization: bytes | None) -> bytes | None:
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(b" ")
    token = token.strip()
    return token if scheme.lower() == b"bearer" and token.startswith(PREFIX) else None


_ACTING = select(
    *columns_of(
        Identity,
        **WHO,
        session_id=null(),
        token_id=null(),
        expires_at=null(),
        key_id=bindparam("key_id"),
    )
).where(User.id == bindparam("user_id"), User.erased_at.is_(None), NOT_SUSPENDED)


def identity_of(tx: Transaction, user_id: str) -> Identity:
    """Return a user for whom Kabar's own process acts."""
    identity = _acting(tx, user_id, key_id=None)
    if identity is None:
        raise UserNotFound
    return identity


def _acting(tx: Transaction, user_id: str, *, key_id: str | None) -> Identity | None:
    """Return somebody who is acted for, if there is such a user. Raises `AccountSuspended`."""
    row = tx.execute(_ACTING, {"key_id": key_id, "user_id": user_id, "now": tx.now}).first()
    if row is None:
        require_not_suspended(tx, user_id)
        return None
    return Identity(*row)


def _find_acting(tx: Transaction, shown: Shown) -> tuple[ApiKey | None, Identity | None]:
    key = find_key(tx, hash_key(shown.key or b""))
    if key is None or shown.user_id is None:
        return key, None
    return key, _acting(tx, shown.user_id, key_id=key.id)
