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
from kabar.infra.db.named_rows import NamedRow, columns_of

NOW: ColumnElement[datetime] = bindparam("now", type_=UtcTime())


class NewEntry(NamedRow, frozen=True):
    """What `select(*columns_of(NewEntry, …))` gives to a `renewal`."""

    id: str
    user_id: str
    type: str
    title: str
    body: str
    link: str
    actor_id: str
    subject_id: str
    count: int
    #: JSON
    data: str
    group_key: str
    created_at: datetime
    updated_at: datetime


class _RenewedRow(NamedRow, frozen=True):
    """What there is of an entry once it has come into a list."""

    id: str
    user_id: str
    group_key: str
    body: str
    count: int
    created_at: datetime


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
        statement = insert(Notification).from_select(NewEntry.__struct_fields__, entries)
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
            *columns_of(
                _RenewedRow,
                id=Notification.id,
                user_id=Notification.user_id,
                group_key=Notification.group_key,
                body=Notification.body,
                count=Notification.count,
                created_at=Notification.created_at,
            )
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
    found = tx.execute(statement[tx.is_postgresql], {"rows": rows, "now": tx.now})
    renewed = [_RenewedRow(*row) for row in found]
    if not renewed:
        return
    counts = counts_of(tx, {entry.user_id for entry in renewed})
    now = rfc3339(tx.now)
    for entry in renewed:
        notice = wanted[entry.user_id, entry.group_key]
        told = ToldNotification(
            id=entry.id,
            type=notice.type,
            title=notice.title,
            body=entry.body,
            link=notice.link,
            actor=notice.actor,
            count=entry.count,
            data=notice.data,
            created_at=now if entry.created_at == tx.now else rfc3339(entry.created_at),
            updated_at=now,
            seen_at=None,
            read_at=None,
            archived_at=None,
            unread_count=counts[entry.user_id].unread_count,
            unseen_count=counts[entry.user_id].unseen_count,
        )
        tx.emit(NotificationCreated(user_id=entry.user_id, notification=told))


def tell_counts(tx: Transaction, user_ids: Iterable[str], *, socket_id: str | None = None) -> None:
    """Tell these users that something in their lists has changed, and the counts."""
    wanted = set(user_ids)
    if wanted:
        for user_id, counts in sorted(counts_of(tx, wanted).items()):
            tx.emit(NotificationsUpdated(user_id=user_id, counts=counts, socket_id=socket_id))
