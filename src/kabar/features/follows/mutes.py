"""Muting: being told nothing of somebody, for a time or until it is taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.core.times import rfc3339_or_none
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.errors import CannotMuteSelf, TooManyMuted
from kabar.features.follows.events import UserMuted, UserUnmuted
from kabar.features.follows.follows import lock_users
from kabar.features.follows.models import Mute
from kabar.features.follows.people import PERSON_COLUMNS, PersonRow, person_fields
from kabar.features.follows.quiet import lasts
from kabar.features.follows.schemas import MutedPeople, MutedPersonView, MuteState
from kabar.features.follows.walls import BLOCKED_BY, blocks
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

#: by one person
MOST_MUTED = 10_000

_THIS_ONE = (Mute.muter_id == bindparam("muter"), Mute.muted_id == bindparam("muted"))
_UNTIL = select(Mute.until).where(*_THIS_ONE)
_UNMUTE = delete(Mute).where(*_THIS_ONE).returning(Mute.id)
_FORGET_ENDED = delete(Mute).where(Mute.muter_id == bindparam("muter"), ~lasts(Mute))
_HOW_MANY = select(func.count()).where(Mute.muter_id == bindparam("muter"))


def mute(
    tx: Transaction, *, caller: Identity, user: str, until: datetime | None, socket_id: str | None
) -> str:
    """Mute a user, whose id is returned, until then; a mute that there is ends then instead."""
    muted_id = _lock_both(tx, caller, user)
    tx.execute(_FORGET_ENDED, {"muter": caller.user_id})
    pair = {"muter": caller.user_id, "muted": muted_id}
    known = tx.execute(_UNTIL, pair).one_or_none()
    if known is not None and known.until == until:
        return muted_id
    if known is not None:
        tx.execute(update(Mute).where(*_THIS_ONE).values(until=until), pair)
    else:
        if tx.execute(_HOW_MANY, {"muter": caller.user_id}).scalar_one() >= MOST_MUTED:
            raise TooManyMuted
        insert = postgresql.insert if tx.is_postgresql else sqlite.insert
        row = {"muter_id": caller.user_id, "muted_id": muted_id}
        tx.execute(insert(Mute).values(id=new_id(), until=until, created_at=tx.now, **row))
    tx.emit(
        UserMuted(
            muter_id=caller.user_id,
            muted_id=muted_id,
            until=rfc3339_or_none(until),
            except_socket=socket_id,
        )
    )
    return muted_id


def unmute(tx: Transaction, *, caller: Identity, user: str, socket_id: str | None) -> str:
    """No longer mute a user, whose id is returned; nothing happens if one does not."""
    muted_id = _lock_both(tx, caller, user)
    if tx.execute(_UNMUTE, {"muter": caller.user_id, "muted": muted_id}).first() is not None:
        tx.emit(UserUnmuted(muter_id=caller.user_id, muted_id=muted_id, except_socket=socket_id))
    return muted_id


def mute_state(tx: Transaction, muter_id: str, muted_id: str) -> MuteState:
    """Say whether one mutes the other now, and until when."""
    pair = {"muter": muter_id, "muted": muted_id}
    row = tx.execute(_UNTIL.where(lasts(Mute)), pair).one_or_none()
    return MuteState(row is not None, rfc3339_or_none(row.until) if row else None)


def _lock_both(tx: Transaction, caller: Identity, user: str) -> str:
    muted_id = require_user_id(tx, user)
    if muted_id == caller.user_id:
        raise CannotMuteSelf
    if len(lock_users(tx, [caller.user_id, muted_id])) < 2 or blocks(tx, muted_id, caller.user_id):
        raise UserNotFound
    return muted_id


class MutedCursor(TimeCursor, frozen=True, tag="muted"):
    """A place in the list of whom one mutes."""


class _MutedRow(PersonRow, frozen=True):
    muted_until: datetime | None
    muted_at: datetime
    mute_id: str


_MUTED = (
    select(
        *columns_of(
            _MutedRow,
            **PERSON_COLUMNS,
            muted_until=Mute.until,
            muted_at=Mute.created_at,
            mute_id=Mute.id,
        )
    )
    .join(Mute, Mute.muted_id == User.id)
    # Who blocks the caller is nobody to them, here too.
    .where(Mute.muter_id == bindparam("caller"), lasts(Mute), ~BLOCKED_BY)
)
_TOTAL = (
    select(func.count())
    .join_from(Mute, User, User.id == Mute.muted_id)
    .where(Mute.muter_id == bindparam("caller"), lasts(Mute), ~BLOCKED_BY)
)


def page_of_muted(
    tx: Transaction, *, caller_id: str, limit: int, after: MutedCursor | None
) -> MutedPeople:
    """Return whom the caller mutes, newest first."""
    statement = _MUTED.order_by(Mute.created_at.desc(), Mute.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(older_than(Mute.created_at, Mute.id, after))
    rows = [_MutedRow(*row) for row in tx.execute(statement, {"caller": caller_id})]
    total: int = tx.execute(_TOTAL, {"caller": caller_id}).scalar_one()
    last = rows[limit - 1] if len(rows) > limit else None
    return MutedPeople(
        users=[
            MutedPersonView(**person_fields(row), muted_until=rfc3339_or_none(row.muted_until))
            for row in rows[:limit]
        ],
        total=total,
        next_cursor=write_cursor(MutedCursor.at(last.muted_at, last.mute_id)) if last else None,
    )
