"""Recounting: the numbers of followers and followed are what the lists show, or become so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.features.accounts.models import User
from kabar.features.follows.follows import lock_users
from kabar.features.follows.models import Follow
from kabar.infra.db import Transaction, Units

_log = get_log("recount")

#: users that one transaction looks at
AT_ONCE = 500
#: in UTC: when few are there
_HOUR = 3


def _edges(side: InstrumentedAttribute[str]) -> ColumnElement[int]:
    counted: ColumnElement[int] = (
        select(func.count()).where(side == User.id).correlate(User).scalar_subquery()
    )
    return counted


_FOLLOWERS, _FOLLOWING = _edges(Follow.following_id), _edges(Follow.follower_id)
_STRETCH: Any = (
    select(
        User.id,
        (User.followers_count != _FOLLOWERS) | (User.following_count != _FOLLOWING),
    )
    .where(User.id > bindparam("after"))
    .order_by(User.id)
    .limit(AT_ONCE)
)
_REPAIR = (
    update(User)
    .where(User.id == bindparam("who"))
    .values(followers_count=_FOLLOWERS, following_count=_FOLLOWING)
)


class Stretch(NamedTuple):
    """Some users, one after the other."""

    looked_at: int
    #: whose counts are not what the lists show
    wrong: list[str]
    #: the last of them; None: there are no more
    last: str | None


def look_at_counts(tx: Transaction, *, after: str) -> Stretch:
    """Compare the counts of the users that come after this id."""
    rows = tx.execute(_STRETCH, {"after": after}).all()
    wrong = [user_id for user_id, is_wrong in rows if is_wrong]
    return Stretch(len(rows), wrong, rows[-1][0] if len(rows) == AT_ONCE else None)


def repair_counts(tx: Transaction, *, user_ids: Iterable[str]) -> None:
    """Count anew; nobody follows or unfollows these meanwhile."""
    for user_id in sorted(lock_users(tx, user_ids, also_erased=True)):
        tx.execute(_REPAIR, {"who": user_id})


async def recount_at_night(db: Units) -> None:
    """Once a day, repair what is wrong, and say so in the log: something must have made it so."""
    if utc_now().hour == _HOUR:
        await recount(db)


async def recount(db: Units) -> list[str]:
    """Go through all users; return whose counts were wrong."""
    wrong: list[str] = []
    after: str | None = ""
    while after is not None:
        stretch = await db.read(look_at_counts, after=after)
        if stretch.wrong:
            await db.write(repair_counts, user_ids=stretch.wrong)
        wrong += stretch.wrong
        after = stretch.last
    if wrong:
        _log.warning("counts_were_wrong", users=len(wrong), first=wrong[:10])
    return wrong
