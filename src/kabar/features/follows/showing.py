"""Showing: whose lists of follows the caller may see, and how many are in them."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.errors import AccountPrivate, ListsHidden
from kabar.features.follows.follows import follows
from kabar.features.follows.people import PERSON_COLUMNS
from kabar.features.follows.sides import Side
from kabar.features.follows.walls import require_no_wall
from kabar.infra.db import Transaction

_WHO_SEES = select(User.is_private, User.hide_follows).where(User.id == bindparam("user"))
_SHOWN_COUNTS = {
    count: select(PERSON_COLUMNS[count]).where(User.id == bindparam("user"))
    for count in ("followers_count", "following_count")
}


def require_shown(tx: Transaction, caller_id: str, user: str) -> str:
    """Return the id of a user whose lists the caller may see."""
    user_id = require_user_id(tx, user)
    require_no_wall(tx, caller_id, [user_id])
    if caller_id != user_id:
        is_private, is_hidden = tx.execute(_WHO_SEES, {"user": user_id}).one()
        if is_hidden:
            raise ListsHidden
        if is_private and not follows(tx, caller_id, user_id):
            raise AccountPrivate
    return user_id


def shown_total(tx: Transaction, caller_id: str, user_id: str, side: Side) -> int | None:
    """Return how many are in a list, as far as that is for the caller."""
    total: int | None = tx.execute(
        _SHOWN_COUNTS[side.counted], {"caller": caller_id, "user": user_id}
    ).scalar_one()
    return total
