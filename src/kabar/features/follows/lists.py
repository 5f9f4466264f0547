"""Lists: who follows a user, and whom a user follows; searched, or only who has no answer."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from kabar.features.accounts.models import User
from kabar.features.follows.list_search import (
    Wanted,
    count_in_list,
    is_short,
    search_long_list,
    walk_list,
)
from kabar.features.follows.models import Follow
from kabar.features.follows.mutuals import count_mutuals
from kabar.features.follows.people import (
    PERSON_COLUMNS,
    PersonRow,
    people_in_order,
    person_view,
)
from kabar.features.follows.people_search import FoundCursor, words_of
from kabar.features.follows.schemas import FollowList
from kabar.features.follows.showing import require_shown, shown_total
from kabar.features.follows.sides import FOLLOWERS, FOLLOWING, Side
from kabar.features.follows.walls import NO_WALL
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import BadCursor, TimeCursor, older_than, write_cursor
from kabar.infra.http.field_errors import refuse


class FollowersCursor(TimeCursor, frozen=True, tag="followers"):
    """A place in the list of followers."""


class FollowingCursor(TimeCursor, frozen=True, tag="following"):
    """A place in the list of those one follows."""


class FoundFollowersCursor(FoundCursor, frozen=True, tag="found-followers"):
    """A place in a long list of followers that is searched."""


class FoundFollowingCursor(FoundCursor, frozen=True, tag="found-following"):
    """The same of those one follows."""


class List(NamedTuple):
    """A kind of list, and how places in it are written."""

    side: Side
    cursor: type[TimeCursor]
    found_cursor: type[FoundCursor]


FOLLOWERS_LIST = List(FOLLOWERS, FollowersCursor, FoundFollowersCursor)
FOLLOWING_LIST = List(FOLLOWING, FollowingCursor, FoundFollowingCursor)


def page_of_follows(
    tx: Transaction,
    *,
    which: List,
    caller_id: str,
    user: str,
    query: str,
    unanswered: bool,
    limit: int,
    after: TimeCursor | FoundCursor | None,
) -> FollowList:
    """Return a list, newest first; of a long one that is searched, by what is found."""
    user_id = require_shown(tx, caller_id, user)
    if unanswered and user_id != caller_id:
        raise refuse("filter", "Only for your own lists.")
    wanted = Wanted(caller_id, user_id, which.side, words_of(query), unanswered)
    if isinstance(after, FoundCursor) or (
        after is None and wanted.words and not is_short(tx, wanted)
    ):
        if not wanted.words:
            raise BadCursor
        return _searched(tx, which, wanted, limit, after)
    if wanted.words or unanswered:
        return _walked(tx, which, wanted, limit, after)
    return _whole(tx, which, wanted, limit, after)


def _searched(
    tx: Transaction, which: List, wanted: Wanted, limit: int, after: FoundCursor | None
) -> FollowList:
    found, place = search_long_list(tx, wanted, limit, after)
    return FollowList(
        users=people_in_order(tx, wanted.caller_id, found),
        # Counting them would be looking at all.
        total=None,
        next_cursor=write_cursor(which.found_cursor(*place)) if place else None,
    )


def _walked(
    tx: Transaction, which: List, wanted: Wanted, limit: int, after: TimeCursor | None
) -> FollowList:
    found, place = walk_list(tx, wanted, limit, after)
    total = shown_total(tx, wanted.caller_id, wanted.user_id, wanted.side)
    if wanted.words:
        is_counted = total is not None and is_short(tx, wanted)
        total = count_in_list(tx, wanted) if is_counted else None
    elif total is not None:
        total -= count_mutuals(tx, wanted.caller_id, wanted.caller_id)
    return FollowList(
        users=people_in_order(tx, wanted.caller_id, found),
        total=total,
        next_cursor=write_cursor(which.cursor.at(*place)) if place else None,
    )


class _ListedRow(PersonRow, frozen=True):
    followed_at: datetime
    follow_id: str


def _whole(
    tx: Transaction, which: List, wanted: Wanted, limit: int, after: TimeCursor | None
) -> FollowList:
    whose, shown = which.side.of(Follow)
    statement = (
        select(
            *columns_of(
                _ListedRow, **PERSON_COLUMNS, followed_at=Follow.created_at, follow_id=Follow.id
            )
        )
        .join(Follow, shown == User.id)
        .where(whose == wanted.user_id, NO_WALL)
        .order_by(Follow.created_at.desc(), Follow.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(Follow.created_at, Follow.id, after))
    rows = [_ListedRow(*row) for row in tx.execute(statement, {"caller": wanted.caller_id})]
    last = rows[limit - 1] if len(rows) > limit else None
    return FollowList(
        users=[person_view(row) for row in rows[:limit]],
        total=shown_total(tx, wanted.caller_id, wanted.user_id, wanted.side),
        next_cursor=write_cursor(which.cursor.at(last.followed_at, last.follow_id))
        if last
        else None,
    )
