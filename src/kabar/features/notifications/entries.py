"""Entries: putting entries into users' lists, and telling the users what has changed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.times import rfc3339
from kabar.features.notifications.events import NotificationCreated, NotificationsUpdated
from kabar.features.notifications.models import IS_UNREAD, Notification, NotificationType
from kabar.features.notifications.queries import counts_of
from kabar.features.notifications.schemas import ActorView, ToldNotification
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime

#: the columns that the SELECT of a `renewal` gives, in this order
COLUMNS = (
    "id",
    "user_id",
    "type",
    "title",
    "body",
    "link",
    "actor_id",
    "subject_id",
    "count",
    "data",
    "group_key",
    "created_at",
    "updated_at",
)
NOW: ColumnElement[datetime] = bindparam("now", type_=UtcTime())


class Notice(NamedTuple):
    """What is the same in the entries of all users who hear of one thing."""

    type: NotificationType
    title: str
    link: str
    actor: ActorView
    subject_id: str
    data: dict[str, Any]
    group_key: str


def renewal(entries: Select[*tuple[Any, ...]]) -> Mapping[bool, Any]:
    """Return the statement that writes `entries`, for PostgreSQL (True) and for SQLite (False).

    If the user has an entry with that group key, it is renewed: it keeps its date if it was
    unread, and begins anew if it was read or archived. So there is one for each group key.
    """
    statements: dict[bool, Any] = {}
    for is_postgresql, insert in ((True, postgresql.insert), (False, sqlite.insert)):
        statement = insert(Notification).from_select(COLUMNS, entries)
        new = statement.excluded
        statements[is_postgresql] = statement.on_conflict_do_update(
            index_elements=[Notification.group_key, Notification.user_id],
            set_={
                "title": new.title,
                "body": new.body,
                "link": new.link,
                "actor_id": new.actor_id,
                "subject_id": new.subject_id,
                "count": new.count,
                "data": new.data,
                "created_at": case((IS_UNREAD, Notification.created_at), else_=new.created_at),
                "updated_at": new.updated_at,
                "seen_at": None,
                "read_at": None,
                "archived_at": None,
            },
        ).returning(
            Notification.id,
            Notification.user_id,
            Notification.group_key,
            Notification.body,
            Notification.count,
            Notification.created_at,
        )
    return statements


def tell_renewed(
    tx: Transaction,
    statement: Mapping[bool, Any],
    wanted: Mapping[tuple[str, str], Notice],
    rows: str,
) -> None:
    """Run a `renewal`, and tell the users of the entries that they have now.

    `wanted` has the notice for each (user, group key); `rows` has the same for the statement.
    """
    renewed = tx.execute(statement[tx.is_postgresql], {"rows": rows, "now": tx.now}).all()
    if not renewed:
        return
    counts = counts_of(tx, {user_id for _, user_id, *_ in renewed})
    now = rfc3339(tx.now)
    for notification_id, user_id, group_key, body, count, created_at in renewed:
        notice = wanted[user_id, group_key]
        told = ToldNotification(
            id=notification_id,
            type=notice.type,
            title=notice.title,
            body=body,
            link=notice.link,
            actor=notice.actor,
            count=count,
            data=notice.data,
            created_at=now if created_at == tx.now else rfc3339(created_at),
            updated_at=now,
            seen_at=None,
            read_at=None,
            archived_at=None,
            unread_count=counts[user_id].unread_count,
            unseen_count=counts[user_id].unseen_count,
        )
        tx.emit(NotificationCreated(user_id=user_id, notification=told))


def tell_counts(tx: Transaction, user_ids: Iterable[str], *, socket_id: str | None = None) -> None:
    """Tell these users that something in their lists has changed, and the counts."""
    wanted = set(user_ids)
    if wanted:
        for user_id, counts in sorted(counts_of(tx, wanted).items()):
            tx.emit(NotificationsUpdated(user_id=user_id, counts=counts, socket_id=socket_id))
