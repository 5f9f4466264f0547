"""Following and unfollowing, with counts that stay right when many do it at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.asking import ask, asks, withdraw
from kabar.features.follows.errors import CannotFollowSelf, FollowsNotAccepted
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.follows.models import Follow
from kabar.features.follows.quiet import mutes
from kabar.features.follows.schemas import FollowState
from kabar.features.follows.walls import blocks, require_no_wall, require_seen_id
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

# Users are locked, always in the same order, so that no two transactions wait for each other;
# whether one follows the other, or asks to, cannot change before we are done.
_USERS = Rows("users")
_LOCK = (
    select(User.id, User.name, User.username, User.avatar, User.is_private, User.accepts_follows)
    .add_columns(User.followers_count, User.hide_counts, User.erased_at)
    .where(User.id.in_(select(_USERS.text(0)).select_from(_USERS.table)))
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


class LockedUser(NamedTuple):
    """A user of whom nothing changes that has to do with follows."""

    id: str
    name: str
    username: str
    avatar: str | None
    is_private: bool
    accepts_follows: bool
    followers_count: int
    hide_counts: bool
    erased_at: datetime | None


def lock_users(
    tx: Transaction, user_ids: Iterable[str], *, also_erased: bool = False
) -> dict[str, LockedUser]:
    """Lock these users; who is gone is left out."""
    users = as_rows((user_id,) for user_id in set(user_ids))
    locked = [LockedUser(*row) for row in tx.execute(_LOCK, {"users": users})]
    return {user.id: user for user in locked if also_erased or user.erased_at is None}


def follow(tx: Transaction, *, follower: Identity, user: str, socket_id: str | None) -> FollowState:
    """Follow a user (an id or `@username`), or ask to; nothing happens if one does already."""
    followed = _lock_both(tx, follower, user)
    require_no_wall(tx, follower.user_id, [followed.id])
    return _follow(tx, follower, followed, socket_id)


def unfollow(
    tx: Transaction, *, follower: Identity, user: str, socket_id: str | None
) -> FollowState:
    """No longer follow a user, or ask to; nothing happens if one does not."""
    return _unfollow(tx, follower, _lock_both(tx, follower, user), socket_id)


def toggle_follow(
    tx: Transaction, *, follower: Identity, user: str, socket_id: str | None
) -> FollowState:
    """Follow, or unfollow whom one follows already; of a private account, ask or no longer ask."""
    followed = _lock_both(tx, follower, user)
    require_no_wall(tx, follower.user_id, [followed.id])
    is_on = follows(tx, follower.user_id, followed.id) or asks(tx, follower.user_id, followed.id)
    change = _unfollow if is_on else _follow
    return change(tx, follower, followed, socket_id)


def follows(tx: Transaction, follower_id: str, followed_id: str) -> bool:
    """Whether one follows the other."""
    pair = {"follower": follower_id, "followed": followed_id}
    return tx.execute(_FOLLOWS, pair).first() is not None


def remove_follower(tx: Transaction, *, caller: Identity, user: str, socket_id: str | None) -> None:
    """Somebody no longer follows the caller, and is not told; nothing happens if they do not."""
    follower_id = require_seen_id(tx, caller.user_id, user)
    users = lock_users(tx, [caller.user_id, follower_id])
    if follower_id not in users:
        raise UserNotFound
    if take_follow(tx, follower_id, caller.user_id):
        tx.emit(
            UserUnfollowed(
                follower_id=follower_id,
                follower_username=users[follower_id].username,
                unfollowed_id=caller.user_id,
                except_socket=socket_id,
            )
        )


def _lock_both(tx: Transaction, follower: Identity, user: str) -> LockedUser:
    """Return the user that is to be followed."""
    followed_id = require_user_id(tx, user)
    if followed_id == follower.user_id:
        raise CannotFollowSelf
    users = lock_users(tx, [follower.user_id, followed_id])
    if len(users) < 2 or blocks(tx, followed_id, follower.user_id):
        raise UserNotFound
    return users[followed_id]


def _follow(
    tx: Transaction, follower: Identity, followed: LockedUser, socket_id: str | None
) -> FollowState:
    count = followed.followers_count
    is_open = followed.accepts_follows and not followed.is_private
    if not is_open and not follows(tx, follower.user_id, followed.id):
        if not followed.accepts_follows:
            raise FollowsNotAccepted
        ask(tx, follower, followed.id, socket_id)
        return _state(followed, count, requested=True)
    # Who asked before the account was made public need not wait for their turn.
    withdraw(tx, follower.user_id, followed.id, socket_id)
    if add_follow(tx, follower.user_id, followed.id):
        count += 1
        tx.emit(
            UserFollowed(
                follower_id=follower.user_id,
                follower_name=follower.name,
                follower_username=follower.username,
                follower_avatar=follower.avatar,
                followed_id=followed.id,
                is_quiet=mutes(tx, followed.id, follower.user_id),
                except_socket=socket_id,
            )
        )
    return _state(followed, count, following=True)


def _unfollow(
    tx: Transaction, follower: Identity, followed: LockedUser, socket_id: str | None
) -> FollowState:
    count = followed.followers_count
    withdraw(tx, follower.user_id, followed.id, socket_id)
    if take_follow(tx, follower.user_id, followed.id):
        count -= 1
        tx.emit(
            UserUnfollowed(
                follower_id=follower.user_id,
                follower_username=follower.username,
                unfollowed_id=followed.id,
                is_quiet=mutes(tx, followed.id, follower.user_id),
                except_socket=socket_id,
            )
        )
    return _state(followed, count)


def _state(
    followed: LockedUser, count: int, *, following: bool = False, requested: bool = False
) -> FollowState:
    shown = None if followed.hide_counts else count
    return FollowState(following=following, requested=requested, followers_count=shown)


def add_follow(tx: Transaction, follower_id: str, followed_id: str) -> bool:
    """Let one follow the other; False if they do. Both are locked."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    created = tx.execute(
        insert(Follow)
        .values(id=new_id(), follower_id=follower_id, following_id=followed_id, created_at=tx.now)
        .on_conflict_do_nothing()
        .returning(Follow.id)
    ).first()
    if created is not None:
        _count(tx, follower_id, followed_id, by=1)
    return created is not None


def take_follow(tx: Transaction, follower_id: str, followed_id: str) -> bool:
    """Let one no longer follow the other; False if they do not. Both are locked."""
    pair = {"follower": follower_id, "followed": followed_id}
    if tx.execute(_UNFOLLOW, pair).first() is None:
        return False
    _count(tx, follower_id, followed_id, by=-1)
    return True


def _count(tx: Transaction, follower_id: str, followed_id: str, *, by: int) -> None:
    tx.execute(_COUNT_FOLLOWING, {"who": follower_id, "by": by})
    tx.execute(_COUNT_FOLLOWERS, {"who": followed_id, "by": by})
