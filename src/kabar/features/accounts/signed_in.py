"""Whether somebody is still signed in, asked in the transaction that writes for them."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from sqlalchemy import bindparam, select, union_all

from kabar.core.errors import NotSignedIn
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import AccessToken, Session, User
from kabar.infra.db import CheckedDatabase, Database, Transaction
from kabar.infra.db.rows import Rows, as_rows

_ONE = union_all(
    select(Session.expires_at).where(Session.id == bindparam("session_id")),
    select(AccessToken.created_at).where(AccessToken.id == bindparam("token_id")),
)
_SHOWN = Rows("shown")
_ALIVE = union_all(
    select(Session.id)
    .join(_SHOWN.table, Session.id == _SHOWN.text(0))
    .where(Session.expires_at > bindparam("now", type_=Session.expires_at.type)),
    select(AccessToken.id).join(_SHOWN.table, AccessToken.id == _SHOWN.text(0)),
)


def database_of(db: Database, caller: Identity) -> CheckedDatabase:
    """Return the database as this caller may use it."""
    return CheckedDatabase(db, partial(require_signed_in, caller=caller))


def require_signed_in(tx: Transaction, *, caller: Identity) -> None:
    """Raise unless the caller's session or token is still good."""
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
    """Return the ids of those sessions and tokens of many callers that are good no more."""
    shown = {caller.proof for caller in callers if caller.proof is not None}
    rows = as_rows((each,) for each in shown)
    return shown - set(tx.execute(_ALIVE, {"shown": rows, "now": tx.now}).scalars())


def sign_in_first() -> NotSignedIn:
    """Return the error for a request without a good cookie or token."""
    return NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
