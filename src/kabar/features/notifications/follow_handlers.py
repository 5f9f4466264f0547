"""What notifications do because of who follows whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import and_, bindparam, delete, literal, select, update

from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.features.follows.events import (
    UserBlocked,
    UserFollowed,
    UserMuted,
    UserUnfollowed,
    UserUnmuted,
)
from kabar.features.follows.models import Follow
from kabar.features.notifications.entries import (
    NOW,
    NewEntry,
    renewal,
    tell_renewed,
    tell_updated,
)
from kabar.features.notifications.follower_entries import follower_title
from kabar.features.notifications.locks import lock_lists
from kabar.features.notifications.models import IS_UNREAD, Notification, NotificationType
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows

#: who follows, unfollows and follows again within this time is told of once
NEWS_AGAIN_AFTER = timedelta(days=1)


def tell_followed(tx: Transaction, events: Sequence[UserFollowed]) -> None:
    """Who has a new follower has an entry about them; the same one again, later, renews it."""
    lock_lists(tx, {event.followed_id for event in events})
    newest = {
        (event.followed_id, event.follower_id): event for event in events if not event.is_quiet
    }
    known = _bring_back(tx, newest)
    rows = as_rows(
        _WantedRow(
            id=new_id(),
            user_id=event.followed_id,
            follower_id=event.follower_id,
            title=follower_title(event.follower_name),
            link=f"/people/{event.follower_username}",
            data=_data(event),
            group_key=group_of_follower(event.follower_id),
        )
        for pair, event in newest.items()
        if pair not in known
    )
    tell_renewed(tx, _RENEW, rows)


def _bring_back(tx: Transaction, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those told of lately; an entry put away since is back in its list, silently."""
    rows = as_rows(
        (followed, group_of_follower(follower), follower) for followed, follower in pairs
    )
    since = tx.now - NEWS_AGAIN_AFTER
    lately = tx.execute(_LATELY, {"pairs": rows, "since": since}).all()
    put_away = [(row.id,) for row in lately if row.is_put_away]
    if put_away:
        tell_updated(tx, tx.execute(_BRING_BACK, {"ids": as_rows(put_away)}).scalars())
    return {(row.user_id, row.subject_id) for row in lately}


def _data(event: UserFollowed) -> str:
    follower = {"userId": event.follower_id, "username": event.follower_username}
    return encode_json(follower).decode()


def group_of_follower(follower_id: str) -> str:
    """Return the group of the entry that says that they began to follow somebody."""
    return f"follower:{follower_id}"


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
# Who has unfollowed since is no news.
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


def put_away_follower(tx: Transaction, events: Sequence[UserUnfollowed]) -> None:
    """Who has not read of a follower need not read of one who is gone again: it is archived."""
    lock_lists(tx, {event.unfollowed_id for event in events})
    rows = as_rows(
        {
            (event.unfollowed_id, group_of_follower(event.follower_id), event.follower_id)
            for event in events
        }
    )
    tell_updated(tx, tx.execute(_PUT_AWAY, {"pairs": rows, "now": tx.now}).scalars())


def forget_each_other(tx: Transaction, events: Sequence[UserBlocked]) -> None:
    """Who blocks somebody reads nothing more of them, nor they of who blocks them."""
    pairs = {(event.blocker_id, event.blocked_id) for event in events}
    pairs |= {(blocked, blocker) for blocker, blocked in pairs}
    lock_lists(tx, {owner for owner, _ in pairs})
    rows = as_rows((owner, group_of_follower(follower)) for owner, follower in pairs)
    tell_updated(
        tx,
        [
            *tx.execute(_FORGET, {"pairs": rows}).scalars(),
            # Entries of rooms follow from what is folded away.
            *(event.blocker_id for event in events),
        ],
    )


def tell_muter(tx: Transaction, events: Sequence[UserMuted | UserUnmuted]) -> None:
    """Entries of rooms follow from whom somebody mutes."""
    tell_updated(tx, {event.muter_id for event in events})


#: followed, group of the entry, follower
_PAIRS = Rows("pairs")
_ENTRY_OF_PAIR = and_(
    Notification.group_key == _PAIRS.text(1), Notification.user_id == _PAIRS.text(0)
)
_FOLLOW_OF_PAIR = and_(Follow.follower_id == _PAIRS.text(2), Follow.following_id == _PAIRS.text(0))
_GONE = (
    select(Notification.id)
    .select_from(_PAIRS.table)
    .join(Notification, and_(_ENTRY_OF_PAIR, IS_UNREAD))
    .outerjoin(Follow, _FOLLOW_OF_PAIR)
    .where(Follow.id.is_(None))
)
_ABOUT_EACH_OTHER = select(Notification.id).join_from(_PAIRS.table, Notification, _ENTRY_OF_PAIR)
_FORGET = (
    delete(Notification)
    .where(Notification.id.in_(_ABOUT_EACH_OTHER))
    .returning(Notification.user_id)
)
_PUT_AWAY = (
    update(Notification)
    .where(Notification.id.in_(_GONE))
    .values(archived_at=NOW)
    .returning(Notification.user_id)
)

# As for a renewal, who has unfollowed since is no news.
_LATELY = (
    select(
        Notification.id,
        Notification.user_id,
        Notification.subject_id,
        and_(Notification.archived_at.is_not(None), Notification.read_at.is_(None)).label(
            "is_put_away"
        ),
    )
    .select_from(_PAIRS.table)
    .join(
        Notification,
        and_(_ENTRY_OF_PAIR, Notification.updated_at > bindparam("since", type_=UtcTime())),
    )
    .join(Follow, _FOLLOW_OF_PAIR)
)
_IDS = Rows("ids")
_BRING_BACK = (
    update(Notification)
    .where(Notification.id.in_(select(_IDS.text(0)).select_from(_IDS.table)))
    .values(archived_at=None)
    .returning(Notification.user_id)
)
