"""Requests to follow: the lists of both directions, and what who was asked answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from kabar.core.times import rfc3339
from kabar.features.accounts.events import AccountOpened
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.asking import withdraw
from kabar.features.follows.errors import FollowRequestNotFound
from kabar.features.follows.events import FollowAccepted
from kabar.features.follows.follows import LockedUser, add_follow, lock_users
from kabar.features.follows.models import FollowRequest
from kabar.features.follows.people import PERSON_COLUMNS, PersonRow, person_view
from kabar.features.follows.schemas import FollowersCount, FollowRequests, FollowRequestView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

#: of an account that was made public: accepted in one transaction
_AT_ONCE = 200

Direction = Literal["in", "out"]


def accept(
    tx: Transaction, *, caller: Identity, user: str, socket_id: str | None
) -> FollowersCount:
    """Let somebody who asks follow the caller."""
    me, requester_id = _answer(tx, caller, user, socket_id)
    is_new = _let_follow(tx, requester_id, me)
    return FollowersCount(followers_count=me.followers_count + is_new)


def reject(
    tx: Transaction, *, caller: Identity, user: str, socket_id: str | None
) -> FollowersCount:
    """Do not let somebody who asks follow the caller; they are not told."""
    me, _ = _answer(tx, caller, user, socket_id)
    return FollowersCount(followers_count=me.followers_count)


def _answer(
    tx: Transaction, caller: Identity, user: str, socket_id: str | None
) -> tuple[LockedUser, str]:
    """End a request; return who was asked, and by whom."""
    requester_id = require_user_id(tx, user)
    users = lock_users(tx, [caller.user_id, requester_id])
    if not withdraw(tx, requester_id, caller.user_id, socket_id):
        raise FollowRequestNotFound
    return users[caller.user_id], requester_id


def _let_follow(tx: Transaction, requester_id: str, target: LockedUser) -> bool:
    is_new = add_follow(tx, requester_id, target.id)
    if is_new:
        tx.emit(
            FollowAccepted(
                follower_id=requester_id,
                followed_id=target.id,
                followed_name=target.name,
                followed_username=target.username,
                followed_avatar=target.avatar,
            )
        )
    return is_new


def accept_waiting(tx: Transaction, events: Sequence[AccountOpened]) -> None:
    """Who waits follows an account that is public now, the oldest requests first."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        waiting = list(
            tx.execute(
                select(FollowRequest.requester_id)
                .where(FollowRequest.target_id == user_id)
                .order_by(FollowRequest.created_at, FollowRequest.id)
                .limit(_AT_ONCE)
            ).scalars()
        )
        users = lock_users(tx, [user_id, *waiting])
        target = users.get(user_id)
        if target is None or target.is_private or not target.accepts_follows:
            continue  # it was closed again since
        for requester_id in waiting:
            if withdraw(tx, requester_id, user_id, None):
                _let_follow(tx, requester_id, target)
        if len(waiting) == _AT_ONCE:
            tx.emit(AccountOpened(user_id=user_id))


class RequestsCursor(TimeCursor, frozen=True, tag="follow-requests"):
    """A place in a list of requests."""


class _RequestRow(PersonRow, frozen=True):
    request_id: str
    asked_at: datetime


def page_of_requests(
    tx: Transaction,
    *,
    caller_id: str,
    direction: Direction,
    limit: int,
    after: RequestsCursor | None,
) -> FollowRequests:
    """Return who asks the caller, or whom the caller asks, newest first."""
    mine, theirs = FollowRequest.target_id, FollowRequest.requester_id
    if direction == "out":
        mine, theirs = theirs, mine
    statement = (
        select(
            *columns_of(
                _RequestRow,
                **PERSON_COLUMNS,
                request_id=FollowRequest.id,
                asked_at=FollowRequest.created_at,
            )
        )
        .join(FollowRequest, theirs == User.id)
        .where(mine == caller_id)
        .order_by(FollowRequest.created_at.desc(), FollowRequest.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(FollowRequest.created_at, FollowRequest.id, after))
    rows = [_RequestRow(*row) for row in tx.execute(statement, {"caller": caller_id})]
    total: int = tx.execute(
        select(func.count()).select_from(FollowRequest).where(mine == caller_id)
    ).scalar_one()
    last = rows[limit - 1] if len(rows) > limit else None
    return FollowRequests(
        requests=[
            FollowRequestView(user=person_view(row), created_at=rfc3339(row.asked_at))
            for row in rows[:limit]
        ],
        total=total,
        next_cursor=write_cursor(RequestsCursor.at(last.asked_at, last.request_id))
        if last
        else None,
    )
