"""Erasure: what follows do when an account is erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select

from kabar.features.accounts.events import AccountErased
from kabar.features.follows.asking import withdraw
from kabar.features.follows.events import UserUnfollowed
from kabar.features.follows.follows import lock_users, take_follow
from kabar.features.follows.models import Block, Dismissal, Follow, FollowRequest, Mute
from kabar.infra.db import Transaction

#: of each kind in one transaction: somebody may have millions of followers
_AT_ONCE = 200


def end_follows(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """Nobody follows who was erased, asks to, blocks or mutes them, or the other way round."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        tx.execute(
            delete(Block).where(or_(Block.blocker_id == user_id, Block.blocked_id == user_id))
        )
        tx.execute(delete(Mute).where(or_(Mute.muter_id == user_id, Mute.muted_id == user_id)))
        dismissed = or_(Dismissal.user_id == user_id, Dismissal.dismissed_id == user_id)
        tx.execute(delete(Dismissal).where(dismissed))
        _end_follows_of(tx, user_id)


def _end_follows_of(tx: Transaction, user_id: str) -> None:
    follows = [
        pair
        for side in (Follow.follower_id, Follow.following_id)
        for pair in tx.execute(
            select(Follow.follower_id, Follow.following_id).where(side == user_id).limit(_AT_ONCE)
        )
    ]
    requests = [
        pair
        for side in (FollowRequest.requester_id, FollowRequest.target_id)
        for pair in tx.execute(
            select(FollowRequest.requester_id, FollowRequest.target_id)
            .where(side == user_id)
            .limit(_AT_ONCE)
        )
    ]
    if not follows and not requests:
        return
    concerned = {each for pair in (*follows, *requests) for each in pair}
    users = lock_users(tx, concerned, also_erased=True)
    for follower_id, followed_id in follows:
        if take_follow(tx, follower_id, followed_id) and follower_id == user_id:
            tx.emit(
                UserUnfollowed(
                    follower_id=user_id,
                    follower_username=users[user_id].username,
                    unfollowed_id=followed_id,
                )
            )
    for requester_id, target_id in requests:
        withdraw(tx, requester_id, target_id, None)
    # There may be more.
    tx.emit(AccountErased(user_id=user_id))
