"""Searching lists of follows, at a cost that does not grow with how long they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, select, true

from kabar.features.accounts.models import NamePart, User
from kabar.features.follows.models import Follow
from kabar.features.follows.people_search import FoundCursor, find_among, walk_along_parts
from kabar.features.follows.sides import FOLLOWERS, IS_MUTUAL, Side, is_there
from kabar.features.follows.walls import NO_WALL
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.http.cursors import TimeCursor, older_than

#: Of a list one request looks at so many; a page may end there, and the next one goes on. Shorter
#: ones are searched from their newest on, longer ones by the index of parts of names.
MOST_WALKED = 1000


class Place(NamedTuple):
    """Where a walk along a list has come to."""

    at: datetime
    follow_id: str


class Wanted(NamedTuple):
    """Of whom of a list one asks."""

    caller_id: str
    user_id: str
    side: Side
    #: empty: whatever they are called
    words: Sequence[str] = ()
    #: only those who follow the owner and are not followed, or the other way round
    unanswered: bool = False

    @property
    def parameters(self) -> dict[str, str]:
        return {"caller": self.caller_id, "user": self.user_id}


def _is_wanted(wanted: Wanted) -> ColumnElement[bool]:
    has_words = (User.search_text.contains(word, autoescape=True) for word in wanted.words)
    return and_(~IS_MUTUAL if wanted.unanswered else true(), *has_words, NO_WALL)


def _edges(wanted: Wanted, *columns: Any) -> Any:
    whose, shown = wanted.side.of(Follow)
    return (
        select(*columns)
        .select_from(in_this_order(Follow, User))
        .where(whose == bindparam("user"), User.id == shown)
    )


def walk_list(
    tx: Transaction, wanted: Wanted, limit: int, after: TimeCursor | None
) -> tuple[list[str], Place | None]:
    """Return those who are wanted, newest first, and, if there may be more, the last place."""
    columns = (Follow.created_at, Follow.id, User.id, _is_wanted(wanted))
    statement = _edges(wanted, *columns).order_by(Follow.created_at.desc(), Follow.id.desc())
    if after is not None:
        statement = statement.where(older_than(Follow.created_at, Follow.id, after))
    found: list[str] = []
    place = None
    rows = tx.execute(statement.limit(MOST_WALKED + 1), wanted.parameters)
    for looked_at, (at, follow_id, user_id, is_wanted) in enumerate(rows):
        if looked_at == MOST_WALKED or (is_wanted and len(found) == limit):
            return found, place
        place = Place(at, follow_id)
        if is_wanted:
            found.append(user_id)
    return found, None


def count_in_list(tx: Transaction, wanted: Wanted) -> int:
    """Count who is wanted of a short list."""
    statement = _edges(wanted, func.count()).where(_is_wanted(wanted))
    total: int = tx.execute(statement, wanted.parameters).scalar_one()
    return total


def is_short(tx: Transaction, wanted: Wanted) -> bool:
    """Whether all of a list is looked at in one request."""
    count = select(getattr(User, wanted.side.counted)).where(User.id == wanted.user_id)
    return bool(tx.execute(count).scalar_one() <= MOST_WALKED)


def search_long_list(
    tx: Transaction, wanted: Wanted, limit: int, after: FoundCursor | None
) -> tuple[list[str], tuple[str, str, int] | None]:
    """Return who is wanted by the parts of names, and, if there may be more, the last place."""
    pair: tuple[Any, Any] = (bindparam("user"), NamePart.user_id)
    to_owner, from_owner = is_there(*reversed(pair)), is_there(*pair)
    has, answers = (to_owner, from_owner) if wanted.side is FOLLOWERS else (from_owner, to_owner)
    walk = walk_along_parts(and_(has, ~answers) if wanted.unanswered else has)
    return find_among(tx, walk, wanted.parameters, wanted.words, limit, after)
