"""What is still so of follows that a dead process left untold."""

from __future__ import annotations

from collections.abc import Sequence

from kabar.core.events import Event
from kabar.features.follows.asking import asks
from kabar.features.follows.events import (
    FollowAccepted,
    FollowRequested,
    FollowRequestEnded,
    UserBlocked,
    UserFollowed,
    UserMuted,
    UserUnblocked,
    UserUnfollowed,
    UserUnmuted,
)
from kabar.features.follows.follows import follows, lock_users
from kabar.features.follows.mutes import mute_state
from kabar.features.follows.walls import blocks
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


def _follows(tx: Transaction, follower_id: str, followed_id: str) -> bool:
    """Whether one follows the other; it cannot change before this is told."""
    lock_users(tx, [follower_id, followed_id])
    return follows(tx, follower_id, followed_id)


def _recall_followed(tx: Transaction, events: Sequence[UserFollowed]) -> Sequence[Event]:
    return [event for event in events if _follows(tx, event.follower_id, event.followed_id)]


def _recall_unfollowed(tx: Transaction, events: Sequence[UserUnfollowed]) -> Sequence[Event]:
    return [event for event in events if not _follows(tx, event.follower_id, event.unfollowed_id)]


def _recall_requested(tx: Transaction, events: Sequence[FollowRequested]) -> Sequence[Event]:
    return [event for event in events if _asks(tx, event.requester_id, event.target_id)]


def _recall_request_ended(tx: Transaction, events: Sequence[FollowRequestEnded]) -> Sequence[Event]:
    return [event for event in events if not _asks(tx, event.requester_id, event.target_id)]


def _asks(tx: Transaction, requester_id: str, target_id: str) -> bool:
    lock_users(tx, [requester_id, target_id])
    return asks(tx, requester_id, target_id)


def _recall_accepted(tx: Transaction, events: Sequence[FollowAccepted]) -> Sequence[Event]:
    return [event for event in events if _follows(tx, event.follower_id, event.followed_id)]


def _recall_blocked(tx: Transaction, events: Sequence[UserBlocked]) -> Sequence[Event]:
    return [event for event in events if _blocks(tx, event.blocker_id, event.blocked_id)]


def _recall_unblocked(tx: Transaction, events: Sequence[UserUnblocked]) -> Sequence[Event]:
    return [event for event in events if not _blocks(tx, event.blocker_id, event.blocked_id)]


def _blocks(tx: Transaction, blocker_id: str, blocked_id: str) -> bool:
    lock_users(tx, [blocker_id, blocked_id])
    return blocks(tx, blocker_id, blocked_id)


def _recall_muted(tx: Transaction, events: Sequence[UserMuted]) -> Sequence[Event]:
    return [event for event in events if _muted_until(tx, event) == (True, event.until)]


def _recall_unmuted(tx: Transaction, events: Sequence[UserUnmuted]) -> Sequence[Event]:
    return [event for event in events if _muted_until(tx, event) == (False, None)]


def _muted_until(tx: Transaction, event: UserMuted | UserUnmuted) -> tuple[bool, str | None]:
    lock_users(tx, [event.muter_id, event.muted_id])
    state = mute_state(tx, event.muter_id, event.muted_id)
    return state.muting, state.until


RECALLS: dict[type[Event], Recall] = {
    UserFollowed: _recall_followed,
    UserUnfollowed: _recall_unfollowed,
    FollowRequested: _recall_requested,
    FollowRequestEnded: _recall_request_ended,
    FollowAccepted: _recall_accepted,
    UserBlocked: _recall_blocked,
    UserUnblocked: _recall_unblocked,
    UserMuted: _recall_muted,
    UserUnmuted: _recall_unmuted,
}
