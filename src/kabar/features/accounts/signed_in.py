"""Whether somebody is still signed in, asked in the transaction that writes for them."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from sqlalchemy import bindparam, or_, select, union_all

from kabar.core.errors import NotSignedIn
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import AccessToken, Session, User
from kabar.features.accounts.suspension import NOT_SUSPENDED
from kabar.features.keys.models import StoredKey
from kabar.infra.db import CheckedDatabase, Database, Transaction
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.rows import Rows, as_rows

_ONE = union_all(
    select(Session.expires_at).where(Session.id == bindparam("session_id")),
    select(AccessToken.created_at).where(AccessToken.id == bindparam("token_id")),
)
_ACTS = select(StoredKey.id).where(
    StoredKey.id == bindparam("key_id"),
    select(User.id)
    .where(User.id == bindparam("user_id"), User.erased_at.is_(None), NOT_SUSPENDED)
    .exists(),
)
_SHOWN = Rows("shown")
_NOW = bindparam("now", type_=Session.expires_at.type)
_ALIVE = Prepared(
    union_all(
        select(Session.id)
        .join(_SHOWN.table, Session.id == _SHOWN.text(0))
        .where(Session.expires_at > _NOW),
        select(AccessToken.id)
        .join(_SHOWN.table, AccessToken.id == _SHOWN.text(0))
        .where(or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > _NOW)),
    )
)
_ACTING = Rows("acting")
_ACTS_STILL = (
    select(_ACTING.text(0))
    .select_from(_ACTING.table)
    .join(StoredKey, StoredKey.id == _ACTING.text(1))
    .join(User, User.id == _ACTING.text(2))
    .where(User.erased_at.is_(None), NOT_SUSPENDED)
)


def database_of(db: Database, caller: Identity) -> CheckedDatabase:
    """Return the database as this caller may use it."""
    return CheckedDatabase(db, caller.user_id, partial(require_signed_in, caller=caller))


def require_signed_in(tx: Transaction, *, caller: Identity) -> None:
    """Raise unless the caller's session or token is still good, or the key that acts for them."""
    if caller.key_id is not None:
        acting = {"key_id": caller.key_id, "user_id": caller.user_id, "now": tx.now}
        if tx.execute(_ACTS, acting).first() is None:
            raise sign_in_first()
        return
    shown = {"session_id": caller.session_id, "token_id": caller.token_id}
    row = tx.execute(_ONE, shown).first()
    is_over = caller.expires_at is not None and caller.expires_at <= tx.now
    if row is None or is_over:
        raise sign_in_first()


def lock_signed_in(tx: Transaction, *, caller: Identity) -> None:
    """The same, and nobody changes the account until the end of the transaction: what is made now
    is seen by whoever ends all that the account has made."""
    tx.execute(select(User.id).where(User.id == caller.user_id).with_for_update())
    require_signed_in(tx, caller=caller)


def find_signed_out(tx: Transaction, callers: Collection[Identity]) -> set[str]:
    """Return the proofs of many callers that are good no more."""
    acting = {caller.proof: caller for caller in callers if caller.key_id is not None}
    shown = {caller.proof for caller in callers if caller.proof is not None}
    over, own = set(shown), shown - acting.keys()
    if own:
        rows = as_rows((each,) for each in own)
        over -= {proof for (proof,) in _ALIVE.rows(tx, {"shown": rows, "now": tx.now})}
    if acting:
        rows = as_rows((proof, each.key_id, each.user_id) for proof, each in acting.items())
        over -= set(tx.execute(_ACTS_STILL, {"acting": rows, "now": tx.now}).scalars())
    return over


def sign_in_first() -> NotSignedIn:
    """Return the error for a request without a good cookie or token."""
    return NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
