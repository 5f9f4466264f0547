"""What notifications do because of who follows whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, delete, literal, select

from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.follows.models import Follow
from kabar.features.notifications.entries import NOW, renewal, tell_renewed, tell_updated
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import IS_UNREAD, Notification, NotificationType
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


def tell_followed(tx: Transaction, events: Sequence[UserFollowed]) -> None:
    """Who has a new follower has an entry about them; the same one again renews it."""
    lock_lists(tx, {event.followed_id for event in events})
    newest = {(event.followed_id, event.follower_id): event for event in events}
    rows = as_rows(
        (
            new_id(),
            event.followed_id,
            event.follower_id,
            f"{event.follower_name} started following you",
            f"/people/{event.follower_username}",
            _data(event),
            _group_key(event.follower_id),
        )
        for event in newest.values()
    )
    tell_renewed(tx, _RENEW, rows)


def _data(event: UserFollowed) -> str:
    follower = {"userId": event.follower_id, "username": event.follower_username}
    return encode_json(follower).decode()


def _group_key(follower_id: str) -> str:
    return f"follower:{follower_id}"


_ROWS = Rows("rows")
# Who has unfollowed since is no news.
_RENEW = renewal(
    select(
        _ROWS.text(0),
        Follow.following_id,
        literal(NotificationType.NEW_FOLLOWER.value),
        _ROWS.text(3),
        literal(""),
        _ROWS.text(4),
        Follow.follower_id,
        Follow.follower_id,
        literal(1),
        _ROWS.text(5),
        _ROWS.text(6),
        NOW,
        NOW,
    )
    .select_from(_ROWS.table)
    .join(Follow, Follow.follower_id == _ROWS.text(2))
    .where(Follow.following_id == _ROWS.text(1))
)


def forget_follower(tx: Transaction, events: Sequence[UserUnfollowed]) -> None:
    """Who has not read of a follower need not read of one who is gone again."""
    lock_lists(tx, {event.unfollowed_id for event in events})
    rows = as_rows(
        {
            (event.unfollowed_id, _group_key(event.follower_id), event.follower_id)
            for event in events
        }
    )
    tell_updated(tx, tx.execute(_FORGET, {"pairs": rows}).scalars())


_PAIRS = Rows("pairs")
_GONE = (
    select(Notification.id)
    .select_from(_PAIRS.table)
    .join(
        Notification,
        and_(
            Notification.group_key == _PAIRS.text(1),
            Notification.user_id == _PAIRS.text(0),
            IS_UNREAD,
        ),
    )
    .outerjoin(
        Follow,
        and_(Follow.follower_id == _PAIRS.text(2), Follow.following_id == _PAIRS.text(0)),
    )
    .where(Follow.id.is_(None))
)
_FORGET = delete(Notification).where(Notification.id.in_(_GONE)).returning(Notification.user_id)
