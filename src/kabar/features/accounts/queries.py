"""Queries of users: by id or @username, and the password hash for a sign-in."""

from __future__ import annotations

import unicodedata
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, or_, select

from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.models import User
from kabar.features.accounts.schemas import OwnProfile, UserView
from kabar.infra.db import Transaction

AnyRow = Row[*tuple[Any, ...]]

#: what `UserView.of` takes, in its order
USER_COLUMNS = (
    User.id,
    User.username,
    User.name,
    User.avatar,
    User.bio,
    User.is_private,
    User.followers_count,
    User.following_count,
    User.created_at,
)


class Account(NamedTuple):
    """The columns that a sign-in needs."""

    user_id: str
    password_hash: str | None


_ONE = select(*USER_COLUMNS).where(User.id == bindparam("id"))
_OWN = select(*USER_COLUMNS, User.email).where(User.id == bindparam("id"))
_ID_BY_ID = select(User.id).where(User.id == bindparam("wanted"))
_ID_BY_USERNAME = select(User.id).where(User.username == bindparam("wanted"))
_ACCOUNT = select(User.id, User.password_hash).where(
    or_(User.username == bindparam("login"), User.email == bindparam("login"))
)
_ACCOUNT_BY_ID = select(User.id, User.password_hash).where(User.id == bindparam("id"))


def require_user_id(tx: Transaction, wanted: str) -> str:
    """Return the id of a user named by id or `@username`."""
    by_username = wanted.startswith("@")
    row = tx.execute(
        _ID_BY_USERNAME if by_username else _ID_BY_ID,
        {"wanted": wanted[1:].lower() if by_username else wanted},
    ).first()
    if row is None:
        raise UserNotFound
    user_id: str = row[0]
    return user_id


def require_user(tx: Transaction, user_id: str) -> UserView:
    """Return a user as everybody sees them."""
    return UserView.of(_require(tx.execute(_ONE, {"id": user_id}).first()))


def require_own_profile(tx: Transaction, user_id: str) -> OwnProfile:
    """Return a user as they see themselves."""
    return OwnProfile.of(_require(tx.execute(_OWN, {"id": user_id}).first()))


def find_account(tx: Transaction, login: str) -> Account | None:
    """Return the account with this username or e-mail address (no name holds an @)."""
    row = tx.execute(_ACCOUNT, {"login": login}).first()
    return None if row is None else Account(*row)


def require_account(tx: Transaction, user_id: str) -> Account:
    return Account(*_require(tx.execute(_ACCOUNT_BY_ID, {"id": user_id}).first()))


def lock_password_hash(tx: Transaction, user_id: str) -> str | None:
    """Return the present hash; lock it until the end of the transaction."""
    found: str | None = tx.execute(
        select(User.password_hash).where(User.id == user_id).with_for_update()
    ).scalar_one_or_none()
    return found


def folded(text: str) -> str:
    """Return a text as it is searched: without upper case, in one Unicode form."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_text(username: str, name: str) -> str:
    """Return the text by which a user is found; each word has a space before its beginning."""
    return f" {username} {folded(name)}"


def _require(row: AnyRow | None) -> AnyRow:
    if row is None:
        raise UserNotFound
    return row
