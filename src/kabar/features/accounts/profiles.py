"""Profiles: changing one's own name, address, picture or password."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from kabar.features.accounts.errors import UserNotFound, WrongPassword
from kabar.features.accounts.events import AccountOpened, UserRenamed
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import FormerUsername, User
from kabar.features.accounts.name_parts import rewrite_parts
from kabar.features.accounts.queries import require_own_profile, search_text
from kabar.features.accounts.registration import require_free_names
from kabar.features.accounts.schemas import OwnProfile, ProfileChanges
from kabar.features.accounts.sessions import end_other_sessions
from kabar.features.accounts.tokens import end_tokens
from kabar.infra.db import Transaction

#: of one account; then the oldest is anybody's again
MOST_FORMER_NAMES = 10
_CHANGEABLE = (
    *("name", "username", "email", "bio", "avatar", "is_private", "read_receipts"),
    *("accepts_follows", "hide_follows", "hide_counts"),
)


def update_profile(
    tx: Transaction,
    *,
    caller: Identity,
    changes: ProfileChanges,
    password_hash: str | None,
    instead_of_hash: str | None = None,
) -> OwnProfile:
    """Change what is given. A new password ends every other session, and the tokens too
    unless they are to be kept.

    `instead_of_hash` is the hash of the password that the caller gave: it must be the present one.
    """
    row = tx.execute(
        select(User.password_hash, User.is_private, User.accepts_follows)
        .where(User.id == caller.user_id)
        .with_for_update()
    ).first()
    if row is None:
        raise UserNotFound
    present_hash, was_private, did_accept = row
    if (password_hash or instead_of_hash) and present_hash != instead_of_hash:
        raise WrongPassword
    values = {
        field: value for field in _CHANGEABLE if (value := getattr(changes, field)) is not UNSET
    }
    if password_hash is not None:
        values["password_hash"] = password_hash
    change_user(tx, caller.user_id, values)
    is_private, accepts = (
        values.get("is_private", was_private),
        values.get("accepts_follows", did_accept),
    )
    if accepts and not is_private and (was_private or not did_accept):
        tx.emit(AccountOpened(user_id=caller.user_id))
    if password_hash is not None:
        end_other_sessions(tx, user_id=caller.user_id, keep=caller.session_id)
        if not changes.keep_tokens:
            end_tokens(tx, user_id=caller.user_id, keep=caller.token_id)
    return require_own_profile(tx, caller.user_id)


def change_user(tx: Transaction, user_id: str, values: dict[str, Any]) -> None:
    """Write what changes of a user who is locked, and what follows from it."""
    if not values:
        return
    username, name, avatar = tx.execute(
        select(User.username, User.name, User.avatar).where(User.id == user_id)
    ).one()
    new_username: str = values.get("username", username)
    if new_username != username:
        _keep_former(tx, user_id, username, instead_of=new_username)
    found_by = search_text(new_username, values.get("name", name))
    _update(tx, user_id, {**values, "search_text": found_by})
    if found_by != search_text(username, name):
        rewrite_parts(tx, user_id, found_by)
    before = {"username": username, "name": name, "avatar": avatar}
    if any(values.get(field, value) != value for field, value in before.items()):
        tx.emit(UserRenamed(user_id=user_id))


def _keep_former(tx: Transaction, user_id: str, username: str, *, instead_of: str) -> None:
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    row = {"username": username, "user_id": user_id, "created_at": tx.now}
    tx.execute(insert(FormerUsername).values(row).on_conflict_do_nothing())
    of_theirs = FormerUsername.user_id == user_id
    tx.execute(delete(FormerUsername).where(FormerUsername.username == instead_of, of_theirs))
    # Else one account could take all the names there are, one after the other.
    latest = select(FormerUsername.username).where(of_theirs)
    latest = latest.order_by(FormerUsername.created_at.desc(), FormerUsername.username)
    kept = latest.limit(MOST_FORMER_NAMES)
    tx.execute(delete(FormerUsername).where(of_theirs, FormerUsername.username.not_in(kept)))


def _update(tx: Transaction, user_id: str, values: dict[str, Any]) -> None:
    username, email = values.get("username"), values.get("email")
    require_free_names(tx, username=username, email=email, except_id=user_id)
    try:
        with tx.connection.begin_nested():
            tx.execute(update(User).where(User.id == user_id).values(**values, updated_at=tx.now))
    except IntegrityError:
        # An UPDATE has no ON CONFLICT: somebody took a name since we looked. This finds which.
        require_free_names(tx, username=username, email=email, except_id=user_id)
        raise
