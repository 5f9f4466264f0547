"""What is still so of follows that a dead process left untold."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from kabar.core.events import Event
from kabar.features.accounts.models import User
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.follows.models import Follow
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


def _follows(tx: Transaction, follower_id: str, followed_id: str) -> bool:
    """Whether one follows the other; it cannot change before this is told."""
    both = select(User.id).where(User.id.in_([follower_id, followed_id])).order_by(User.id)
    tx.execute(both.with_for_update(key_share=True)).all()
    found = select(Follow.id).where(
        Follow.follower_id == follower_id, Follow.following_id == followed_id
    )
    return tx.execute(found).first() is not None


def _recall_followed(tx: Transaction, events: Sequence[UserFollowed]) -> Sequence[Event]:
    return [event for event in events if _follows(tx, event.follower_id, event.followed_id)]


def _recall_unfollowed(tx: Transaction, events: Sequence[UserUnfollowed]) -> Sequence[Event]:
    return [event for event in events if not _follows(tx, event.follower_id, event.unfollowed_id)]


RECALLS: dict[type[Event], Recall] = {
    UserFollowed: _recall_followed,
    UserUnfollowed: _recall_unfollowed,
}
