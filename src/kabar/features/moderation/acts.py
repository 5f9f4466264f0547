"""Acts: what moderators did is noted, shown to admins, and forgotten after a year."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import aliased

from kabar.core.ids import new_id
from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.identity import Moderator
from kabar.features.accounts.models import User
from kabar.features.moderation.models import Deed, ModerationAct, Report
from kabar.features.moderation.moderators import require_admin
from kabar.features.moderation.schemas import Acts, ActView, NamedUser
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

KEEP = timedelta(days=366)
OPERATOR = "The operator"


class ActsCursor(TimeCursor, frozen=True, tag="acts"):
    """A place in the list of what moderators did."""


class Concerned(Protocol):
    """A report because of which something is done."""

    @property
    def id(self) -> str: ...
    @property
    def message_id(self) -> str | None: ...
    @property
    def room_id(self) -> str | None: ...


def note_act(
    tx: Transaction,
    *,
    by: Moderator | None,
    deed: Deed,
    user_id: str | None,
    note: str | None = None,
    until: datetime | None = None,
    about: Concerned | None = None,
) -> None:
    """Note what was done; `by` is None for who operates the server."""
    identity, key = by or (None, None)
    tx.execute(
        insert(ModerationAct).values(
            id=new_id(),
            deed=deed,
            by_id=identity and identity.user_id,
            # Who an application acts for stands beside it.
            by_name=key.name if key else None if identity else OPERATOR,
            user_id=user_id,
            note=note,
            until=until,
            room_id=about and about.room_id,
            message_id=about and about.message_id,
            report_id=about and about.id,
            created_at=tx.now,
        )
    )


def forget_acts(tx: Transaction) -> None:
    """Forget what was done long ago, and the reports that were settled then."""
    tx.execute(delete(ModerationAct).where(ModerationAct.created_at < tx.now - KEEP))
    tx.execute(delete(Report).where(Report.resolved_at < tx.now - KEEP))


class _Row(NamedRow, frozen=True):
    id: str
    deed: str
    by_id: str | None
    by_name: str | None
    moderator: str | None
    user_id: str | None
    name: str | None
    note: str | None
    until: datetime | None
    room_id: str | None
    message_id: str | None
    report_id: str | None
    created_at: datetime


_by = aliased(User)


def page_of_acts(
    tx: Transaction, *, caller: Moderator, limit: int, after: ActsCursor | None
) -> Acts:
    """Return what moderators did, the latest first: for admins."""
    require_admin(tx, caller)
    statement = (
        select(
            *columns_of(
                _Row,
                id=ModerationAct.id,
                deed=ModerationAct.deed,
                by_id=ModerationAct.by_id,
                by_name=ModerationAct.by_name,
                moderator=_by.name,
                user_id=ModerationAct.user_id,
                name=User.name,
                note=ModerationAct.note,
                until=ModerationAct.until,
                room_id=ModerationAct.room_id,
                message_id=ModerationAct.message_id,
                report_id=ModerationAct.report_id,
                created_at=ModerationAct.created_at,
            )
        )
        .select_from(ModerationAct)
        .outerjoin(_by, _by.id == ModerationAct.by_id)
        .outerjoin(User, User.id == ModerationAct.user_id)
        .order_by(ModerationAct.created_at.desc(), ModerationAct.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(ModerationAct.created_at, ModerationAct.id, after))
    rows = [_Row(*row) for row in tx.execute(statement)]
    last = rows[limit - 1] if len(rows) > limit else None
    return Acts(
        acts=[
            ActView(
                id=row.id,
                deed=Deed(row.deed),
                by=NamedUser(row.by_id, row.moderator or row.by_name or ""),
                through=row.by_name if row.by_id else None,
                user=NamedUser(row.user_id, row.name or "") if row.user_id else None,
                note=row.note,
                until=rfc3339_or_none(row.until),
                room_id=row.room_id,
                message_id=row.message_id,
                report_id=row.report_id,
                created_at=rfc3339(row.created_at),
            )
            for row in rows[:limit]
        ],
        next_cursor=write_cursor(ActsCursor.at(last.created_at, last.id)) if last else None,
    )
