"""Suspension: who may not sign in or be acted for at this moment, judged by its time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select

from kabar.core.times import rfc3339_or_none
from kabar.features.accounts.errors import AccountSuspended
from kabar.features.accounts.events import UserSuspended
from kabar.features.accounts.models import AccessToken, Session, User
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime

_NOW: ColumnElement[Any] = bindparam("now", type_=UtcTime())
#: of a user; statements have the parameter `now`
SUSPENDED = and_(
    User.suspended_at.is_not(None), or_(User.suspended_until.is_(None), User.suspended_until > _NOW)
)
#: as a condition: it is NULL, not false, of who is suspended without an end
NOT_SUSPENDED = or_(User.suspended_at.is_(None), User.suspended_until <= _NOW)

_STATE = select(User.suspended_at, User.suspended_until, User.suspended_for).where(
    User.id == bindparam("user")
)


def require_not_suspended(tx: Transaction, user_id: str) -> None:
    """Raise if somebody is suspended now, and say until when and why."""
    row = tx.execute(_STATE, {"user": user_id}).first()
    if row is not None and is_suspended(row[0], row[1], tx.now):
        raise AccountSuspended(rfc3339_or_none(row[1]), row[2])


def is_suspended_now(tx: Transaction, user_id: str) -> bool:
    row = tx.execute(_STATE, {"user": user_id}).first()
    return row is not None and is_suspended(row[0], row[1], tx.now)


def is_suspended(since: datetime | None, until: datetime | None, now: datetime) -> bool:
    return since is not None and (until is None or until > now)


def sign_out_everywhere(tx: Transaction, user_id: str) -> None:
    """End what somebody who is suspended was signed in with, and what is open."""
    for table in (Session, AccessToken):
        tx.execute(delete(table).where(table.user_id == user_id))
    tx.emit(UserSuspended(user_id=user_id))
