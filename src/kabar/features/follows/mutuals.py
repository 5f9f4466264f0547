"""Mutuals: whom the caller follows who follow somebody else, or follow the caller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from kabar.features.accounts.models import User
from kabar.features.follows.models import Follow
from kabar.features.follows.people import PERSON_COLUMNS, PersonRow, person_view
from kabar.features.follows.schemas import FollowList
from kabar.features.follows.showing import require_shown
from kabar.features.follows.sides import is_there
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

_MINE = Follow.follower_id == bindparam("caller")
#: of those whom the caller follows
_FOLLOW_USER = is_there(Follow.following_id, bindparam("user"))
#: those who follow the user
_FOLLOWED_BY_ME = select(Follow.follower_id).where(
    Follow.following_id == bindparam("user"), is_there(bindparam("caller"), Follow.follower_id)
)
_FEWER_ARE_MINE = select(
    select(User.following_count).where(User.id == bindparam("caller")).scalar_subquery()
    <= select(User.followers_count).where(User.id == bindparam("user")).scalar_subquery()
)
_COUNT_MINE = select(func.count()).select_from(Follow).where(_MINE, _FOLLOW_USER)
_COUNT_THEIRS = select(func.count()).select_from(_FOLLOWED_BY_ME.subquery())


class MutualsCursor(TimeCursor, frozen=True, tag="mutuals"):
    """A place in a list of mutuals: when the caller began to follow them."""


class _MutualRow(PersonRow, frozen=True):
    followed_at: datetime
    follow_id: str


_PAGE = (
    select(
        *columns_of(
            _MutualRow, **PERSON_COLUMNS, followed_at=Follow.created_at, follow_id=Follow.id
        )
    )
    .join(Follow, Follow.following_id == User.id)
    .where(_MINE)
    .order_by(Follow.created_at.desc(), Follow.id.desc())
)
_FOUND = Rows("found")
_AMONG_FOUND = User.id.in_(select(_FOUND.text(0)).select_from(_FOUND.table))


# Of the two lists the shorter one is walked through, and the other one asked for each.


def count_mutuals(tx: Transaction, caller_id: str, user_id: str) -> int:
    """Count whom the caller follows who follow the user."""
    pair = {"caller": caller_id, "user": user_id}
    count = _COUNT_MINE if _fewer_are_mine(tx, pair) else _COUNT_THEIRS
    total: int = tx.execute(count, pair).scalar_one()
    return total


def page_of_mutuals(
    tx: Transaction, *, caller_id: str, user: str, limit: int, after: MutualsCursor | None
) -> FollowList:
    """Return whom the caller follows who follow the user, whose list of followers they may see."""
    user_id = require_shown(tx, caller_id, user)
    pair = {"caller": caller_id, "user": user_id}
    statement, parameters = _PAGE.limit(limit + 1), dict[str, Any](pair)
    if _fewer_are_mine(tx, pair):
        statement = statement.where(_FOLLOW_USER)
    else:
        statement = statement.where(_AMONG_FOUND)
        found = tx.execute(_FOLLOWED_BY_ME, pair).scalars()
        parameters["found"] = as_rows((each,) for each in found)
    if after is not None:
        statement = statement.where(older_than(Follow.created_at, Follow.id, after))
    rows = [_MutualRow(*row) for row in tx.execute(statement, parameters)]
    last = rows[limit - 1] if len(rows) > limit else None
    return FollowList(
        users=[person_view(row) for row in rows[:limit]],
        total=count_mutuals(tx, caller_id, user_id),
        next_cursor=write_cursor(MutualsCursor.at(last.followed_at, last.follow_id))
        if last
        else None,
    )


def _fewer_are_mine(tx: Transaction, pair: dict[str, str]) -> bool:
    return bool(tx.execute(_FEWER_ARE_MINE, pair).scalar_one())
