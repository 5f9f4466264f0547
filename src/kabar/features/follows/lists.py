"""Lists: who follows a user, and whom a user follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.errors import AccountPrivate, ListsHidden
from kabar.features.follows.follows import follows
from kabar.features.follows.models import Follow
from kabar.features.follows.people import PERSON_COLUMNS, PersonRow, person_view
from kabar.features.follows.schemas import FollowList, PersonView
from kabar.features.follows.walls import NO_WALL, require_no_wall
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor


class FollowersCursor(TimeCursor, frozen=True, tag="followers"):
    """A place in the list of followers."""


class FollowingCursor(TimeCursor, frozen=True, tag="following"):
    """A place in the list of those one follows."""


class _ListedRow(PersonRow, frozen=True):
    followed_at: datetime
    follow_id: str


def page_of_followers(
    tx: Transaction, *, caller_id: str, user: str, limit: int, after: FollowersCursor | None
) -> FollowList:
    """Return who follows a user, newest first."""
    user_id = _require_shown(tx, caller_id, user)
    total = _total(tx, PERSON_COLUMNS["followers_count"], caller_id, user_id)
    page, more = _page(
        tx, Follow.following_id, user_id, Follow.follower_id, caller_id, limit, after
    )
    return FollowList(
        users=page,
        total=total,
        next_cursor=write_cursor(FollowersCursor.at(*more)) if more else None,
    )


def page_of_following(
    tx: Transaction, *, caller_id: str, user: str, limit: int, after: FollowingCursor | None
) -> FollowList:
    """Return whom a user follows, newest first."""
    user_id = _require_shown(tx, caller_id, user)
    total = _total(tx, PERSON_COLUMNS["following_count"], caller_id, user_id)
    page, more = _page(
        tx, Follow.follower_id, user_id, Follow.following_id, caller_id, limit, after
    )
    return FollowList(
        users=page,
        total=total,
        next_cursor=write_cursor(FollowingCursor.at(*more)) if more else None,
    )


def _require_shown(tx: Transaction, caller_id: str, user: str) -> str:
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


_WHO_SEES = select(User.is_private, User.hide_follows).where(User.id == bindparam("user"))


def _total(tx: Transaction, count: ColumnElement[Any], caller_id: str, user_id: str) -> int | None:
    statement = select(count).where(User.id == user_id)
    total: int | None = tx.execute(statement, {"caller": caller_id}).scalar_one()
    return total


def _page(
    tx: Transaction,
    whose: InstrumentedAttribute[str],
    user_id: str,
    shown: InstrumentedAttribute[str],
    caller_id: str,
    limit: int,
    after: TimeCursor | None,
) -> tuple[list[PersonView], tuple[datetime, str] | None]:
    """Return the people of a page, and its last place if there are more."""
    statement = (
        select(
            *columns_of(
                _ListedRow, **PERSON_COLUMNS, followed_at=Follow.created_at, follow_id=Follow.id
            )
        )
        .join(Follow, shown == User.id)
        .where(whose == user_id, NO_WALL)
        .order_by(Follow.created_at.desc(), Follow.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(Follow.created_at, Follow.id, after))
    rows = [_ListedRow(*row) for row in tx.execute(statement, {"caller": caller_id})]
    last = rows[limit - 1] if len(rows) > limit else None
    people = [person_view(row) for row in rows[:limit]]
    return people, (last.followed_at, last.follow_id) if last else None
