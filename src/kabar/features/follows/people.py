"""People: finding users, each with whether the caller follows them and they the caller."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from sqlalchemy import ColumnElement, bindparam, case, exists, literal, select, tuple_
from sqlalchemy.orm import aliased

from kabar.core.text import folded
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import ID_BY_USERNAME, USER_COLUMNS, UserRow, user_fields
from kabar.features.follows.models import Follow, FollowRequest
from kabar.features.follows.schemas import FollowStatus, People, PersonView, Relationship
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import Cursor, write_cursor

_mine = aliased(Follow)
_theirs = aliased(Follow)
_asked = aliased(FollowRequest)
_asking = aliased(FollowRequest)
_CALLER: ColumnElement[str] = bindparam("caller")


class PersonRow(UserRow, frozen=True):
    """A user, and how the caller and they stand to each other."""

    following: bool
    followed_by: bool
    requested: bool
    requested_by: bool


class _FoundRow(PersonRow, frozen=True):
    #: 0 where the search begins a word, 1 where it is inside one
    rank: int


#: for `columns_of` a `PersonRow`, or one that has more; the statements have the parameter `caller`
PERSON_COLUMNS: dict[str, Any] = {
    **USER_COLUMNS,
    "following": exists().where(_mine.follower_id == _CALLER, _mine.following_id == User.id),
    "followed_by": exists().where(_theirs.follower_id == User.id, _theirs.following_id == _CALLER),
    "requested": exists().where(_asked.requester_id == _CALLER, _asked.target_id == User.id),
    "requested_by": exists().where(_asking.requester_id == User.id, _asking.target_id == _CALLER),
}


def person_view(row: PersonRow) -> PersonView:
    """Return somebody as the caller sees them."""
    relationship = Relationship(
        following=bool(row.following),
        followed_by=bool(row.followed_by),
        requested=bool(row.requested),
        requested_by=bool(row.requested_by),
    )
    return PersonView(**user_fields(row), relationship=relationship)


class FoundCursor(Cursor, frozen=True, tag="people"):
    """A place in the list of found users: matches at a beginning first, then by username."""

    rank: Annotated[int, msgspec.Meta(ge=0, le=1)]
    username: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]{1,255}$")]


_PEOPLE = select(*columns_of(PersonRow, **PERSON_COLUMNS))
_BY_ID = _PEOPLE.where(User.id == bindparam("wanted"))
_BY_USERNAME = _PEOPLE.where(User.id.in_(ID_BY_USERNAME))


def require_person(tx: Transaction, *, caller_id: str, user: str) -> PersonView:
    """Return a user named by id or `@username`."""
    by_username = user.startswith("@")
    row = tx.execute(
        _BY_USERNAME if by_username else _BY_ID,
        {"wanted": user[1:].lower() if by_username else user, "caller": caller_id},
    ).first()
    if row is None:
        raise UserNotFound
    return person_view(PersonRow(*row))


def follow_status(tx: Transaction, *, caller_id: str, user: str) -> FollowStatus:
    """Say whether the caller follows a user, and the other way round."""
    person = require_person(tx, caller_id=caller_id, user=user)
    return FollowStatus(
        following=person.relationship.following,
        followed_by=person.relationship.followed_by,
        requested=person.relationship.requested,
        followers_count=person.followers_count,
    )


def find_people(
    tx: Transaction, *, caller_id: str, query: str, limit: int, after: FoundCursor | None
) -> People:
    """Find users by parts of username or name, in any order; those that begin with the first one
    come first."""
    words = _escaped(folded(query.strip().removeprefix("@"))).split()
    # `search_text` has a space before the username and before every word of the name.
    begins = _contains(f" {words[0]}" if words else "")
    rank = case((begins, 0), else_=1)
    statement = (
        select(*columns_of(_FoundRow, **PERSON_COLUMNS, rank=rank))
        .where(*map(_contains, dict.fromkeys(words)))
        .order_by(rank, User.username)
        .limit(limit + 1)
    )
    if after is not None:
        place = tuple_(literal(after.rank), literal(after.username))
        statement = statement.where(tuple_(rank, User.username) > place)
    rows = [_FoundRow(*row) for row in tx.execute(statement, {"caller": caller_id})]
    return People(
        users=[person_view(row) for row in rows[:limit]],
        next_cursor=_next(rows[limit - 1]) if len(rows) > limit else None,
    )


def _contains(wanted: str) -> ColumnElement[bool]:
    return User.search_text.like(f"%{wanted}%", escape="\\")


def _next(row: _FoundRow) -> str:
    return write_cursor(FoundCursor(row.rank, row.username))


def _escaped(text: str) -> str:
    r"""Return a text in which %, _ and \ are themselves in a LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
