"""Handlers: entries about new followers, made and removed as people follow and unfollow."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, delete, literal, select

from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.core.text import isolated
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.follows.models import Follow
from kabar.features.notifications.entries import (
    NOW,
    NewEntry,
    Notice,
    renewal,
    tell_counts,
    tell_renewed,
)
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import IS_UNREAD, Notification, NotificationType
from kabar.features.notifications.schemas import ActorView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows


def tell_followed(tx: Transaction, events: Sequence[UserFollowed]) -> None:
    """Give each followed user an entry about the new follower; the same one again renews it."""
    lock_lists(tx, {event.followed_id for event in events})
    wanted = {
        (event.followed_id, _group_key(event.follower_id)): _notice(event) for event in events
    }
    rows = as_rows(
        _WantedRow(
            id=new_id(),
            user_id=user_id,
            follower_id=notice.subject_id,
            title=notice.title,
            link=notice.link,
            data=encode_json(notice.data).decode(),
            group_key=group_key,
        )
        for (user_id, group_key), notice in wanted.items()
    )
    tell_renewed(tx, _RENEW, wanted, rows)


def _group_key(follower_id: str) -> str:
    return f"follower:{follower_id}"


def _notice(event: UserFollowed) -> Notice:
    return Notice(
        type=NotificationType.NEW_FOLLOWER,
        title=f"{isolated(event.follower_name)} started following you",
        link=f"/people/{event.follower_username}",
        actor=ActorView(
            id=event.follower_id,
            username=event.follower_username,
            name=event.follower_name,
            avatar=event.follower_avatar,
        ),
        subject_id=event.follower_id,
        data={"userId": event.follower_id, "username": event.follower_username},
        group_key=_group_key(event.follower_id),
    )


class _WantedRow(NamedRow, frozen=True):
    """An entry that somebody is to have, unless it has become needless meanwhile."""

    id: str
    user_id: str
    follower_id: str
    title: str
    link: str
    data: str
    group_key: str


_ROWS = Rows("rows", of=_WantedRow)
# The join leaves out followers who have unfollowed since.
_RENEW = renewal(
    select(
        *columns_of(
            NewEntry,
            id=_ROWS.text("id"),
            user_id=Follow.following_id,
            type=literal(NotificationType.NEW_FOLLOWER.value),
            title=_ROWS.text("title"),
            body=literal(""),
            link=_ROWS.text("link"),
            actor_id=Follow.follower_id,
            subject_id=Follow.follower_id,
            count=literal(1),
            data=_ROWS.text("data"),
            group_key=_ROWS.text("group_key"),
            created_at=NOW,
            updated_at=NOW,
        )
    )
    .select_from(_ROWS.table)
    .join(Follow, Follow.follower_id == _ROWS.text("follower_id"))
    .where(Follow.following_id == _ROWS.text("user_id"))
)


def forget_follower(tx: Transaction, events: Sequence[UserUnfollowed]) -> None:
    """Remove the unread entries about followers who have unfollowed again."""
    lock_lists(tx, {event.unfollowed_id for event in events})
    rows = as_rows(
        {
            (event.unfollowed_id, _group_key(event.follower_id), event.follower_id)
            for event in events
        }
    )
    tell_counts(tx, tx.execute(_FORGET, {"pairs": rows}).scalars())


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
