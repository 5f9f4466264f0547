"""Suggestions: whom those follow whom the caller follows, at a cost with a limit for everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec.structs import asdict
from sqlalchemy import bindparam, exists, func, select, tuple_, union_all

from kabar.features.accounts.models import User
from kabar.features.accounts.suspension import NOT_SUSPENDED
from kabar.features.follows.models import Dismissal, Follow, FollowRequest
from kabar.features.follows.people import people_in_order
from kabar.features.follows.quiet import MUTING
from kabar.features.follows.schemas import SuggestedPersonView, Suggestions
from kabar.features.follows.sides import is_there
from kabar.features.follows.walls import CALLER, NO_WALL
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import Cursor, write_cursor

# Whoever follows thousands, and is followed by who follows thousands, gets advice from the newest:

#: of those whom the caller follows, so many are asked whom they follow,
_ASKED = 50
#: and say so many each.
_OF_EACH = 60
#: so many are counted who follow somebody who is suggested
_COUNTED = 100
_NAMED = 3

_NEWEST = (
    select(Follow.following_id, Follow.created_at, Follow.id)
    .where(Follow.follower_id == CALLER)
    .order_by(Follow.created_at.desc(), Follow.id.desc())
    .limit(_COUNTED)
    .subquery("newest")
)
#: those whom the caller follows and whose lists are for others, the newest first
_KNOWN = (
    select(_NEWEST.c.following_id)
    .select_from(in_this_order(_NEWEST, User))
    .where(User.id == _NEWEST.c.following_id, User.hide_follows.is_(False), NOT_SUSPENDED)
    .order_by(_NEWEST.c.created_at.desc(), _NEWEST.c.id.desc())
)


def _said_by(number: int) -> Any:
    said = (
        select(Follow.following_id)
        .where(Follow.follower_id == bindparam(f"asked_{number}"))
        .order_by(Follow.created_at.desc(), Follow.id.desc())
        .limit(_OF_EACH)
        .subquery(f"said_{number}")
    )
    return select(said.c.following_id)


_MET = union_all(*map(_said_by, range(_ASKED))).subquery("met")
_MET_OFTEN = (
    select(_MET.c.following_id, func.count().label("times"))
    .group_by(_MET.c.following_id)
    .subquery("met_often")
)
_SUGGESTED = (
    select(User.id, _MET_OFTEN.c.times)
    .select_from(in_this_order(_MET_OFTEN, User))
    .where(
        User.id == _MET_OFTEN.c.following_id,
        User.id != CALLER,
        User.erased_at.is_(None),
        User.accepts_follows,
        NOT_SUSPENDED,
        NO_WALL,
        ~MUTING,
        ~is_there(CALLER, User.id),
        ~exists().where(FollowRequest.requester_id == CALLER, FollowRequest.target_id == User.id),
        ~exists().where(Dismissal.user_id == CALLER, Dismissal.dismissed_id == User.id),
    )
    .order_by(_MET_OFTEN.c.times.desc(), User.id.desc())
)
_THESE = Rows("these")
_MUTUALS: Any = (
    select(_THESE.text(0), _THESE.text(1))
    .select_from(_THESE.table)
    .where(is_there(_THESE.text(1), _THESE.text(0)))
)


class SuggestionsCursor(Cursor, frozen=True, tag="suggestions"):
    """A place in the list of suggestions."""

    times: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    user_id: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]{1,255}$")]


class _Suggested(NamedTuple):
    user_id: str
    times: int


def page_of_suggestions(
    tx: Transaction, *, caller_id: str, limit: int, after: SuggestionsCursor | None
) -> Suggestions:
    """Return whom the caller may want to follow."""
    known = list(tx.execute(_KNOWN, {"caller": caller_id, "now": tx.now}).scalars())
    found = _suggested(tx, caller_id, known[:_ASKED], limit + 1, after) if known else []
    shown = [each.user_id for each in found[:limit]]
    mutuals = _mutuals(tx, shown, known)
    named = {friend for friends in mutuals.values() for friend in friends[:_NAMED]}
    people = {
        person.id: person for person in people_in_order(tx, caller_id, [*shown, *sorted(named)])
    }
    users = [
        SuggestedPersonView(
            **asdict(people[user_id]),
            mutuals_count=len(mutuals[user_id]),
            mutuals=[people[each] for each in mutuals[user_id][:_NAMED] if each in people],
        )
        for user_id in shown
        if user_id in people
    ]
    last = found[limit - 1] if len(found) > limit else None
    next_cursor = write_cursor(SuggestionsCursor(last.times, last.user_id)) if last else None
    return Suggestions(users=users, next_cursor=next_cursor)


def _suggested(
    tx: Transaction,
    caller_id: str,
    asked: Sequence[str],
    limit: int,
    after: SuggestionsCursor | None,
) -> list[_Suggested]:
    statement = _SUGGESTED.limit(limit)
    if after is not None:
        place = tuple_(bindparam("after_times", after.times), bindparam("after_id", after.user_id))
        statement = statement.where(tuple_(_MET_OFTEN.c.times, User.id) < place)
    # Nobody has an empty id.
    names = {f"asked_{number}": "" for number in range(_ASKED)}
    names |= {f"asked_{number}": user_id for number, user_id in enumerate(asked)}
    rows = tx.execute(statement, {**names, "caller": caller_id, "now": tx.now})
    return [_Suggested(*row) for row in rows]


def _mutuals(
    tx: Transaction, suggested: Sequence[str], known: Sequence[str]
) -> dict[str, list[str]]:
    """Return, for each, who of those whom the caller follows follow them, in their order."""
    pairs = as_rows((user_id, friend_id) for user_id in suggested for friend_id in known)
    found: dict[str, list[str]] = defaultdict(list)
    if pairs:
        place = {friend_id: number for number, friend_id in enumerate(known)}
        for user_id, friend_id in tx.execute(_MUTUALS, {"these": pairs}):
            found[user_id].append(friend_id)
        for friends in found.values():
            friends.sort(key=place.__getitem__)
    return found
