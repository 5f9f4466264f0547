"""The two sides of a follow: who follows, and who is followed."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import aliased

from kabar.features.follows.models import Follow


class Side(NamedTuple):
    """A kind of list: on which side of a follow its owner stands, and who is shown."""

    whose: str
    shown: str
    #: the column of `User` with how many there are
    counted: str

    def of(self, edge: Any) -> tuple[Any, Any]:
        """Return the owner and who is shown, of `Follow` or an alias of it."""
        return getattr(edge, self.whose), getattr(edge, self.shown)


FOLLOWERS = Side("following_id", "follower_id", "followers_count")
FOLLOWING = Side("follower_id", "following_id", "following_count")


def is_there(follower_id: Any, following_id: Any) -> ColumnElement[bool]:
    """Whether one follows the other, looked up for each row.

    Of `EXISTS` PostgreSQL would rather make a list of all whom one of the two follows.
    """
    edge = aliased(Follow)
    return (
        select(literal(1))
        .where(edge.follower_id == follower_id, edge.following_id == following_id)
        .limit(1)
        .correlate_except(edge)
        .scalar_subquery()
        .is_not(None)
    )


#: whether the two of a row of `Follow` follow each other
IS_MUTUAL = is_there(Follow.following_id, Follow.follower_id)
