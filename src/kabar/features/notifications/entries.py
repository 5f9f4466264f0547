"""Renewing: how an entry that is stored comes into a list, or up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case
from sqlalchemy.dialects import postgresql, sqlite

from kabar.features.notifications.events import NotificationCreated, NotificationsUpdated
from kabar.features.notifications.models import IS_UNREAD, Notification
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime

#: what the SELECT of a `renewal` gives, in this order
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


def renewal(entries: Select[*tuple[Any, ...]]) -> Mapping[bool, Any]:
    """Return the statement that puts `entries` into lists, for PostgreSQL (True) and SQLite.

    An entry of the same group is renewed: it goes on counting if it was unread, and begins anew
    if it was done with. So there is one for each group, and marking it unread is always possible.
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
        ).returning(Notification.id, Notification.user_id)
    return statements


def tell_renewed(tx: Transaction, statement: Mapping[bool, Any], rows: str) -> None:
    """Run a `renewal`; its owners hear what is in their lists now."""
    renewed = tx.execute(statement[tx.is_postgresql], {"rows": rows, "now": tx.now}).all()
    for row in renewed:
        tx.emit(NotificationCreated(user_id=row.user_id, notification_id=row.id))


def tell_updated(tx: Transaction, user_ids: Iterable[str], *, socket_id: str | None = None) -> None:
    """Let these users hear that something in their lists has changed."""
    for user_id in sorted(set(user_ids)):
        tx.emit(NotificationsUpdated(user_id=user_id, socket_id=socket_id))
