"""Moderators: may this caller do what moderators do, and to whom?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from kabar.features.accounts.identity import Moderator
from kabar.features.accounts.models import ServerRole, User
from kabar.features.accounts.queries import lock_user, require_user_id
from kabar.features.moderation.errors import AdminsOnly, ModeratorsOnly, StandsAbove
from kabar.infra.db import Transaction

#: of all that are told of what there is to do
_MOST_TOLD = 1000

_ROLE = select(User.role).where(User.id == bindparam("user"))
_STAFF: Any = (
    select(User.id)
    .where(User.role.in_((ServerRole.MODERATOR, ServerRole.ADMIN)))
    # As the index has it.
    .where(User.role != ServerRole.USER)
    .order_by(User.id)
    .limit(_MOST_TOLD)
)


def require_moderator(tx: Transaction, who: Moderator) -> ServerRole:
    """Return the role in which they call: an application's is that of a moderator."""
    if who.identity is None:
        return ServerRole.MODERATOR
    role = role_of(tx, who.identity.user_id)
    if not role.stands_above(ServerRole.USER):
        raise ModeratorsOnly
    return role


def require_admin(tx: Transaction, who: Moderator) -> None:
    if require_moderator(tx, who) is not ServerRole.ADMIN:
        raise AdminsOnly


def lock_below(tx: Transaction, who: Moderator, user: str) -> str:
    """Lock a user (an id or `@username`) who stands below the caller; return the id."""
    role = require_moderator(tx, who)
    user_id = require_user_id(tx, user)
    lock_user(tx, user_id)
    if not role.stands_above(role_of(tx, user_id)):
        raise StandsAbove
    return user_id


def role_of(tx: Transaction, user_id: str) -> ServerRole:
    return ServerRole(tx.execute(_ROLE, {"user": user_id}).scalar_one())


def staff(tx: Transaction) -> tuple[str, ...]:
    """Return the moderators and admins."""
    return tuple(tx.execute(_STAFF).scalars())
