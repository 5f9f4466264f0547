"""Following and unfollowing, with counts that stay right when many do it at the same time."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.errors import CannotFollowSelf
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.follows.models import Follow
from kabar.features.follows.schemas import FollowState
from kabar.infra.db import Transaction

# Both users are locked, always in the same order, so that no two transactions wait for each
# other; whether one follows the other cannot change before we are done.
_LOCK = (
    select(User.id, User.followers_count)
    .where(User.id.in_([bindparam("one"), bindparam("other")]))
    .order_by(User.id)
    .with_for_update(key_share=True)
)
_FOLLOWS = select(Follow.id).where(
    Follow.follower_id == bindparam("follower"), Follow.following_id == bindparam("followed")
)
_UNFOLLOW = (
    delete(Follow)
    .where(
        Follow.follower_id == bindparam("follower"), Follow.following_id == bindparam("followed")
    )
    .returning(Follow.id)
)
_COUNT_FOLLOWING = (
    update(User)
    .where(User.id == bindparam("who"))
    .values(following_count=User.following_count + bindparam("by"))
)
_COUNT_FOLLOWERS = (
    update(User)
    .where(User.id == bindparam("who"))
    .values(followers_count=User.followers_count + bindparam("by"))
)


def follow(tx: Transaction, *, follower: Identity, user: str, socket_id: str | None) -> FollowState:
    """Follow a user (an id or `@username`); nothing happens if one does already."""
    followed_id, count = _lock_both(tx, follower, user)
    return _follow(tx, follower, followed_id, count, socket_id)


def unfollow(
    tx: Transaction, *, follower: Identity, user: str, socket_id: str | None
) -> FollowState:
    """No longer follow a user; nothing happens if one does not."""
    followed_id, count = _lock_both(tx, follower, user)
    return _unfollow(tx, follower, followed_id, count, socket_id)


def toggle_follow(
    tx: Transaction, *, follower: Identity, user: str, socket_id: str | None
) -> FollowState:
    """Follow, or unfollow whom one follows already."""
    followed_id, count = _lock_both(tx, follower, user)
    pair = {"follower": follower.user_id, "followed": followed_id}
    change = _follow if tx.execute(_FOLLOWS, pair).first() is None else _unfollow
    return change(tx, follower, followed_id, count, socket_id)


def _lock_both(tx: Transaction, follower: Identity, user: str) -> tuple[str, int]:
    """Return the id of the followed user and how many follow them."""
    followed_id = require_user_id(tx, user)
    if followed_id == follower.user_id:
        raise CannotFollowSelf
    both = {"one": follower.user_id, "other": followed_id}
    counts: dict[str, int] = {row[0]: row[1] for row in tx.execute(_LOCK, both)}
    if len(counts) < 2:
        raise UserNotFound
    return followed_id, counts[followed_id]


def _follow(
    tx: Transaction, follower: Identity, followed_id: str, count: int, socket_id: str | None
) -> FollowState:
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    created = tx.execute(
        insert(Follow)
        .values(
            id=new_id(),
            follower_id=follower.user_id,
            following_id=followed_id,
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(Follow.id)
    ).first()
    if created is not None:
        count += 1
        _count(tx, follower.user_id, followed_id, by=1)
        tx.emit(
            UserFollowed(
                follower_id=follower.user_id,
                follower_name=follower.name,
                follower_username=follower.username,
                follower_avatar=follower.avatar,
                followed_id=followed_id,
                except_socket=socket_id,
            )
        )
    return FollowState(following=True, requested=False, followers_count=count)


def _unfollow(
    tx: Transaction, follower: Identity, followed_id: str, count: int, socket_id: str | None
) -> FollowState:
    pair = {"follower": follower.user_id, "followed": followed_id}
    if tx.execute(_UNFOLLOW, pair).first() is not None:
        count -= 1
        _count(tx, follower.user_id, followed_id, by=-1)
        tx.emit(
            UserUnfollowed(
                follower_id=follower.user_id,
                follower_username=follower.username,
                unfollowed_id=followed_id,
                except_socket=socket_id,
            )
        )
    return FollowState(following=False, requested=False, followers_count=count)


def _count(tx: Transaction, follower_id: str, followed_id: str, *, by: int) -> None:
    tx.execute(_COUNT_FOLLOWING, {"who": follower_id, "by": by})
    tx.execute(_COUNT_FOLLOWERS, {"who": followed_id, "by": by})
