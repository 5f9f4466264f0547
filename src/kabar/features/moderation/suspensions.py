"""Suspending users, for a time or without an end, and the list of who is suspended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.identity import Moderator
from kabar.features.accounts.models import User
from kabar.features.accounts.suspension import SUSPENDED, is_suspended, sign_out_everywhere
from kabar.features.chat.groups.lists import PERSON_COLUMNS, PersonRow, person_view
from kabar.features.chat.groups.schemas import require_ahead
from kabar.features.moderation.acts import note_act
from kabar.features.moderation.events import ModerationChanged
from kabar.features.moderation.models import Deed
from kabar.features.moderation.moderators import lock_below, require_moderator, staff
from kabar.features.moderation.schemas import SuspensionDraft, Suspensions, SuspensionView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

_STATE = select(User.suspended_at, User.suspended_until, User.suspended_for).where(
    User.id == bindparam("user")
)


class SuspendedCursor(TimeCursor, frozen=True, tag="suspended"):
    """A place in the list of who is suspended."""


def suspend(tx: Transaction, *, by: Moderator, user: str, draft: SuspensionDraft) -> str:
    """Sign somebody out everywhere and let them in no more; return their id."""
    user_id = lock_below(tx, by, user)
    require_ahead("until", draft.until, tx.now)
    since, until, reason = tx.execute(_STATE, {"user": user_id}).one()
    is_so = is_suspended(since, until, tx.now)
    if is_so and (until, reason) == (draft.until, draft.reason):
        return user_id
    _set(tx, user_id, since if is_so else tx.now, draft.until, draft.reason)
    sign_out_everywhere(tx, user_id)
    note_act(tx, by=by, deed=Deed.SUSPEND, user_id=user_id, note=draft.reason, until=draft.until)
    tx.emit(ModerationChanged(staff=staff(tx), about="suspensions"))
    return user_id


def lift_suspension(tx: Transaction, *, by: Moderator, user: str) -> None:
    """Let somebody sign in again, however often it is called."""
    user_id = lock_below(tx, by, user)
    since, until, _ = tx.execute(_STATE, {"user": user_id}).one()
    if since is None:
        return
    _set(tx, user_id, None, None, None)
    if is_suspended(since, until, tx.now):
        note_act(tx, by=by, deed=Deed.LIFT_SUSPENSION, user_id=user_id)
        tx.emit(ModerationChanged(staff=staff(tx), about="suspensions"))


def _set(
    tx: Transaction,
    user_id: str,
    since: datetime | None,
    until: datetime | None,
    reason: str | None,
) -> None:
    tx.execute(
        update(User)
        .where(User.id == user_id)
        .values(suspended_at=since, suspended_until=until, suspended_for=reason)
    )


class _Row(PersonRow, frozen=True):
    reason: str | None
    until: datetime | None
    suspended_at: datetime


def page_of_suspended(
    tx: Transaction, *, caller: Moderator, limit: int, after: SuspendedCursor | None
) -> Suspensions:
    """Return who is suspended now, the latest first."""
    require_moderator(tx, caller)
    statement = (
        select(
            *columns_of(
                _Row,
                **PERSON_COLUMNS,
                reason=User.suspended_for,
                until=User.suspended_until,
                suspended_at=User.suspended_at,
            )
        )
        .where(SUSPENDED)
        .order_by(User.suspended_at.desc(), User.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(User.suspended_at, User.id, after))  # type: ignore[arg-type]
    rows = [_Row(*row) for row in tx.execute(statement, {"now": tx.now})]
    last = rows[limit - 1] if len(rows) > limit else None
    return Suspensions(
        suspended=[
            SuspensionView(
                user=person_view(row),
                reason=row.reason,
                until=rfc3339_or_none(row.until),
                created_at=rfc3339(row.suspended_at),
            )
            for row in rows[:limit]
        ],
        next_cursor=write_cursor(SuspendedCursor.at(last.suspended_at, last.id)) if last else None,
    )
