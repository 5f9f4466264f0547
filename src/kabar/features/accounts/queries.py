"""Queries of users: by id or @username, and the password hash for a sign-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, func, or_, select, union_all

from kabar.core.text import folded
from kabar.core.times import rfc3339
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.models import FormerUsername, ServerRole, User
from kabar.features.accounts.schemas import OwnProfile, UserView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of

AnyRow = Row[*tuple[Any, ...]]


class UserRow(NamedRow, frozen=True):
    """A user as everybody sees them."""

    id: str
    username: str
    name: str
    avatar: str | None
    bio: str | None
    is_private: bool
    is_bot: bool
    accepts_follows: bool
    hide_follows: bool
    followers_count: int | None
    following_count: int | None
    created_at: datetime


class _OwnRow(UserRow, frozen=True):
    email: str
    role: str
    read_receipts: bool
    hide_counts: bool
    has_password: bool


#: for `columns_of` a `UserRow`, or a row that has more
USER_COLUMNS: dict[str, Any] = {
    "id": User.id,
    "username": User.username,
    "name": User.name,
    "avatar": User.avatar,
    "bio": User.bio,
    "is_private": User.is_private,
    "is_bot": User.is_bot,
    "accepts_follows": User.accepts_follows,
    "hide_follows": User.hide_follows,
    "followers_count": User.followers_count,
    "following_count": User.following_count,
    "created_at": User.created_at,
}


def user_fields(row: UserRow) -> dict[str, Any]:
    """Return what a `UserView` is made of, and every view that shows more."""
    return {
        "id": row.id,
        "username": row.username,
        "name": row.name,
        "avatar": row.avatar,
        "bio": row.bio,
        "is_private": row.is_private,
        "is_bot": row.is_bot,
        "accepts_follows": row.accepts_follows,
        "hide_follows": row.hide_follows,
        "followers_count": row.followers_count,
        "following_count": row.following_count,
        "created_at": rfc3339(row.created_at),
    }


class Account(NamedTuple):
    """The columns that a sign-in needs."""

    user_id: str
    password_hash: str | None


#: more ways of hashing than anybody has changed the settings
_MOST_KINDS = 8

_ONE = select(*columns_of(UserRow, **USER_COLUMNS)).where(
    User.id == bindparam("id"), User.erased_at.is_(None)
)
_OWN_COLUMNS = {
    "email": User.email,
    "role": User.role,
    "read_receipts": User.read_receipts,
    "hide_counts": User.hide_counts,
    "has_password": User.password_hash.is_not(None),
}
_OWN = select(*columns_of(_OwnRow, **USER_COLUMNS, **_OWN_COLUMNS)).where(
    User.id == bindparam("id")
)
_ID_BY_ID = select(User.id).where(User.id == bindparam("wanted"), User.erased_at.is_(None))
#: of whoever has the name, or had it last
ID_BY_USERNAME = union_all(
    select(User.id).where(User.username == bindparam("wanted")),
    select(FormerUsername.user_id).where(FormerUsername.username == bindparam("wanted")),
)
_ACCOUNT = select(User.id, User.password_hash).where(
    or_(User.username == bindparam("login"), User.email == bindparam("login"))
)
_ACCOUNT_BY_ID = select(User.id, User.password_hash).where(User.id == bindparam("id"))


def require_user_id(tx: Transaction, wanted: str) -> str:
    """Return the id of a user named by id or `@username`."""
    by_username = wanted.startswith("@")
    row = tx.execute(
        ID_BY_USERNAME if by_username else _ID_BY_ID,
        {"wanted": wanted[1:].lower() if by_username else wanted},
    ).first()
    if row is None:
        raise UserNotFound
    user_id: str = row[0]
    return user_id


def require_user(tx: Transaction, user_id: str) -> UserView:
    """Return a user as everybody sees them."""
    row = UserRow(*_require(tx.execute(_ONE, {"id": user_id}).first()))
    return UserView(**user_fields(row))


def user_and_role(tx: Transaction, user_id: str) -> tuple[UserView, ServerRole]:
    """Return a user as everybody sees them, and what they may do on this server."""
    row = _OwnRow(*_require(tx.execute(_OWN, {"id": user_id}).first()))
    return UserView(**user_fields(row)), ServerRole(row.role)


def require_own_profile(tx: Transaction, user_id: str) -> OwnProfile:
    """Return a user as they see themselves."""
    row = _OwnRow(*_require(tx.execute(_OWN, {"id": user_id}).first()))
    return OwnProfile(
        **user_fields(row),
        email=address_in(row.email),
        role=ServerRole(row.role),
        read_receipts=row.read_receipts,
        hide_counts=row.hide_counts,
        has_password=row.has_password,
    )


def address_in(email: str) -> str | None:
    """Return the address in the column, which is never empty; None: they have none."""
    return email if "@" in email else None


def no_address(user_id: str) -> str:
    """Return what stands in the column of a user without an address."""
    return f"none: {user_id}"


def lock_user(tx: Transaction, user_id: str) -> None:
    """Let nobody change the user until the end of the transaction; raise if there is none."""
    _require(tx.execute(_lock(user_id).where(User.erased_at.is_(None))).first())


def lock_erased(tx: Transaction, user_id: str) -> None:
    """The same for one who may have been erased."""
    tx.execute(_lock(user_id))


def _lock(user_id: str) -> Select[*tuple[Any, ...]]:
    # Rows that refer to them may be written meanwhile.
    return select(User.id).where(User.id == user_id).with_for_update(key_share=True)


def find_account(tx: Transaction, login: str) -> Account | None:
    """Return the account with this username or e-mail address (no name holds an @)."""
    row = tx.execute(_ACCOUNT, {"login": login}).first()
    return None if row is None else Account(*row)


def require_account(tx: Transaction, user_id: str) -> Account:
    return Account(*_require(tx.execute(_ACCOUNT_BY_ID, {"id": user_id}).first()))


def one_hash_of_each_kind(tx: Transaction) -> list[str]:
    """Return a hash for each set of parameters that passwords were hashed with."""
    # A hash begins with them, and ends with a salt of 22 characters, `$`, and 43 characters.
    parameters = func.substr(User.password_hash, 1, func.length(User.password_hash) - 66)
    kinds = (
        select(func.min(User.password_hash))
        .where(User.password_hash.like("$argon2%"), func.length(User.password_hash) > 66)
        .group_by(parameters)
        .limit(_MOST_KINDS)
    )
    return list(tx.execute(kinds).scalars())


def lock_password_hash(tx: Transaction, user_id: str) -> str | None:
    """Return the present hash; lock it until the end of the transaction."""
    found: str | None = tx.execute(
        select(User.password_hash).where(User.id == user_id).with_for_update()
    ).scalar_one_or_none()
    return found


def search_text(username: str, name: str) -> str:
    """Return the text by which a user is found; each word has a space before its beginning."""
    return f" {username} {folded(name)}"


def _require(row: AnyRow | None) -> AnyRow:
    if row is None:
        raise UserNotFound
    return row
