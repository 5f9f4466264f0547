"""Erasing: what goes at once when an account is erased, by its owner or by an application."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, update

from kabar.features.accounts.errors import KeysEraseOtherwise, WrongPassword
from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import (
    AccessToken,
    FormerUsername,
    NamePart,
    ServerRole,
    Session,
    User,
)
from kabar.features.accounts.queries import lock_password_hash, lock_user, no_address
from kabar.infra.db import Transaction
from kabar.infra.http.idempotency import forget_answers_of

ERASED_NAME = "Deleted user"


def erase_own_account(
    tx: Transaction, *, caller: Identity, verified_hash: str | None, removes_messages: bool
) -> None:
    """Erase the caller. `verified_hash` is that of the password which they gave, if they have one:
    it must be the present one."""
    if caller.key_id is not None:
        raise KeysEraseOtherwise
    if lock_password_hash(tx, caller.user_id) != verified_hash:
        raise WrongPassword(field="password")
    erase_user(tx, user_id=caller.user_id, removes_messages=removes_messages)


def erase_user(tx: Transaction, *, user_id: str, removes_messages: bool) -> None:
    """Erase a user for good: nobody signs in as them, finds them or is told who they were.

    Their messages stay where they are, as those of nobody, or are removed by and by. The id stays
    in any case, and is never given to anybody again. Whatever else there is of them, handlers of
    `AccountErased` take away.
    """
    lock_user(tx, user_id)
    for table in (Session, AccessToken, FormerUsername, NamePart):
        tx.execute(delete(table).where(table.user_id == user_id))
    forget_answers_of(tx, user_id)
    tx.execute(
        update(User)
        .where(User.id == user_id)
        .values(
            username=f"deleted_{secrets.token_hex(8)}",
            name=ERASED_NAME,
            email=no_address(user_id),
            password_hash=None,
            avatar=None,
            bio=None,
            is_private=False,
            role=ServerRole.USER,
            suspended_at=None,
            suspended_until=None,
            suspended_for=None,
            search_text="",
            updated_at=tx.now,
            erased_at=tx.now,
        )
    )
    tx.emit(AccountErased(user_id=user_id, removes_messages=removes_messages))
