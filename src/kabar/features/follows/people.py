"""People: users as the caller sees them, with how the two stand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, select
from sqlalchemy.orm import aliased

from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import ID_BY_USERNAME, USER_COLUMNS, UserRow, user_fields
from kabar.features.follows.models import Follow, FollowRequest
from kabar.features.follows.quiet import MUTING
from kabar.features.follows.schemas import FollowStatus, PersonView, Relationship, Relationships
from kabar.features.follows.walls import BLOCKED_BY, BLOCKING, CALLER, unseen
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.db.rows import Rows, as_rows

_mine = aliased(Follow)
_theirs = aliased(Follow)
_asked = aliased(FollowRequest)
_asking = aliased(FollowRequest)


class PersonRow(UserRow, frozen=True):
    """A user, and how the caller and they stand to each other."""

    following: bool
    followed_by: bool
    requested: bool
    requested_by: bool
    blocking: bool
    muting: bool


def _count(shown: ColumnElement[int]) -> ColumnElement[int | None]:
    """Return a count, which is as many as the list shows, as far as it is for the caller."""
    return case((User.hide_counts & (User.id != CALLER), None), else_=shown)


#: for `columns_of` a `PersonRow`, or one that has more; the statements have the parameter `caller`
PERSON_COLUMNS: dict[str, Any] = {
    **USER_COLUMNS,
    "followers_count": _count(User.followers_count - unseen("follower_id")),
    "following_count": _count(User.following_count - unseen("following_id")),
    "following": exists().where(_mine.follower_id == CALLER, _mine.following_id == User.id),
    "followed_by": exists().where(_theirs.follower_id == User.id, _theirs.following_id == CALLER),
    "requested": exists().where(_asked.requester_id == CALLER, _asked.target_id == User.id),
    "requested_by": exists().where(_asking.requester_id == User.id, _asking.target_id == CALLER),
    "blocking": BLOCKING,
    "muting": MUTING,
}


def person_view(row: PersonRow) -> PersonView:
    """Return somebody as the caller sees them."""
    return PersonView(**person_fields(row))


def person_fields(row: PersonRow) -> dict[str, Any]:
    """Return what a `PersonView` is made of, and every view that shows more."""
    relationship = Relationship(
        following=bool(row.following),
        followed_by=bool(row.followed_by),
        requested=bool(row.requested),
        requested_by=bool(row.requested_by),
        blocking=bool(row.blocking),
        muting=bool(row.muting),
    )
    return {**user_fields(row), "relationship": relationship}


#: of `PersonRow`; the parameter `caller`
PEOPLE = select(*columns_of(PersonRow, **PERSON_COLUMNS)).where(User.erased_at.is_(None))
# Who blocks the caller is not there; whom the caller blocks is, to be unblocked.
_SEEN = PEOPLE.where(~BLOCKED_BY)
_BY_ID = _SEEN.where(User.id == bindparam("wanted"))
_BY_USERNAME = _SEEN.where(User.id.in_(ID_BY_USERNAME))


_USERS = Rows("these")
_THESE = _SEEN.where(User.id.in_(select(_USERS.text(0)).select_from(_USERS.table)))


def people_in_order(tx: Transaction, caller_id: str, user_ids: Sequence[str]) -> list[PersonView]:
    """Return these people as the caller sees them; who is gone meanwhile is left out."""
    rows = as_rows((user_id,) for user_id in user_ids)
    found = tx.execute(_THESE, {"caller": caller_id, "these": rows}) if rows else ()
    people = {row.id: person_view(row) for row in (PersonRow(*row) for row in found)}
    return [people[user_id] for user_id in user_ids if user_id in people]


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


def relationships(tx: Transaction, *, caller_id: str, user_ids: Sequence[str]) -> Relationships:
    """Return how the caller and these users stand; whom they do not see is left out."""
    people = people_in_order(tx, caller_id, user_ids)
    return Relationships({person.id: person.relationship for person in people})


def follow_status(tx: Transaction, *, caller_id: str, user: str) -> FollowStatus:
    """Say whether the caller follows a user, and the other way round."""
    person = require_person(tx, caller_id=caller_id, user=user)
    return FollowStatus(
        following=person.relationship.following,
        followed_by=person.relationship.followed_by,
        requested=person.relationship.requested,
        followers_count=person.followers_count,
    )
