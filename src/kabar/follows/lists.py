"""The two lists of a user: who follows them, and whom they follow."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from kabar.accounts.models import User
from kabar.accounts.queries import require_user_id
from kabar.db import Transaction
from kabar.follows.models import Follow
from kabar.follows.people import PERSON_COLUMNS
from kabar.follows.schemas import FollowList, PersonView
from kabar.http.cursors import TimeCursor, older_than, write_cursor


def page_of_followers(
    tx: Transaction, *, caller_id: str, user: str, limit: int, after: TimeCursor | None
) -> FollowList:
    """Return who follows a user, newest first."""
    user_id = require_user_id(tx, user)
    total = _total(tx, User.followers_count, user_id)
    return _page(
        tx, Follow.following_id, user_id, Follow.follower_id, total, caller_id, limit, after
    )


def page_of_following(
    tx: Transaction, *, caller_id: str, user: str, limit: int, after: TimeCursor | None
) -> FollowList:
    """Return whom a user follows, newest first."""
    user_id = require_user_id(tx, user)
    total = _total(tx, User.following_count, user_id)
    return _page(
        tx, Follow.follower_id, user_id, Follow.following_id, total, caller_id, limit, after
    )


def _total(tx: Transaction, count: InstrumentedAttribute[int], user_id: str) -> int:
    total: int = tx.execute(select(count).where(User.id == user_id)).scalar_one()
    return total


def _page(
    tx: Transaction,
    whose: InstrumentedAttribute[str],
    user_id: str,
    shown: InstrumentedAttribute[str],
    total: int,
    caller_id: str,
    limit: int,
    after: TimeCursor | None,
) -> FollowList:
    statement = (
        select(*PERSON_COLUMNS, Follow.created_at, Follow.id)
        .join(Follow, shown == User.id)
        .where(whose == user_id)
        .order_by(Follow.created_at.desc(), Follow.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(Follow.created_at, Follow.id, after))
    rows = tx.execute(statement, {"caller": caller_id}).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return FollowList(
        users=[PersonView.of(row[:-2]) for row in rows[:limit]],
        total=total,
        next_cursor=write_cursor(TimeCursor.at(last[-2], last[-1])) if last else None,
    )
